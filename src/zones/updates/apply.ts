import type { Steps } from '../../core/slices.ts';
import type { MessageRecord } from '../../dns/message/message.ts';
import { fromWire, printRdata, typeName } from '../../dns/rdata/registry.ts';
import { soa } from '../../dns/rdata/soa.ts';
import { CLASS_IN } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import { Class, Rcode } from '../../dns/wire/codes.ts';
import { isLaterSerial } from '../../dns/wire/serial.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { OwnerRecords } from '../custom/owner-records.ts';
import { readCustom } from '../custom/resolve.ts';
import type { RecordRequest } from '../custom/validate.ts';
import type { CustomRecord } from '../model.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import { isMachinery } from '../publisher/node-records.ts';
import { createRecordEditor, type EditTools } from '../records/edit.ts';
import type { ZoneRow } from '../store.ts';
import { ANY, UpdateRefused } from './message.ts';
import { ServedRRsets } from './served-rrsets.ts';

/** What an update does to the person's records, in words of the API. */
export interface UpdateEffect {
  added: RecordRequest[];
  removed: CustomRecord[];
}

/**
 * Makes the changes of the update section, one after the other (RFC 2136 §3.4.2). What it changes are a person's records: the same rules hold as for
 * those that come through the API. What the box derives stays; an update that would do nothing but delete that is refused.
 * @throws UpdateRefused; AppError for what may not stand in the zone
 */
export function* applyUpdates(
  change: ZoneChange,
  tools: EditTools,
  zone: ZoneRow,
  view: ZoneView,
  updates: readonly MessageRecord[],
): Steps<UpdateEffect> {
  const editor = createRecordEditor(change, tools, zone);
  const served = new ServedRRsets(view);
  const effect: UpdateEffect = { added: [], removed: [] };
  /** Deletions of what no person has put there. */
  const missed: MessageRecord[] = [];
  for (const update of updates) {
    const there = editor.at(update.owner);
    if (update.class === CLASS_IN) {
      const replaced = replacedBy(update, there, served);
      if (!replaced) continue;
      const request = requestOf(update);
      yield* editor.remove(replaced);
      editor.add(request);
      effect.removed.push(...replaced);
      effect.added.push(request);
    } else {
      const gone = deletedBy(update, there);
      if (gone.length === 0) missed.push(update);
      yield* editor.remove(gone);
      effect.removed.push(...gone);
    }
    yield;
  }
  yield* editor.finish();
  if (effect.added.length + effect.removed.length === 0 && (yield* isAnyDerived(missed, served, zone)))
    throw new UpdateRefused(Rcode.REFUSED, 'what was to be deleted is made by the box, and stays');
  return effect;
}

/**
 * RFC 2136 §3.4.2.2: a CNAME that would stand beside other records is ignored, and so is what would stand beside a CNAME; another CNAME takes the
 * place of the one that is there, another DNAME, too (RFC 6672 §5.2), and another WKS that of the same address and protocol. An SOA counts only when it is later than that of the zone.
 * @returns undefined: ignored
 */
function replacedBy(
  { owner, type, rdata }: MessageRecord,
  there: OwnerRecords,
  served: ServedRRsets,
): CustomRecord[] | undefined {
  const aliases = there.rrset(Type.CNAME);
  if (type === Type.SOA && !isLater(rdata, served.first(owner, Type.SOA))) return undefined;
  if (type !== Type.CNAME && aliases) return undefined;
  if (type === Type.CNAME && there.count > (aliases?.count ?? 0)) return undefined;
  if (type !== Type.CNAME && type !== Type.DNAME && type !== Type.WKS) return [];
  const value = printRdata(type, rdata);
  const others =
    there
      .rrset(type)
      ?.all()
      .filter((record) => record.value !== value) ?? [];
  return type === Type.WKS ? others.filter((record) => isSameWks(readCustom(record)[0], rdata)) : others;
}

function isLater(rdata: Uint8Array, before: Uint8Array | undefined): boolean {
  return before !== undefined && isLaterSerial(fromWire(soa, rdata).serial, fromWire(soa, before).serial);
}

/** RFC 2136 §1.1.5: by address and protocol, the first five octets (RFC 1035 §3.4.2). */
function isSameWks(before: Uint8Array | undefined, rdata: Uint8Array): boolean {
  return before !== undefined && Buffer.compare(before.subarray(0, 5), rdata.subarray(0, 5)) === 0;
}

function requestOf({ owner, type, ttl, rdata }: MessageRecord): RecordRequest {
  return { owner: owner.toText(), type: typeName(type), ttl, value: printRdata(type, rdata) };
}

/** RFC 2136 §3.4.2.3, §3.4.2.4: all of a name, an RRset, or one record. */
function deletedBy(
  { type, class: rrClass, rdata }: MessageRecord,
  there: OwnerRecords,
): readonly CustomRecord[] {
  if (rrClass !== Class.ANY) return [...(there.rrset(type)?.standingFor(rdata) ?? [])];
  // NXT is not for updates to change (RFC 3007 §3.1.1).
  const types = type === ANY ? there.types().filter((one) => one !== Type.NXT) : [type];
  return types.flatMap((one) => there.rrset(one)?.all() ?? []);
}

/**
 * Whether any of what is to be deleted is there, though no record of a person's is. SOA and NS at the apex are not meant (§3.4.2.3).
 */
function* isAnyDerived(
  deletions: readonly MessageRecord[],
  served: ServedRRsets,
  zone: ZoneRow,
): Steps<boolean> {
  for (const { owner, type, class: rrClass, rdata } of deletions) {
    const isApex = owner.equals(zone.name);
    const isMeant = (one: number): boolean =>
      !isMachinery(one) && !(isApex && (one === Type.SOA || one === Type.NS));
    const types = served.types(owner).filter(isMeant);
    const isThere =
      type === ANY
        ? types.length > 0
        : types.includes(type) && (rrClass === Class.ANY || served.has(owner, type, rdata));
    if (isThere) return true;
    yield;
  }
  return false;
}
