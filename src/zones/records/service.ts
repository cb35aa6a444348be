import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { atOnce, inSlices, type Steps } from '../../core/slices.ts';
import { typeCode } from '../../dns/rdata/registry.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { Actor } from '../../work/actor.ts';
import { nameCursor, strangeCursor } from '../../work/cursor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { RecordRequest } from '../custom/validate.ts';
import { readValue } from '../custom/value.ts';
import type { Box, CustomRecord } from '../model.ts';
import { parseOwner } from '../names.ts';
import { placeCursor, placeParts } from '../place-cursor.ts';
import { type DiffLine, diffLines, existingVersion } from '../publisher/difference.ts';
import type { Published } from '../publisher/published.ts';
import { configuredBox, type Publisher, type ZoneChange } from '../publisher/publisher.ts';
import type { Reads, RecordPlace, Store, ZoneRow } from '../store.ts';
import {
  addRecords,
  type EditRequest,
  type EditTools,
  readRequests,
  removeRecords,
  replaceRecords,
} from './edit.ts';
import { warningsOf } from './warnings.ts';

/** A custom record as written, with its effective TTL. */
export interface CustomRecordView extends CustomRecord {
  zone: Name;
  effectiveTtl: number;
  /** Why the zone does not hold it, in a sentence; undefined when it does. */
  warning: string | undefined;
}

export interface RecordService {
  list(zone: Name, page: PageRequest, filter: { owner?: Name; type?: string }): Page<CustomRecordView>;
  get(zone: Name, id: string): CustomRecordView | undefined;
  /** Adds all or none. */
  add(
    actor: Actor,
    zone: Name,
    records: RecordRequest[],
  ): Promise<{ records: CustomRecordView[]; published: Published }>;
  /** Replaces all custom records at these owners and types by the given ones (the same value twice is one record). */
  replace(
    actor: Actor,
    zone: Name,
    records: RecordRequest[],
  ): Promise<{ records: CustomRecordView[]; published: Published }>;
  /** Removes by id, or by owner, type and value (all that match what is given). */
  remove(
    actor: Actor,
    zone: Name,
    which: WhichRecords,
  ): Promise<{ removed: number; published: Published | undefined }>;
  /** What one of these would change in the zone, its SOA and DNSSEC left out; rejects as that would. Nothing is changed. */
  preview(actor: Actor, zone: Name, wanted: WantedRecords): Promise<DiffLine[]>;
}

/** One by its id; else all that match what is given. */
export type WhichRecords =
  { id: string } | { owner: string; type?: string | undefined; value?: string | undefined };

export type WantedRecords =
  { add: RecordRequest[] } | { replace: RecordRequest[] } | { remove: WhichRecords };

export interface RecordServiceOptions extends EditTools {
  store: Store;
  publisher: Publisher;
  clock: Clock;
}

export function createRecordService(options: RecordServiceOptions): RecordService {
  const { store, publisher, clock } = options;

  async function put(
    actor: Actor,
    name: Name,
    requests: RecordRequest[],
    { action, done, apply }: { action: string; done: string; apply: typeof addRecords },
  ): Promise<{ records: CustomRecordView[]; published: Published }> {
    const cause = `${summary(requests)} ${done}`;
    activeZone(store.read, name);
    const read = await inSlices(readRequests(requests, configuredBox(store.read)), clock);
    const { value, published } = await publisher.change({ actor, cause }, async (change) => {
      const { zone, records } = await write(change, name, read, apply);
      audit(change, action, zone, requests);
      return { zone, box: change.box(), records };
    });
    const { zone, box, records } = value;
    return {
      records: await inSlices(views(records, zone, box), clock),
      published: published.find(({ zone }) => zone.equals(name))!,
    };
  }

  async function write(change: ZoneChange, name: Name, read: EditRequest[], apply: typeof addRecords) {
    const zone = activeZone(change.tx, name);
    const records = await inSlices(apply(change, options, zone, read), clock);
    change.touch(zone.name, { owners: [] });
    return { zone, records };
  }

  async function takeOut(change: ZoneChange, name: Name, which: WhichRecords) {
    const zone = activeZone(change.tx, name);
    const records = matching(change, zone, which);
    await inSlices(removeRecords(change, options, zone, records), clock);
    return { zone, records };
  }

  /** With the TTL that is served: RFC 2181 §5.2 allows one for all records of a name and type. */
  function* views(records: readonly CustomRecord[], zone: ZoneRow, box: Box): Steps<CustomRecordView[]> {
    const ttlOf = servedTtls(publisher.view(zone.name));
    const warnings = yield* warningsOf({ ...options, reads: store.read }, zone, box, records);
    const found: CustomRecordView[] = [];
    for (const record of records) {
      const effectiveTtl = ttlOf(record) ?? record.ttl ?? zone.ttl ?? box.ttl;
      found.push({ ...record, zone: zone.name, effectiveTtl, warning: warnings.get(record.id) });
      yield;
    }
    return found;
  }

  return {
    list(name, { limit, cursor }, filter) {
      const zone = activeZone(store.read, name);
      const box = configuredBox(store.read);
      const { items, next } = pageOf(store.read, zone, { limit, cursor }, filter);
      return { items: atOnce(views(items, zone, box)), next };
    },

    get(name, id) {
      const zone = activeZone(store.read, name);
      const record = store.read.record(id);
      if (!record?.owner.isAtOrBelow(zone.name)) return undefined;
      return atOnce(views([record], zone, configuredBox(store.read)))[0];
    },

    add: (actor, zone, requests) =>
      put(actor, zone, requests, { action: 'record.add', done: 'added', apply: addRecords }),

    replace: (actor, zone, requests) =>
      put(actor, zone, requests, { action: 'record.replace', done: 'replaced', apply: replaceRecords }),

    async remove(actor, name, which) {
      const what = 'id' in which ? `record ${which.id}` : summary([{ type: '', ...which }]);
      const { value, published } = await publisher.change(
        { actor, cause: `${what} removed` },
        async (change) => {
          const { zone, records } = await takeOut(change, name, which);
          audit(change, 'record.remove', zone, records.slice(0, AUDITED).map(plainRecord), records.length);
          return records.length;
        },
      );
      return { removed: value, published: published.find(({ zone }) => zone.equals(name)) };
    },

    async preview(actor, name, wanted) {
      const { serial } = activeZone(store.read, name);
      const requests = 'add' in wanted ? wanted.add : 'replace' in wanted ? wanted.replace : [];
      const read = await inSlices(readRequests(requests, configuredBox(store.read)), clock);
      return publisher.trial(
        { actor, cause: 'a preview' },
        (change) =>
          'remove' in wanted
            ? takeOut(change, name, wanted.remove)
            : write(change, name, read, 'add' in wanted ? addRecords : replaceRecords),
        async ({ tx }) => {
          const zone = activeZone(tx, name);
          const [before, after] = [serial!, zone.serial!].map((at) => existingVersion(tx, zone, at));
          const lines = await inSlices(diffLines(tx, zone, before!, after!, false), clock);
          return lines.filter(({ type }) => type !== 'SOA');
        },
      );
    },
  };
}

/** The TTLs that are served with records; each owner is looked at once. */
function servedTtls(served: ZoneView | undefined): (record: CustomRecord) => number | undefined {
  const owners = new Map<string, Map<number, number>>();
  return ({ owner, type }) => {
    let ttls = owners.get(owner.key);
    if (!ttls) {
      ttls = new Map(served?.node(owner)?.rrsets.map((rrset) => [rrset.type, rrset.ttl]));
      owners.set(owner.key, ttls);
    }
    return ttls.get(type);
  };
}

/** @throws AppError not-found */
export function activeZone(reads: Pick<Reads, 'zone'>, name: Name): ZoneRow {
  const zone = reads.zone(name);
  if (zone?.active) return zone;
  throw new AppError('not-found', `There is no zone ${name.toText()}; the zones are at GET /api/v1/zones.`);
}

/** For the log of versions: the record, or how many. */
function summary(requests: readonly { owner: string; type?: string | undefined }[]): string {
  const [first] = requests;
  return first && requests.length === 1
    ? `record ${first.owner} ${first.type ?? ''}`.trimEnd()
    : `${requests.length} records`;
}

function plainRecord({ owner, type, ttl, value }: CustomRecord): Record<string, unknown> {
  return { owner: owner.toText(), type, ...(ttl === undefined ? {} : { ttl }), value };
}

/** Records that one audit entry names; the versions of the zone have them all. */
const AUDITED = 100;

function audit(
  change: ZoneChange,
  action: string,
  zone: ZoneRow,
  records: readonly object[],
  count = records.length,
): void {
  const detail = { count, records: records.slice(0, AUDITED) };
  change.audit(action, zone.name.toText(), detail);
}

/** @throws AppError not-found for an id, invalid-name for an owner that is no name. */
function matching(change: ZoneChange, zone: ZoneRow, which: WhichRecords): CustomRecord[] {
  if ('id' in which) {
    const record = change.tx.record(which.id);
    if (record?.owner.isAtOrBelow(zone.name)) return [record];
    throw new AppError('not-found', `There is no record ${which.id} in ${zone.name.toText()}.`);
  }
  const owner = parseOwner(which.owner);
  if (!owner.ok) throw new AppError('invalid-name', owner.message);
  if (!owner.name.isAtOrBelow(zone.name)) return [];
  const type = which.type === undefined ? undefined : typeCode(which.type);
  return change.tx
    .recordsAt(owner.name)
    .filter((record) => which.type === undefined || record.type === type)
    .filter((record) => which.value === undefined || hasValue(record, which.value, change.box()));
}

function hasValue(record: CustomRecord, text: string, box: Box): boolean {
  if (record.value === text) return true;
  const value = readValue(record.type, text, box);
  return value.ok && value.value === record.value;
}

function pageOf(
  reads: Reads,
  zone: ZoneRow,
  { limit, cursor }: { limit: number; cursor: string | undefined },
  { owner, type }: { owner?: Name; type?: string },
): { items: CustomRecord[]; next: string | undefined } {
  const code = type === undefined ? undefined : typeCode(type);
  if (owner) {
    const records = owner.isAtOrBelow(zone.name) ? reads.recordsAt(owner) : [];
    return { items: records.filter((one) => type === undefined || one.type === code), next: undefined };
  }
  const slice = { after: cursor === undefined ? undefined : readRecordCursor(cursor), limit: limit + 1 };
  const found =
    type === undefined
      ? reads.recordsBelow(zone.name, slice)
      : reads.recordsOfTypes(zone.name, code === undefined ? [] : [code], slice);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last && found.length > limit ? recordCursor(last) : undefined };
}

/** The place of the last record. */
function recordCursor({ owner, type, value, id }: CustomRecord): string {
  return placeCursor([owner.toText(), type, value, id]);
}

/** @throws AppError invalid-request */
function readRecordCursor(cursor: string): RecordPlace {
  const [owner, type, value, id, ...rest] = placeParts(cursor);
  if (
    typeof owner === 'string' &&
    typeof type === 'number' &&
    typeof value === 'string' &&
    typeof id === 'string' &&
    rest.length === 0
  ) {
    return { owner: nameCursor(owner), type, value, id };
  }
  throw strangeCursor();
}
