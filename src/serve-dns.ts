import { existsSync, readFileSync } from 'node:fs';
import type { Clock } from './core/clock.ts';
import type { Config } from './core/config.ts';
import { createLifecycle, type Lifecycle } from './core/lifecycle.ts';
import type { Log } from './core/log.ts';
import { type Random, randomInteger } from './core/random.ts';
import { isDamage } from './db/damage.ts';
import { parseHints } from './dns/client/hints-file.ts';
import type { Nameserver } from './dns/client/root-hints.ts';
import type { DataPlane } from './dns/server/data-plane.ts';
import type { Name } from './dns/wire/name.ts';
import { createServedZones, type ServedZonesOptions } from './dns/zone/served-zones.ts';
import { listen } from './listen.ts';
import { StartError } from './start-error.ts';
import { damagedAtStart, openStorage, type Storage } from './storage.ts';
import { createEvents, type EventHub } from './work/events.ts';
import { createUnitOfWork, type UnitOfWork } from './work/unit-of-work.ts';
import { announceCatalog } from './zones/catalog/catalog.ts';
import { catalogRows } from './zones/catalog/store.ts';
import { createServedImages, type ServedImages } from './zones/publisher/served-images.ts';
import { transferPolicy } from './zones/secondaries/policy.ts';
import { secondaryRows } from './zones/secondaries/store.ts';
import { announceSecondaryZones, loadSecondaryZones } from './zones/secondary-zones/serving.ts';
import { secondaryZoneRows } from './zones/secondary-zones/store.ts';
import { type Reads, type Store, zoneRows } from './zones/store.ts';
import { hostZone } from './zones/topology.ts';

export interface StartOptions {
  config: Config;
  clock: Clock;
  random: Random;
  log: Log;
}

/** A box that answers queries with what it served last; nothing can be changed yet. */
export interface ServedDns {
  lifecycle: Lifecycle;
  storage: Storage;
  events: EventHub;
  work: UnitOfWork;
  store: Store;
  images: ServedImages;
  plane: DataPlane;
  /** Where delegation checks start; undefined: the root servers of the internet. */
  roots: Nameserver[] | undefined;
  /** Settles when every zone is served that can be read. */
  loaded: Promise<void>;
  /** Zones whose stored version cannot be read, of which nobody was told. */
  unreadable: readonly Name[];
  /** From now on each further one is told. */
  onUnreadable(tell: (zone: Name) => void): void;
}

/**
 * Opens the storage and answers queries. What this needs is little beside the whole program, whose modules take a second to load:
 * the answers come first.
 * @throws StartError when the person must put something right first
 */
export async function serveDns(options: StartOptions): Promise<ServedDns> {
  const lifecycle = createLifecycle(options.log, options.clock);
  try {
    return await serve(options, lifecycle);
  } catch (error) {
    await lifecycle.stop();
    throw isDamage(error) ? damagedAtStart(options.config.data, error) : error;
  }
}

/** Zones are read here and there, for each query elsewhere. Where no C function can be called they are served from small pages. */
async function hugePages(): Promise<Pick<ServedZonesOptions, 'onMemory'>> {
  try {
    const { useHugePages } = await import('./native/huge-pages.ts');
    return { onMemory: useHugePages };
  } catch {
    return {};
  }
}

async function serve({ config, clock, random, log }: StartOptions, lifecycle: Lifecycle): Promise<ServedDns> {
  const roots = readRoots(config.rootHints);
  const storage = await openStorage(config.data, random);
  lifecycle.onStop('database', () => storage.close());
  for (const warning of storage.warnings) log.warn(warning);
  storage.startUpkeep({ clock, log });
  const events = createEvents({ clock, log });
  const work = createUnitOfWork({ storage: storage.rows, events, clock, log });
  const store = { read: work.committed.rows(zoneRows) };
  const unreadable: Name[] = [];
  let tell = (zone: Name): void => void unreadable.push(zone);
  const memory = await hugePages();
  const images = createServedImages({
    reads: store.read,
    feed: () => storage.zoneFeed(),
    zones: createServedZones({ seed: randomInteger(random, 2 ** 32), ...memory }),
    clock,
    onUnreadable(zone, err) {
      log.error(
        { zone: zone.toText(), err },
        'the stored version of a zone cannot be read; publishing it anew',
      );
      tell(zone);
    },
  });
  const announced = images.announce();
  // Whoever waits for it says what went wrong.
  announced.catch(() => undefined);
  lifecycle.onStop('loading zones', () => images.stop());
  announceCatalog(work.committed.rows(catalogRows), images.zones);
  const followed = work.committed.rows(secondaryZoneRows);
  announceSecondaryZones(followed, images.zones);
  const primaries = followed.primaryAddresses();
  const transfers = transferPolicy(work.committed.rows(secondaryRows), primaries, storage.sealer, log);
  const plane = await listen(config, images, { transfers, clock, log });
  lifecycle.onStop('DNS', () => plane.close());
  // What could change zones comes after all of them are known.
  await announced;
  let stopping = false;
  const ofOthers = loadSecondaryZones({ reads: followed, zones: images.zones, clock, log }, () => stopping);
  ofOthers.catch(() => undefined);
  lifecycle.onStop('loading zones of others', async () => {
    stopping = true;
    await ofOthers.catch(() => undefined);
  });
  const loaded = Promise.all([images.load(hostZones(store.read)), ofOthers]).then(() => undefined);
  // Whoever waits for it later says what went wrong.
  loaded.catch(() => undefined);
  const onUnreadable: ServedDns['onUnreadable'] = (told) => void (tell = told);
  return { lifecycle, storage, events, work, store, images, plane, roots, loaded, unreadable, onUnreadable };
}

/** The zone that is loaded first: the box's own name is in it, and the nameservers of all others. */
function hostZones(reads: Reads): Name[] {
  const box = reads.box();
  return box ? [hostZone(reads, box)] : [];
}

/** @throws StartError */
function readRoots(file: string | undefined): Nameserver[] | undefined {
  if (file === undefined) return undefined;
  const refuse = (message: string): never => {
    throw new StartError('flags', `The root hints in ${file} (--root-hints) cannot be read: ${message}.`);
  };
  if (!existsSync(file)) return refuse('there is no such file');
  const result = parseHints(readFileSync(file, 'utf8'));
  return result.ok ? result.roots : refuse(result.message);
}
