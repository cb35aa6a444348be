import { AppError, type FieldError } from '../../core/errors.ts';
import { typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { above, hasAddress } from '../custom/context.ts';
import { isCut } from '../custom/placement.ts';
import type { CustomRecord, Domain } from '../model.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { recordContext } from '../records/context.ts';
import type { Reads, ZoneRow } from '../store.ts';
import { zoneOf } from '../topology.ts';

/** Records of those that stand in the way which are named. */
const MAX_NAMED = 100;

/**
 * Carries out a change of a domain that leaves the person's records in the zone whole: none would be left out of it, and none
 * would lead to a name without an address.
 * @throws AppError record-conflict or in-use
 */
export function keepingRecords(
  change: ZoneChange,
  sources: RecordSources,
  domain: Name,
  update: () => void,
): void {
  const { tx } = change;
  const zone = zoneOf(tx, domain);
  const row = zone && tx.zone(zone);
  if (!row?.active) {
    update();
    return;
  }
  const before = tx.domain(domain);
  const leading = hosts(change, sources, row, domain);
  update();
  const after = tx.domain(domain);
  if (after && takesMore(before, after)) checkRoom(tx, row.name, after);
  checkHosts(change, sources, row, leading);
}

/** Whether the domain wants a place that it did not have. */
function takesMore(before: Domain | undefined, after: Domain): boolean {
  if (after.dns !== 'local') return false;
  return before?.dns !== 'local' || (after.mail && !before.mail);
}

function checkRoom(reads: Reads, zone: Name, { name, mail }: Domain): void {
  const text = name.toText();
  const hiding = [name, ...above(name, zone)]
    .flatMap((owner) => reads.recordsAt(owner))
    .find((record) => isCut(record.type));
  if (hiding) {
    const what = `${typeName(hiding.type)} record at ${hiding.owner.toText()}`;
    refuse(`Your ${what} leads ${text} away from the box; remove that record first.`);
  }
  if (mail && reads.recordsAt(name).some((record) => record.type === Type.CNAME))
    refuse(
      `${text} has a CNAME record of yours in the zone ${zone.toText()}, and no mail domain can stand there; remove the record first, or leave the domain without mail.`,
    );
}

function refuse(message: string): never {
  throw new AppError('record-conflict', message, { errors: [{ path: 'name', message }] });
}

/** The hosts at or below the domain that have an address now, and that a record, or the NS of all zones, leads to. */
function hosts(change: ZoneChange, sources: RecordSources, zone: ZoneRow, domain: Name): Name[] {
  const { tx } = change;
  const box = change.box();
  const targets = [
    ...tx.targetsBelow(domain, zone.name),
    ...box.secondaries.filter((name) => name.isAtOrBelow(domain)),
  ];
  const context = recordContext(tx, sources, box, zone);
  return targets.filter((target) => hasAddress(context, target));
}

/** @throws AppError in-use */
function checkHosts(
  change: ZoneChange,
  sources: RecordSources,
  { name }: ZoneRow,
  before: readonly Name[],
): void {
  const { tx } = change;
  const box = change.box();
  const zone = tx.zone(name);
  if (!zone?.active || before.length === 0) return;
  const context = recordContext(tx, sources, box, zone);
  const messages = new Set<string>();
  for (const host of before) {
    if (hasAddress(context, host)) continue;
    for (const record of tx.recordsTo(host, name, MAX_NAMED)) messages.add(stranded(record, host));
    if (box.secondaries.some((secondary) => secondary.equals(host))) messages.add(stranded(undefined, host));
    if (messages.size >= MAX_NAMED) break;
  }
  const errors: FieldError[] = [...messages].map((message) => ({ path: 'name', message }));
  if (errors.length > 0) throw new AppError('in-use', errors[0]!.message, { errors });
}

function stranded(record: CustomRecord | undefined, target: Name): string {
  const what = record
    ? `Your ${typeName(record.type)} record of ${record.owner.toText()} leads`
    : 'The NS records of every zone lead';
  return `${what} to ${target.toText()}, which would have no address left; change that first.`;
}
