import type { Steps } from '../../core/slices.ts';
import { printRdata, typeName } from '../../dns/rdata/registry.ts';
import { endOfSubtree } from '../../dns/wire/end-of-subtree.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneNode, ZoneView } from '../../dns/zone/node.ts';
import { nameCursor, offsetCursor, strangeCursor } from '../../work/cursor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import { advice, compose } from '../compose.ts';
import type { Domain, RecordLevel, RecordSource, SourcedRecord } from '../model.ts';
import { placeCursor, placeParts } from '../place-cursor.ts';
import { isMachinery } from '../publisher/node-records.ts';
import { configuredBox } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { zoneInput } from '../publisher/zone-input.ts';
import type { Reads } from '../store.ts';
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

/** Every record of a domain with where it comes from; for external DNS the advice. */
export function domainRecords(
  reads: Reads,
  sources: RecordSources,
  served: (zone: Name) => ZoneView | undefined,
): (domain: Domain, page: PageRequest) => Steps<Page<RecordView>> {
  /** Derived anew for the owners of each page: the served version does not say where its records come from. */
  function* localRecords(domain: Domain, { limit, cursor }: PageRequest): Steps<Page<RecordView>> {
    const zone = reads.zone(zoneOf(reads, domain.name)!)!;
    const from = cursor === undefined ? { owner: domain.name, given: 0 } : readCursor(cursor);
    const { owners, next } = yield* ownersOf(reads, served(zone.name), domain.name, from, limit);
    const input = zoneInput(reads, sources, configuredBox(reads), zone, zone.serial!, owners);
    const records = compose(input, new Set(owners.map(({ key }) => key))).sort(inZoneOrder);
    const start = owners[0]?.equals(from.owner) ? from.given : 0;
    const end = start + limit;
    const items = records.slice(start, end).map(recordView);
    if (records.length <= end) return { items, next: next && placeCursor([next.toText(), 0]) };
    const { owner } = records[end - 1]!;
    const given = records.slice(0, end).filter((record) => record.owner.equals(owner)).length;
    return { items, next: placeCursor([owner.toText(), given]) };
  }

  function externalRecords(domain: Domain, { limit, cursor }: PageRequest): Page<RecordView> {
    const row = { name: domain.name, ttl: domain.ttl, denial: 'nsec' as const, serial: undefined };
    const none = {
      id: 0,
      active: false,
      digest: false,
      records: 0,
      resignAt: undefined,
      expiresAt: undefined,
      generation: 0,
    };
    const input = zoneInput(reads, sources, configuredBox(reads), { ...row, ...none }, 0, []);
    const dkimKeys = sources.dkimKeys(reads, [domain.name]);
    const records = advice({ ...input, dkimKeys }, domain).sort(inZoneOrder);
    const start = cursor === undefined ? 0 : offsetCursor(cursor);
    const end = start + limit;
    return {
      items: records.slice(start, end).map(recordView),
      next: end < records.length ? String(end) : undefined,
    };
  }

  return function* (domain, page) {
    return domain.dns === 'local' ? yield* localRecords(domain, page) : externalRecords(domain, page);
  };
}

/** Where a page begins. */
interface Place {
  owner: Name;
  /** Records of this owner that were on the pages before. */
  given: number;
}

/**
 * Owners of the served zone that belong to the domain and to none below it, in canonical order: those of the next `count` records, and
 * the owner that comes after them.
 */
function* ownersOf(
  reads: Reads,
  view: ZoneView | undefined,
  domain: Name,
  from: Place,
  count: number,
): Steps<{ owners: Name[]; next: Name | undefined }> {
  const owners: Name[] = [];
  const nearer = nearerDomain(reads, domain);
  let left = count;
  for (let node = view && nodeFrom(view, from.owner); node?.owner.isAtOrBelow(domain);) {
    yield;
    const { owner } = node;
    const other = nearer(owner);
    const size = other ? 0 : recordCount(node);
    if (size > 0) {
      if (left <= 0) return { owners, next: owner };
      owners.push(owner);
      left -= owner.equals(from.owner) ? Math.max(0, size - from.given) : size;
    }
    // A domain below is passed over with all that is below it.
    const end = other && endOfSubtree(other);
    node = end ? nodeFrom(view!, end) : nodeAfter(view!, owner);
  }
  return { owners, next: undefined };
}

function recordCount({ rrsets }: ZoneNode): number {
  return rrsets.reduce((sum, { type, rdatas }) => (isMachinery(type) ? sum : sum + rdatas.length), 0);
}

/** The node of a name or the first one after it; undefined at the end of the zone. */
function nodeFrom(view: ZoneView, name: Name): ZoneNode | undefined {
  return view.node(name) ?? nodeAfter(view, name);
}

function nodeAfter(view: ZoneView, name: Name): ZoneNode | undefined {
  const node = view.size > 0 ? view.next(name) : undefined;
  // Behind the last name comes the apex again.
  return node && node.owner.compare(name) > 0 ? node : undefined;
}

/** The highest domain below `domain` that an owner belongs to, if any. */
function nearerDomain(reads: Reads, domain: Name): (owner: Name) => Name | undefined {
  const known = new Map<string, boolean>();
  const isHome = (name: Name): boolean => {
    let found = known.get(name.key);
    if (found === undefined) known.set(name.key, (found = reads.domain(name)?.dns === 'local'));
    return found;
  };
  return (owner) => {
    let found: Name | undefined;
    for (let at = owner; at.wire.length > domain.wire.length; at = at.parent()) if (isHome(at)) found = at;
    return found;
  };
}

/** The owner to go on with, and how many of its records were given already. @throws AppError invalid-request */
function readCursor(cursor: string): Place {
  const [owner, given, ...rest] = placeParts(cursor);
  if (typeof owner !== 'string' || typeof given !== 'number' || !(given >= 0) || rest.length > 0)
    throw strangeCursor();
  return { owner: nameCursor(owner), given };
}

function inZoneOrder(a: SourcedRecord, b: SourcedRecord): number {
  return a.owner.compare(b.owner) || a.type - b.type || Buffer.compare(a.rdata, b.rdata);
}

function recordView({ owner, type, ttl, rdata, source, why, level, rfc }: SourcedRecord): RecordView {
  return { owner, type: typeName(type), ttl, value: printRdata(type, rdata), source, why, level, rfc };
}
