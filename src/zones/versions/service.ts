import { type Clock, epochSeconds } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { inSlices, type Steps } from '../../core/slices.ts';
import { MAX_NSEC3_ZONE } from '../../dns/dnssec/nsec3.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import type { Name } from '../../dns/wire/name.ts';
import { printing } from '../../dns/zonefile/print.ts';
import type { Actor } from '../../work/actor.ts';
import { idCursor, nameCursor } from '../../work/cursor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { RecordWarning } from '../../zones/records/warnings.ts';
import { hostedDomains } from '../custom/hosted-domains.ts';
import { placementProblem } from '../custom/placement.ts';
import { dnskeyView, dsViews } from '../keys/ds.ts';
import type { KeyView } from '../keys/views.ts';
import type { CustomRecord, Zone } from '../model.ts';
import { type DiffLine, difference, diffLines, existingVersion } from '../publisher/difference.ts';
import { DIGEST_RECORDS, digestWarning, tooLarge } from '../publisher/digest.ts';
import { applyJournal } from '../publisher/journal.ts';
import { isMachinery, zoneRecords } from '../publisher/node-records.ts';
import type { Published } from '../publisher/published.ts';
import { configuredBox, type Publisher, type ZoneChange } from '../publisher/publisher.ts';
import { serialWarning } from '../publisher/serial.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { localDomains } from '../publisher/zone-input.ts';
import { activeZone } from '../records/service.ts';
import { touchRecords } from '../records/touch.ts';
import { warnings } from '../records/warnings.ts';
import { type SignatureTimes, signatureTimes } from '../resign/signature-times.ts';
import type { Reads, Store, VersionRow, ZoneRow } from '../store.ts';

export interface VersionView {
  serial: number;
  publishedAt: string;
  /** Such as `domain example.com added`, `record www.example.com A added`, `signatures refreshed`, `rolled back to 17…`. */
  cause: string;
  actor: string;
  added: number;
  removed: number;
}

export interface VersionPage extends Page<VersionView> {
  /** When the oldest version that is kept was published (RFC 3339): nothing leads back to before it. */
  since: string;
}

export type ZoneSummary = Zone & Pick<ZoneRow, 'digest' | 'records'>;

/** What is left out stays as it is. */
export interface ZoneSettings {
  /** Seconds; null: the box's. */
  ttl?: number | null | undefined;
  denial?: 'nsec' | 'nsec3' | undefined;
  /** Whether versions get a digest of them (ZONEMD). */
  digest?: boolean | undefined;
}

export interface ZoneService {
  list(page: PageRequest): Page<ZoneSummary>;
  get(zone: Name): ZoneSummary | undefined;
  /** What the person wrote and the zone does not hold; the first hundred. */
  warnings(zone: Name): Promise<RecordWarning[]>;
  /** What is wrong with its serial, such as years ahead of the clock, and the way back; undefined when all is well. */
  serialWarning(zone: Name): string | undefined;
  /** Why a digest that is wanted is left out; undefined when it is not. */
  digestWarning(zone: Name): string | undefined;
  /** Until when its signatures hold, and when they are renewed; undefined when it has none. */
  signatures(zone: Name): SignatureTimes | undefined;
  update(actor: Actor, zone: Name, change: ZoneSettings): Promise<ZoneSummary>;
  /** The served version as a zone file; `signed` with RRSIG and NSEC. */
  zonefile(zone: Name, options: { signed: boolean; serial?: number }): Promise<string>;
  versions(zone: Name, page: PageRequest): VersionPage;
  diff(zone: Name, from: number, to: number, options: { dnssec: boolean }): Promise<DiffLine[]>;
  /** The person's records become what they were at `serial`; published under a new serial. */
  rollback(actor: Actor, zone: Name, serial: number): Promise<Published>;
  keys(zone: Name): KeyView[];
}

export interface ZoneServiceOptions {
  store: Store;
  publisher: Publisher;
  sources: RecordSources;
  clock: Clock;
}

/** Warnings of one zone that are worked out; who has more is told enough. */
const MAX_WARNINGS = 100;

/** Zones and their versions; the import is a part of its own. */
export function createZoneService({ store, publisher, sources, clock }: ZoneServiceOptions): ZoneService {
  const { read } = store;
  return {
    list({ limit, cursor }) {
      const after = cursor === undefined ? undefined : nameCursor(cursor);
      const found = read.activeZones({ after, limit: limit + 1 });
      const items = found.slice(0, limit).map(publicZone);
      return { items, next: found.length > limit ? items.at(-1)!.name.toText() : undefined };
    },

    get(name) {
      const zone = read.zone(name);
      return zone?.active ? publicZone(zone) : undefined;
    },

    async warnings(name) {
      const zone = activeZone(read, name);
      const parts = { reads: read, publisher, sources };
      return inSlices(warnings(parts, zone, configuredBox(read), MAX_WARNINGS), clock);
    },

    serialWarning(name) {
      const { serial } = activeZone(read, name);
      return serial === undefined ? undefined : serialWarning(serial, epochSeconds(clock));
    },

    digestWarning: (name) => digestWarning(activeZone(read, name), publisher.view(name)),

    signatures: (name) => signatureTimes(activeZone(read, name), publisher.view(name), epochSeconds(clock)),

    async update(actor, name, request) {
      const cause = `zone ${name.toText()} changed`;
      await publisher.change({ actor, cause }, (change) => {
        const zone = activeZone(change.tx, name);
        const { ttl, denial, digest } = request;
        if (digest && !zone.digest) checkSize(zone);
        if (denial === 'nsec3') checkLength(zone);
        change.tx.updateZone(zone.id, {
          ...(ttl === undefined ? {} : { ttl: ttl ?? undefined }),
          ...(denial ? { denial } : {}),
          ...(digest === undefined ? {} : { digest }),
        });
        change.touch(zone.name, { owners: 'all' });
        change.audit('zone.update', zone.name.toText(), { ...request });
      });
      return publicZone(activeZone(read, name));
    },

    async zonefile(name, { signed, serial }) {
      const zone = activeZone(read, name);
      return inSlices(zonefile(read, publisher, zone, { signed, serial: serial ?? zone.serial! }), clock);
    },

    versions(name, { limit, cursor }) {
      const zone = activeZone(read, name);
      const before = cursor === undefined ? undefined : idCursor(cursor);
      const found = read.versions(zone.id, { before, limit: limit + 1 });
      const items = found.slice(0, limit);
      return {
        items: items.map(({ id: _id, changeId: _change, ...version }) => version),
        next: found.length > limit ? String(items.at(-1)!.id) : undefined,
        since: read.oldestVersion(zone.id)!.publishedAt,
      };
    },

    async diff(name, from, to, options) {
      const zone = activeZone(read, name);
      const [a, b] = [existingVersion(read, zone, from), existingVersion(read, zone, to)];
      return inSlices(diffLines(read, zone, a, b, options.dnssec), clock);
    },

    async rollback(actor, name, serial) {
      const cause = `rolled back to ${serial}`;
      const { published } = await publisher.change({ actor, cause }, async (change) => {
        const zone = activeZone(change.tx, name);
        await inSlices(undoSince(change, sources, zone, existingVersion(change.tx, zone, serial)), clock);
        change.audit('zone.rollback', zone.name.toText(), { serial });
      });
      return published.find(({ zone }) => zone.equals(name))!;
    },

    keys(name) {
      const zone = activeZone(read, name);
      return read.keys(zone.id).map((key) => {
        const { keyTag, algorithm, flags, role, state, createdAt } = key;
        const ds = role === 'ZSK' ? [] : dsViews(zone.name, key);
        return { keyTag, algorithm, flags, role, state, createdAt, ds, dnskey: dnskeyView(key) };
      });
    },
  };
}

function publicZone({ name, ttl, denial, digest, serial, records }: ZoneRow): ZoneSummary {
  return { name, ttl, denial, digest, serial, records };
}

/** @throws AppError invalid-request */
function checkSize(zone: ZoneRow): void {
  if (zone.records <= DIGEST_RECORDS) return;
  const message = tooLarge(zone);
  throw new AppError('invalid-request', message, { errors: [{ path: 'zonemd', message }] });
}

/** RFC 5155 §10.1: a hash and the zone's name are one name. */
function checkLength({ name }: ZoneRow): void {
  if (name.wire.length <= MAX_NSEC3_ZONE) return;
  const message = `${name.toText()} is too long a name for NSEC3, which puts a hash before it; it stays with NSEC.`;
  throw new AppError('invalid-request', message, { errors: [{ path: 'denial', message }] });
}

/** The records of a version: those served now with the way back laid over them. */
function* zonefile(
  reads: Reads,
  publisher: Pick<Publisher, 'view'>,
  zone: ZoneRow,
  { signed, serial }: { signed: boolean; serial: number },
): Steps<string> {
  const records: ResourceRecord[] = [];
  for (const record of zoneRecords(publisher.view(zone.name)!)) {
    if (signed || !isMachinery(record.type)) records.push(record);
    yield;
  }
  if (serial === zone.serial) return yield* printing(records, { origin: zone.name });
  const [now, then] = [existingVersion(reads, zone, zone.serial!), existingVersion(reads, zone, serial)];
  const back = yield* difference(reads, zone, now, then, signed);
  return yield* printing(yield* applyJournal(records, back), { origin: zone.name });
}

/**
 * Undoes the changes of the person's records after a version, the newest first.
 * @throws AppError record-conflict when one of those that come back has no place any more
 */
function* undoSince(
  change: ZoneChange,
  sources: RecordSources,
  zone: ZoneRow,
  version: VersionRow,
): Steps<void> {
  const { tx } = change;
  const back = new Map<string, CustomRecord>();
  const changed: CustomRecord[] = [];
  for (const { op, record } of tx.recordChangesSince(zone.name, version.changeId)) {
    const current = tx.record(record.id);
    if (op === 'add') {
      if (current) tx.deleteRecord(zone.id, current);
      back.delete(record.id);
    } else if (!current) {
      tx.insertRecord(zone.id, record);
      back.set(record.id, record);
    }
    changed.push(current ?? record);
    yield;
  }
  yield* touchRecords(change, sources, zone, changed);
  checkPlaces(change, zone, [...back.values()]);
  // A new version in any case: it says that this was done.
  change.touch(zone.name, { owners: [], renew: 'owners' });
}

/** Domains, and the box's own name, may have come to where the records were. */
function checkPlaces(change: ZoneChange, zone: ZoneRow, records: readonly CustomRecord[]): void {
  const domains = hostedDomains(localDomains(change.tx, zone.name));
  const place = { zone: zone.name, box: change.box(), domains };
  const problems = records.flatMap(({ type, owner }) => placementProblem(type, owner, place) ?? []);
  if (problems.length === 0) return;
  const errors = problems.map(({ message }) => ({ path: 'serial', message: `${message}.` }));
  throw new AppError('record-conflict', errors[0]!.message, { errors });
}
