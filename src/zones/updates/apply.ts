import type { Steps } from '../../core/slices.ts';
import type { MessageRecord } from '../../dns/message/message.ts';
import { printRdata, typeName } from '../../dns/rdata/registry.ts';
import { CLASS_IN } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import { Class, Rcode } from '../../dns/wire/codes.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import { resolveCustom } from '../custom/resolve.ts';
import type { RecordRequest } from '../custom/validate.ts';
import type { Box, CustomRecord } from '../model.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import { isMachinery } from '../publisher/node-records.ts';
import { createRecordEditor, type EditTools } from '../records/edit.ts';
import type { ZoneRow } from '../store.ts';
import { ANY, UpdateRefused } from './message.ts';
import { rdataKey } from './prerequisites.ts';

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
  const effect: UpdateEffect = { added: [], removed: [] };
  const box = change.box();
  let derived = false;
  for (const update of updates) {
    const there = change.tx.recordsAt(update.owner);
    if (update.class === CLASS_IN) {
      const replaced = replacedBy(update, there);
      if (!replaced) continue;
      const request = requestOf(update);
      yield* editor.remove(replaced);
      yield* editor.add([request]);
      effect.removed.push(...replaced);
      effect.added.push(request);
    } else {
      const gone = there.filter((record) => isDeleted(update, record, box));
      if (gone.length === 0) derived ||= isDerived(update, view, zone);
      yield* editor.remove(gone);
      effect.removed.push(...gone);
    }
    yield;
  }
  yield* editor.finish();
  if (derived && effect.added.length + effect.removed.length === 0)
    throw new UpdateRefused(Rcode.REFUSED, 'what was to be deleted is made by the box, and stays');
  return effect;
}

/**
 * RFC 2136 §3.4.2.2: a CNAME that would stand beside other records is ignored, and so is what would stand beside a CNAME; another CNAME takes the
 * place of the one that is there.
 * @returns undefined: ignored
 */
function replacedBy(
  { type, rdata }: MessageRecord,
  there: readonly CustomRecord[],
): CustomRecord[] | undefined {
  const aliases = there.filter((record) => record.type === Type.CNAME);
  if (type !== Type.CNAME) return aliases.length > 0 ? undefined : [];
  if (there.length > aliases.length) return undefined;
  const value = printRdata(type, rdata);
  return aliases.filter((alias) => alias.value !== value);
}

function requestOf({ owner, type, ttl, rdata }: MessageRecord): RecordRequest {
  return { owner: owner.toText(), type: typeName(type), ttl, value: printRdata(type, rdata) };
}

/** RFC 2136 §3.4.2.3, §3.4.2.4: all of a name, an RRset, or one record. */
function isDeleted({ type, class: rrClass, rdata }: MessageRecord, record: CustomRecord, box: Box): boolean {
  if (rrClass === Class.ANY) return type === ANY || record.type === type;
  const key = rdataKey(type, rdata);
  return record.type === type && resolveCustom(record, box).some((one) => rdataKey(type, one) === key);
}

/** Whether what is to be deleted is there, though it is no record of a person's. SOA and NS at the apex are not meant (§3.4.2.3). */
function isDerived(
  { owner, type, class: rrClass, rdata }: MessageRecord,
  view: ZoneView,
  zone: ZoneRow,
): boolean {
  const isApex = owner.equals(zone.name);
  const found = view.node(owner)?.rrsets.some((rrset) => {
    if (isMachinery(rrset.type)) return false;
    if (isApex && (rrset.type === Type.SOA || rrset.type === Type.NS)) return false;
    if (rrClass === Class.ANY) return type === ANY || rrset.type === type;
    const key = rdataKey(type, rdata);
    return rrset.type === type && rrset.rdatas.some((one) => rdataKey(type, one) === key);
  });
  return found ?? false;
}
