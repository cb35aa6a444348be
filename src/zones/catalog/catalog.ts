import { type Clock, epochSeconds } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { createPace } from '../../core/pace.ts';
import { inSlices, sorted, type Steps } from '../../core/slices.ts';
import type { ZoneDifference } from '../../dns/server/transfer-difference.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { createImageBuilder } from '../../dns/zone/image-build.ts';
import { updatingImage } from '../../dns/zone/image-update.ts';
import { giveImage, ImageState, imageState, withholdImage, type ZoneImage } from '../../dns/zone/image.ts';
import { encodeNode } from '../../dns/zone/node-codec.ts';
import type { NodeChange, ZoneNode } from '../../dns/zone/node.ts';
import type { ServedZones } from '../../dns/zone/served-zones.ts';
import type { Actor } from '../../work/actor.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { configuredBox, type Members } from '../publisher/publisher.ts';
import { nextSerial } from '../publisher/serial.ts';
import { secondaryRows } from '../secondaries/store.ts';
import { type Reads, type ZoneRow, zoneRows } from '../store.ts';
import { apexNode, memberLabel, memberNode, memberOwner, membersNode, versionNode } from './content.ts';
import { catalogRows, type CatalogReads, type CatalogState, type MemberChange } from './store.ts';

/** Changes of members that are written down: a secondary that has missed more of them takes the whole catalog. */
export const CHANGES_KEPT = 20_000;
/** Zones, and changes of members, read at once: some milliseconds. */
const ZONES = 1000;
const CHANGES = 500;
/** Octets of a member, as an image has it. */
const OCTETS_A_MEMBER = 128;

const system: Actor = { kind: 'system', id: 'catalog', name: 'catalog', address: undefined };

/** The catalog zone (RFC 9432): tells secondaries which zones there are. It is there while a secondary takes it. */
export interface Catalog extends Members {
  /** Its name, while there is a secondary that takes it. */
  name(): Name | undefined;
  /** Called in a change of the secondaries: from its commit on there is a catalog, or none. @throws AppError not-configured */
  secondariesChanged(change: Change): void;
  /**
   * What leads from the version with this serial to the one that is the newest as it begins; undefined when that is not known any more.
   */
  difference(since: number): Steps<ZoneDifference | undefined>;
  /** Makes it, when a secondary takes it. Resolves when it is served. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface CatalogOptions {
  work: UnitOfWork;
  reads: Pick<Reads, 'zone' | 'activeZoneNames'>;
  zones: ServedZones;
  /** Told of the catalog when it is served for the first time. */
  onServed: (catalog: Name) => void;
  clock: Clock;
  log: Log;
}

/** While the catalog is made, who asks for it is to come again. */
export function announceCatalog(rows: CatalogReads, zones: ServedZones): void {
  const state = rows.catalog();
  if (state?.taken) zones.announce(state.name);
}

export function createCatalog(options: CatalogOptions): Catalog {
  const { work, reads, zones, onServed, clock, log } = options;
  const rows = work.committed.rows(catalogRows);
  let stopped = false;
  let making: Promise<void> | undefined;
  /** Rises when the catalog begins or ends. */
  let settings = 0;

  const servedImage = ({ name }: CatalogState): ZoneImage | undefined => {
    const image = zones.get(name);
    return image && imageState(image) === ImageState.ready ? image : undefined;
  };
  const taken = (): CatalogState | undefined => {
    const state = rows.catalog();
    return state?.taken ? state : undefined;
  };
  /** Makes the catalog beside the changes that happen meanwhile, then brings it up to date in one of its own. */
  const make = async (): Promise<void> => {
    for (let state = taken(); state && !stopped && !servedImage(state); state = taken()) {
      const made = { since: rows.lastMemberChange(), settings };
      const image = await membersImage(state, options, () => stopped);
      if (image) await serveFirst(image, made);
    }
  };
  const serveFirst = (image: ZoneImage, made: Made): Promise<void> =>
    work.change({ actor: system, cause: 'catalog made' }, async (change) => {
      let discard = (): void => giveImage(image);
      change.onRollback(() => discard());
      const tx = change.rows(catalogRows);
      const state = tx.catalog();
      const missed = tx.memberChanges(made.since, CHANGES_KEPT);
      const isKept = missed.length === 0 || missed[0]!.id === made.since + 1;
      if (!state?.taken || !isKept || made.settings !== settings) {
        change.afterCommit(() => discard());
        return;
      }
      const draft = await inSlices(updatingImage(image, nodeChanges(state, missed)), clock);
      discard = () => {
        draft.discard();
        giveImage(image);
      };
      withholdImage(draft.image);
      change.afterCommit(() => {
        // Nobody was led to the image that it was made of.
        draft.release();
        zones.commit({ set: [{ ...draft, base: undefined, release: () => undefined }] });
        onServed(state.name);
      });
    });
  const begin = (): Promise<void> => {
    making ??= make()
      .catch((error: unknown) => log.error({ err: error }, 'the catalog of zones could not be made'))
      .finally(() => (making = undefined));
    return making;
  };

  return {
    name: () => taken()?.name,

    secondariesChanged(change) {
      const tx = change.rows(catalogRows);
      const state = tx.catalog();
      const isWanted = change
        .rows(secondaryRows)
        .secondaries()
        .some(({ catalog }) => catalog);
      if (isWanted === (state?.taken ?? false)) return;
      tx.clearMemberChanges();
      change.afterCommit(() => {
        settings++;
      });
      if (!isWanted) {
        tx.putCatalog({ ...state!, taken: false });
        change.afterCommit(() => zones.commit({ remove: [state!.name] }));
        return;
      }
      const name = state?.name ?? configuredBox(change.rows(zoneRows)).hostname.child('_catalog');
      tx.putCatalog({ name, serial: nextSerial(state?.serial, epochSeconds(clock)), taken: true });
      change.afterCommit(() => {
        zones.announce(name);
        void begin();
      });
    },

    async publish(unit, touched, next) {
      const tx = unit.rows(catalogRows);
      const state = tx.catalog();
      if (!state?.taken) return undefined;
      const changes = memberChanges(reads, unit.rows(zoneRows), touched);
      if (changes.length === 0) return undefined;
      const serial = nextSerial(state.serial, epochSeconds(clock));
      tx.addMemberChanges(serial, changes, CHANGES_KEPT);
      tx.putCatalog({ ...state, serial });
      const image = servedImage(state);
      // It is being made, and takes over what is written down.
      if (!image) return undefined;
      const draft = await inSlices(updatingImage(image, nodeChanges({ ...state, serial }, changes)), clock);
      withholdImage(draft.image);
      next.add(draft);
      return state.name;
    },

    *difference(since) {
      const state = taken();
      const from = rows.memberChangeOf(since);
      const changes =
        from === undefined ? undefined : yield* changesBetween(rows, from, rows.lastMemberChange());
      return state && changes && (yield* netDifference(state, since, changes));
    },

    async start() {
      const state = taken();
      if (!state) return;
      // A box that was restored has lost what came later: what secondaries have of it must become old.
      if (rows.lastMemberChange() === 0)
        await work.change({ actor: system, cause: 'catalog begun' }, (change) => {
          const serial = nextSerial(state.serial, epochSeconds(clock));
          change.rows(catalogRows).putCatalog({ ...state, serial });
        });
      await begin();
    },
    async stop() {
      stopped = true;
      await making;
    },
  };
}

/** Which of these zones are served from this change on and were not before, or the other way round. */
function memberChanges(
  before: Pick<Reads, 'zone'>,
  after: Pick<Reads, 'zone'>,
  touched: readonly Name[],
): MemberChange[] {
  const names = new Map(touched.map((name) => [name.key, name]));
  return [...names.values()].flatMap((name): MemberChange[] => {
    const zone = after.zone(name);
    const wasServed = before.zone(name)?.active ?? false;
    if (!zone || zone.active === wasServed) return [];
    return [{ op: zone.active ? 'add' : 'remove', zoneId: zone.id, name: zone.name }];
  });
}

/** Those after `from`, to `last`; undefined when some of them were forgotten meanwhile. */
function* changesBetween(rows: CatalogReads, from: number, last: number): Steps<MemberChange[] | undefined> {
  const all: MemberChange[] = [];
  for (let at = from; at < last;) {
    const page = rows.memberChanges(at, Math.min(CHANGES, last - at));
    if (page[0]?.id !== at + 1) return undefined;
    for (const change of page) all.push(change);
    at = page.at(-1)!.id;
    yield;
  }
  return all;
}

/** What came and went again is left out. */
function* netDifference(
  { name, serial }: CatalogState,
  since: number,
  changes: readonly MemberChange[],
): Steps<ZoneDifference> {
  const net = new Map<number, MemberChange>();
  for (const change of changes)
    if (net.has(change.zoneId)) net.delete(change.zoneId);
    else net.set(change.zoneId, change);
  const soaOf = (version: number): ResourceRecord[] =>
    recordsOf(apexNode(name, version)).filter(({ type }) => type === Type.SOA);
  const [removed, added] = [soaOf(since), soaOf(serial)];
  for (const { op, zoneId, name: zone } of net.values()) {
    const records = recordsOf(memberNode(name, memberLabel(zoneId), zone));
    (op === 'remove' ? removed : added).push(...records);
    yield;
  }
  return { removed, added };
}

function recordsOf({ rrsets }: ZoneNode): ResourceRecord[] {
  return rrsets.flatMap(({ owner, type, ttl, rdatas }) =>
    rdatas.map((rdata) => ({ owner, type, ttl, rdata })),
  );
}

/** The version with this serial, after these changes. */
function nodeChanges({ name, serial }: CatalogState, changes: readonly MemberChange[]): NodeChange[] {
  const members = changes.map(({ op, zoneId, name: zone }): NodeChange => {
    const label = memberLabel(zoneId);
    const node = op === 'add' ? memberNode(name, label, zone) : undefined;
    return { kind: 'name', owner: memberOwner(name, label), node };
  });
  return [{ kind: 'name', owner: name, node: apexNode(name, serial) }, ...members];
}

/** What an image of the catalog was made of. */
interface Made {
  /** The last change of members that it is sure to have. */
  since: number;
  settings: number;
}

type Member = Pick<ZoneRow, 'name'> & { label: string };

/** The catalog of the zones that there are, read page by page; undefined when it was stopped. */
async function membersImage(
  { name, serial }: CatalogState,
  { reads, zones, clock }: Pick<CatalogOptions, 'reads' | 'zones' | 'clock'>,
  isStopped: () => boolean,
): Promise<ZoneImage | undefined> {
  const pace = createPace(clock);
  const members: Member[] = [];
  for (let after: Name | undefined; !isStopped();) {
    const page = reads.activeZoneNames({ after, limit: ZONES });
    for (const { id, name: zone } of page) members.push({ label: memberLabel(id), name: zone });
    if (page.length < ZONES) break;
    after = page.at(-1)!.name;
    await pace.rest();
  }
  return isStopped() ? undefined : inSlices(buildingCatalog(name, serial, members, zones), clock);
}

function* buildingCatalog(
  catalog: Name,
  serial: number,
  members: readonly Member[],
  { memory }: ServedZones,
): Steps<ZoneImage> {
  const builder = createImageBuilder(memory, catalog, members.length * OCTETS_A_MEMBER);
  try {
    for (const node of [apexNode(catalog, serial), versionNode(catalog), membersNode(catalog)])
      builder.add(encodeNode(node, 'name', catalog));
    for (const { label, name } of yield* sorted(members, byLabel)) {
      builder.add(encodeNode(memberNode(catalog, label, name), 'name', catalog));
      yield;
    }
    return builder.finish();
  } catch (error) {
    builder.abandon();
    throw error;
  }
}

function byLabel(a: Member, b: Member): number {
  return a.label < b.label ? -1 : 1;
}
