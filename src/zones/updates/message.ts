import { CLASS_IN } from '../../dns/rr.ts';
import type { Message, MessageRecord } from '../../dns/message/message.ts';
import { Type } from '../../dns/type-codes.ts';
import { Class, Rcode } from '../../dns/wire/codes.ts';
import type { Name } from '../../dns/wire/name.ts';

/** An UPDATE as it was asked for (RFC 2136 §2): its sections have other names than those of a query. */
export interface UpdateMessage {
  zone: Name;
  prerequisites: readonly MessageRecord[];
  updates: readonly MessageRecord[];
}

/** An RCODE that an update ends with. */
export class UpdateRefused extends Error {
  readonly rcode: number;

  constructor(rcode: number, message: string) {
    super(message);
    this.rcode = rcode;
  }
}

/** The zone section (RFC 2136 §2.3, §3.1.1). @throws UpdateRefused */
export function readUpdate({ questions, answers, authorities }: Message): UpdateMessage {
  const [zone, ...more] = questions;
  if (!zone || more.length > 0 || zone.type !== Type.SOA)
    throw new UpdateRefused(Rcode.FORMERR, 'the zone section names one zone, by its SOA');
  if (zone.class !== CLASS_IN) throw new UpdateRefused(Rcode.NOTAUTH, 'the zone is of another class');
  return { zone: zone.name, prerequisites: answers, updates: authorities };
}

/** What is no type of a record: RFC 6895 §3.1 has the query and meta types at 128 to 255, and OPT. */
function isMetaType(type: number): boolean {
  return type === Type.OPT || (type >= 128 && type <= 255);
}

/** RFC 2136 §3.4.1: every record of the update section, before anything changes. @throws UpdateRefused */
export function prescan({ zone, updates }: UpdateMessage): void {
  for (const { owner, type, class: rrClass, ttl, rdata } of updates) {
    // §3.4.1.3, pseudocode.
    if (!owner.isAtOrBelow(zone)) throw new UpdateRefused(Rcode.NOTZONE, 'a record is not in the zone');
    const isRight =
      rrClass === CLASS_IN
        ? !isMetaType(type)
        : rrClass === Class.ANY
          ? ttl === 0 && rdata.length === 0 && (type === ANY || !isMetaType(type))
          : rrClass === Class.NONE && ttl === 0 && !isMetaType(type);
    if (!isRight)
      throw new UpdateRefused(Rcode.FORMERR, 'a record of the update section is not as it must be');
  }
}

/** QTYPE `*`. */
export const ANY = 255;
