import type { Clock } from '../../core/clock.ts';
import { createPace, type Pace } from '../../core/pace.ts';
import type { Name } from '../../dns/wire/name.ts';
import { createImageBuilder } from '../../dns/zone/image-build.ts';
import { openImage } from '../../dns/zone/image-reader.ts';
import { type Draft, firstDraft } from '../../dns/zone/image-update.ts';
import { imageView } from '../../dns/zone/image-view.ts';
import { giveImage, ImageState, imageState, type ZoneImage } from '../../dns/zone/image.ts';
import { kindOfNode, storedKey } from '../../dns/zone/node-codec.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { ServedZones } from '../../dns/zone/served-zones.ts';
import type { Reads, WholeZone, ZoneFeed, ZoneRow } from '../store.ts';

/** What names a zone and the rows of its nodes, and says how many they may be. */
export type StoredZone = Pick<ZoneRow, 'id' | 'name' | 'records'>;

type NodeReads = Pick<Reads, 'nodeSlice'>;

/** The versions that are served, as they were stored: nothing is derived and nothing signed. */
export interface ServedImages {
  readonly zones: ServedZones;
  /**
   * The version of a zone that is served; undefined when it cannot be read, or there is none. One that is not loaded yet is read
   * now: only while the box starts, and its largest zone is read first.
   */
  view(zone: Name): ZoneView | undefined;
  /** Begins a change of what is served. There is one at a time. */
  change(): ImageChange;
  /**
   * Resolves when all active zones are known, which few are in this turn already, or it was stopped; their versions are to be loaded. What
   * clients want meanwhile is loaded at once.
   */
  announce(): Promise<void>;
  /** Loads all of them, those named and those that clients want first. Resolves when there is nothing left, or it was stopped. */
  load(first: readonly Name[]): Promise<void>;
  /** A client asked for it; while zones are announced, for a name that may be in one. */
  want: (name: Name) => void;
  /** How many of the zones announced are loaded, or cannot be. */
  readonly loading: { done: number; total: number };
  /** Resolves when nothing is read any more. */
  stop(): Promise<void>;
}

/** The versions that a transaction makes. Either all of them are served, or none was. */
export interface ImageChange {
  /** What the next version of a zone is made of: the one that is served, or that was when it was active; undefined when there is none. */
  before(reads: NodeReads, zone: StoredZone): Promise<ZoneImage | undefined>;
  add(draft: Draft): void;
  /** Serves them, and those zones no more. */
  commit(removed: readonly Name[]): void;
  /** Gives their memory back, unless they are served. */
  discard(): void;
}

export interface ServedImagesOptions {
  reads: Pick<Reads, 'zone' | 'activeNames' | 'activeZoneNames' | 'nodeSlice'>;
  /** Reads many zones in another thread; else, and where that cannot, this one does. */
  feed?: () => ZoneFeed;
  zones: ServedZones;
  clock: Clock;
  /** Told of each zone that cannot be read: it must not keep the others from being served. */
  onUnreadable: (zone: Name, reason: Error) => void;
}

/** Zones, and rows of a zone, that are read at once: some milliseconds. */
const ZONES = 1000;
const ROWS = 500;
/** From so many zones on they come from another thread, which takes a moment to start. */
const MANY = 500;
/** Zones below a wanted one that are announced at once, before it is answered from. */
const MOST_BELOW = 100;
/** What a record takes in a signed zone, its share of signatures and denials included. */
const OCTETS_A_RECORD = 350;

export function createServedImages(options: ServedImagesOptions): ServedImages {
  const { reads, zones, clock, onUnreadable } = options;
  const wanted = new Map<string, Name>();
  const loads = new Map<string, Promise<void>>();
  const loading = { done: 0, total: 0 };
  let stopped = false;
  const isStopped = (): boolean => stopped;
  let onWanted = (): void => undefined;
  let announcing = Promise.resolve();
  let loadingAll = Promise.resolve();

  const isUnloaded = (zone: Name): boolean => {
    const image = zones.get(zone);
    return image !== undefined && imageState(image) === ImageState.notLoaded;
  };
  const served = (zone: Name): ZoneImage | undefined => {
    const image = zones.get(zone);
    return image && imageState(image) === ImageState.ready ? image : undefined;
  };
  /** Whoever was faster has a version at least as new. */
  const serve = (zone: Name, read: ZoneImage | Error): void => {
    if (!isUnloaded(zone)) {
      if (!(read instanceof Error)) giveImage(read);
      return;
    }
    loading.done++;
    if (read instanceof Error) {
      zones.refuse(zone, read.message);
      onUnreadable(zone, read);
    } else zones.commit({ set: [firstDraft(read)] });
  };
  const load = async (zone: StoredZone): Promise<void> => {
    if (!isUnloaded(zone.name)) return;
    let running = loads.get(zone.name.key);
    if (!running) {
      running = readImage(reads, zones, zone, createPace(clock)).then((read) => {
        loads.delete(zone.name.key);
        serve(zone.name, read);
      });
      loads.set(zone.name.key, running);
    }
    await running;
  };
  const loadWanted = async (): Promise<void> => {
    for (const [key, name] of wanted) {
      wanted.delete(key);
      const zone = isUnloaded(name) ? reads.zone(name) : undefined;
      if (zone) await load(zone);
    }
  };
  /** The deepest zone at or above a name. */
  const zoneAbove = (name: Name): StoredZone | undefined => {
    for (let above = name; ; above = above.parent()) {
      const zone = reads.zone(above);
      if (zone?.active || above.isRoot) return zone?.active ? zone : undefined;
    }
  };
  /** Announces a zone and all below it, so that it can be answered from while others are not known; unless they are too many. */
  const settle = (zone: Name): void => {
    const page = reads.activeNames({ after: zone, limit: MOST_BELOW });
    const below = page.filter((name) => name.isAtOrBelow(zone));
    if (below.length === MOST_BELOW) return;
    for (const name of [zone, ...below]) zones.announce(name);
    zones.settle(zone);
  };
  const settleWanted = async (): Promise<void> => {
    for (const [key, name] of wanted) {
      wanted.delete(key);
      const zone = zoneAbove(name);
      if (!zone) continue;
      settle(zone.name);
      await load(zone);
    }
  };
  const announceAll = async (): Promise<void> => {
    const pace = createPace(clock);
    zones.announcing = true;
    // An index tells the names: whether the zones themselves can be read, only they do.
    reads.activeZoneNames({ after: undefined, limit: 1 });
    for (let after: Name | undefined; ;) {
      const page = reads.activeNames({ after, limit: ZONES });
      for (const name of page) {
        zones.announce(name);
        const rest = pace.rest();
        if (rest) await rest;
        if (wanted.size > 0) await settleWanted();
        if (stopped) return;
      }
      loading.total += page.length;
      if (page.length < ZONES) break;
      after = page.at(-1)!;
    }
    zones.announcing = false;
  };

  const loadEach = async (
    page: readonly (StoredZone & Partial<Pick<WholeZone, 'nodes'>>)[],
    pace: Pace,
  ): Promise<void> => {
    for (const zone of page) {
      if (wanted.size > 0) await loadWanted();
      if (isStopped()) return;
      const image = zone.nodes && isUnloaded(zone.name) && imageOf(zones, zone.name, zone.nodes);
      if (image) serve(zone.name, image);
      else await load(zone);
      await pace.rest();
    }
  };
  /** What the other thread gives next. It takes a moment to start: what is wanted meanwhile is read here, as it is asked for. */
  const nextOf = async (feed: ZoneFeed): Promise<WholeZone[] | undefined> => {
    const reading: Promise<unknown>[] = [];
    onWanted = () => void reading.push(loadWanted().catch((error: unknown) => error));
    onWanted();
    const page = await feed.next().finally(() => (onWanted = () => undefined));
    const problem = (await Promise.all(reading)).find((each) => each !== undefined);
    if (problem !== undefined) throw problem as Error;
    return page;
  };
  const loadFed = async (feed: ZoneFeed, pace: Pace): Promise<void> => {
    try {
      for (let page = await nextOf(feed); page && !isStopped(); page = await nextOf(feed))
        await loadEach(page, pace);
    } catch {
      // What is left is read here.
    } finally {
      await feed.close();
    }
  };
  const loadAll = async (first: readonly Name[]): Promise<void> => {
    const pace = createPace(clock);
    for (const name of first) wanted.set(name.key, name);
    await loadWanted();
    if (options.feed && loading.total >= MANY) await loadFed(options.feed(), pace);
    for (let after: Name | undefined; !isStopped() && loading.done < loading.total;) {
      const page = reads.activeZoneNames({ after, limit: ZONES });
      await loadEach(page, pace);
      if (page.length < ZONES) break;
      after = page.at(-1)!.name;
    }
    if (!isStopped()) loading.done = loading.total;
  };

  return {
    zones,
    loading,
    view(zone) {
      const row = isUnloaded(zone) ? reads.zone(zone) : undefined;
      if (row) serve(zone, readImageNow(reads, zones, row));
      const image = served(zone);
      return image && imageView(image);
    },
    change() {
      const drafts: Draft[] = [];
      /** Versions of zones that were not active: of no use to anybody else. */
      let borrowed: ZoneImage[] = [];
      const giveBack = (images: readonly ZoneImage[]): void => images.forEach(giveImage);
      return {
        async before(within, zone) {
          await load(zone);
          if (zones.get(zone.name)) return served(zone.name);
          const read = await readImage(within, zones, zone, createPace(clock));
          if (read instanceof Error) return undefined;
          borrowed.push(read);
          return read;
        },
        add: (draft) => void drafts.push(draft),
        commit(removed) {
          const used = new Set(drafts.map(({ base }) => base?.address));
          giveBack(borrowed.filter(({ address }) => !used.has(address)));
          zones.commit({ set: drafts.splice(0), remove: removed });
          borrowed = [];
        },
        discard() {
          for (const draft of drafts.splice(0)) draft.discard();
          giveBack(borrowed);
          borrowed = [];
        },
      };
    },
    announce: () => (announcing = announceAll()),
    load: (first) => (loadingAll = loadAll(first)),
    want(name) {
      wanted.set(name.key, name);
      onWanted();
    },
    async stop() {
      stopped = true;
      await Promise.all([announcing, loadingAll].map((each) => each.catch(() => undefined)));
    },
  };
}

/** The image of the nodes of a small zone; undefined when they are not as they must be. */
function imageOf({ memory }: ServedZones, name: Name, nodes: readonly Uint8Array[]): ZoneImage | undefined {
  const builder = createImageBuilder(memory, name);
  let image: ZoneImage | undefined;
  try {
    for (const node of nodes) builder.add(node);
    image = builder.finish();
    openImage(image);
    return image;
  } catch {
    if (image) giveImage(image);
    else builder.abandon();
    return undefined;
  }
}

/** The last version of a zone; an error when it has none, or what is stored of it is damaged. */
async function readImage(
  reads: NodeReads,
  { memory }: ServedZones,
  zone: StoredZone,
  pace: Pace,
): Promise<ZoneImage | Error> {
  const reading = imageReading(reads, memory, zone);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
    await pace.rest();
  }
}

/** The same, without a rest. */
function readImageNow(reads: NodeReads, { memory }: ServedZones, zone: StoredZone): ZoneImage | Error {
  const reading = imageReading(reads, memory, zone);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}

/** Reads a zone slice by slice. */
function* imageReading(
  reads: NodeReads,
  memory: ServedZones['memory'],
  { id, name, records }: StoredZone,
): Generator<void, ZoneImage | Error> {
  const builder = createImageBuilder(memory, name, records * OCTETS_A_RECORD);
  let image: ZoneImage | undefined;
  try {
    for (let after: Parameters<NodeReads['nodeSlice']>[1]; ;) {
      const rows = reads.nodeSlice(id, after, ROWS);
      for (const row of rows) builder.add(row);
      if (rows.length < ROWS) break;
      const last = rows.at(-1)!;
      after = { kind: kindOfNode(last), key: storedKey(last, name) };
      yield;
    }
    image = builder.finish();
    openImage(image);
    return image;
  } catch (error) {
    if (image) giveImage(image);
    else builder.abandon();
    return error as Error;
  }
}
