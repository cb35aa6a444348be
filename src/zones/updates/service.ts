import type { Clock } from '../../core/clock.ts';
import { AppError, isPassing } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { inSlices } from '../../core/slices.ts';
import { decodeMessage } from '../../dns/message/message.ts';
import { typeName } from '../../dns/rdata/registry.ts';
import type { UpdateQuestion } from '../../dns/server/questions.ts';
import { Type } from '../../dns/type-codes.ts';
import { Class, Rcode, rcodeName } from '../../dns/wire/codes.ts';
import { FormErr } from '../../dns/wire/form-error.ts';
import { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Publisher, ZoneChange } from '../publisher/publisher.ts';
import type { EditTools } from '../records/edit.ts';
import { secondaryRows, type UpdateGrant } from '../secondaries/store.ts';
import type { Store } from '../store.ts';
import { applyUpdates, type UpdateEffect } from './apply.ts';
import { isGranted } from './grants.ts';
import { ANY, prescan, readUpdate, type UpdateMessage, UpdateRefused } from './message.ts';
import { checkPrerequisites } from './prerequisites.ts';

/** Records that one audit entry names; the versions of the zone have them all. */
const AUDITED = 100;

export interface UpdateOptions extends EditTools {
  store: Store;
  publisher: Publisher;
  clock: Clock;
  log: Log;
}

/** Dynamic updates (RFC 2136) by who has a key that allows them. Resolves with the RCODE; does not reject. */
export interface Updates {
  /** The signature was checked. When NOERROR comes, what was asked for is signed and served. */
  update(question: UpdateQuestion): Promise<number>;
}

export function createUpdates(options: UpdateOptions): Updates {
  const { store, publisher, clock, log } = options;

  const run = async (message: UpdateMessage, key: Name, client: string): Promise<void> => {
    const zone = store.read.zone(message.zone);
    if (!zone?.active)
      throw new UpdateRefused(Rcode.NOTAUTH, `${message.zone.toText()} is no zone of the box`);
    const grants = store.read.rows(secondaryRows).key(key)?.update ?? [];
    // Before the prerequisites (§3.2), which would tell what is in the zone.
    if (!grants.some((grant) => grant.zone.equals(zone.name)))
      throw new UpdateRefused(Rcode.REFUSED, 'the key opens nothing in this zone');
    const actor: Actor = {
      kind: 'token',
      id: `tsig:${key.toText()}`,
      name: `TSIG key ${key.toText()}`,
      address: client,
    };
    await publisher.change({ actor, cause: `update by ${actor.name}` }, (change) =>
      apply(change, message, grants),
    );
  };
  const apply = async (
    change: ZoneChange,
    message: UpdateMessage,
    grants: readonly UpdateGrant[],
  ): Promise<void> => {
    const zone = change.tx.zone(message.zone);
    const view = zone?.active ? publisher.view(zone.name) : undefined;
    if (!zone || !view) throw new UpdateRefused(Rcode.SERVFAIL, 'the zone is not served');
    // RFC 2136 §3: in this order.
    await inSlices(checkPrerequisites(message, view), clock);
    prescan(message);
    checkGrants(message, grants);
    const effect = await inSlices(applyUpdates(change, options, zone, view, message.updates), clock);
    if (effect.added.length + effect.removed.length === 0) return;
    change.audit('record.update', zone.name.toText(), detailOf(effect));
    change.touch(zone.name, { owners: [] });
  };

  return {
    async update({ message: octets, key, client }) {
      try {
        await run(readUpdate(decodeMessage(octets)), Name.parse(key), client);
        return Rcode.NOERROR;
      } catch (error) {
        const rcode = rcodeOf(error);
        const said = { key, client, rcode: rcodeName(rcode), reason: (error as Error).message };
        if (rcode === Rcode.SERVFAIL) log.error({ ...said, err: error }, 'an update failed');
        else log.info(said, 'an update was not made');
        return rcode;
      }
    },
  };
}

/** What says which names there are: RFC 3007 §3.1.1 has NXT, which NSEC and NSEC3 came after. */
const DENIALS: ReadonlySet<number> = new Set([Type.NXT, Type.NSEC, Type.NSEC3]);

/** RFC 2136 §3.3: after the prerequisites. @throws UpdateRefused */
function checkGrants({ zone, updates }: UpdateMessage, grants: readonly UpdateGrant[]): void {
  for (const { owner, type, class: rrClass } of updates) {
    if (DENIALS.has(type))
      throw new UpdateRefused(Rcode.REFUSED, `${typeName(type)} records are not for updates to change`);
    const isAll = rrClass === Class.ANY && type === ANY;
    if (!isGranted(grants, zone, owner, isAll ? undefined : type))
      throw new UpdateRefused(Rcode.REFUSED, `the key does not open ${owner.toText()} for this`);
  }
}

function rcodeOf(error: unknown): number {
  if (error instanceof UpdateRefused) return error.rcode;
  if (error instanceof FormErr) return Rcode.FORMERR;
  // What may not stand in the zone: a matter of our policy (§3.3).
  const isRefusal = error instanceof AppError && !isPassing(error) && refusals.has(error.code);
  return isRefusal ? Rcode.REFUSED : Rcode.SERVFAIL;
}

const refusals: ReadonlySet<string> = new Set([
  'invalid-name',
  'invalid-record',
  'record-conflict',
  'outside-zone',
]);

function detailOf({ added, removed }: UpdateEffect): Record<string, unknown> {
  return {
    source: 'update',
    count: added.length + removed.length,
    added: added.slice(0, AUDITED),
    removed: removed
      .slice(0, AUDITED)
      .map(({ owner, type, value }) => ({ owner: owner.toText(), type, value })),
  };
}
