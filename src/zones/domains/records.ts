import { printRdata, typeName } from '../../dns/rdata/registry.ts';
import type { Name } from '../../dns/wire/name.ts';
import { offsetCursor } from '../../work/cursor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import { advice, compose } from '../compose.ts';
import type { Domain, RecordLevel, RecordSource, SourcedRecord } from '../model.ts';
import { configuredBox } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { zoneInput } from '../publisher/zone-input.ts';
import type { Reads, ZoneRow } from '../store.ts';
import { zoneOf } from '../topology.ts';

/** A record as the API shows it. */
export interface RecordView {
  owner: Name;
  type: string;
  ttl: number;
  value: string;
  source: RecordSource;
  why: string;
  level: RecordLevel;
  rfc: string | undefined;
}

/** Every record of a domain with where it comes from; for external DNS the advice. Paging through one zone composes it once. */
export function domainRecords(
  reads: Reads,
  sources: RecordSources,
): (domain: Domain, page: PageRequest) => Page<RecordView> {
  let last: { zone: number; serial: number; records: SourcedRecord[] } | undefined;

  function zoneRecords(zone: ZoneRow): SourcedRecord[] {
    const serial = zone.serial!;
    if (last?.zone !== zone.id || last.serial !== serial) {
      const records = compose(zoneInput(reads, sources, configuredBox(reads), zone, serial));
      last = { zone: zone.id, serial, records: records.sort(inZoneOrder) };
    }
    return last.records;
  }

  function localRecords(domain: Domain): SourcedRecord[] {
    const zone = reads.zone(zoneOf(reads, domain.name)!)!;
    const others = reads
      .domainsBelow(domain.name)
      .filter((other) => other.dns === 'local' && !other.name.equals(domain.name));
    const below = new Set(others.map(({ name }) => name.key));
    return zoneRecords(zone).filter(
      ({ owner }) => owner.isAtOrBelow(domain.name) && !isBelowOther(owner, domain.name, below),
    );
  }

  function externalRecords(domain: Domain): SourcedRecord[] {
    const row = { name: domain.name, ttl: domain.ttl, denial: 'nsec' as const, serial: undefined };
    const none = { id: 0, active: false, records: 0, resignAt: undefined, generation: 0 };
    const input = zoneInput(reads, sources, configuredBox(reads), { ...row, ...none }, 0, []);
    const dkimKeys = sources.dkimKeys(reads, [domain.name]);
    return advice({ ...input, dkimKeys }, domain).sort(inZoneOrder);
  }

  return (domain, { limit, cursor }) => {
    const records = domain.dns === 'local' ? localRecords(domain) : externalRecords(domain);
    const start = cursor === undefined ? 0 : offsetCursor(cursor);
    const items = records.slice(start, start + limit).map(recordView);
    const end = start + items.length;
    return { items, next: end < records.length ? String(end) : undefined };
  };
}

/** Whether a nearer domain than `domain` has this owner. */
function isBelowOther(owner: Name, domain: Name, others: ReadonlySet<string>): boolean {
  if (others.size === 0) return false;
  for (let at = owner; at.wire.length > domain.wire.length; at = at.parent())
    if (others.has(at.key)) return true;
  return false;
}

function inZoneOrder(a: SourcedRecord, b: SourcedRecord): number {
  return a.owner.compare(b.owner) || a.type - b.type || Buffer.compare(a.rdata, b.rdata);
}

function recordView({ owner, type, ttl, rdata, source, why, level, rfc }: SourcedRecord): RecordView {
  return { owner, type: typeName(type), ttl, value: printRdata(type, rdata), source, why, level, rfc };
}
