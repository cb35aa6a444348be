import { lookup } from 'node:dns/promises';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { isBoxName } from '../box-names.ts';
import type { Box } from '../model.ts';
import type { Reads } from '../store.ts';
import { hostZone } from '../topology.ts';
import { followsCatalogs, secondaryConfiguration, type SecondaryServer } from './configuration.ts';
import { plainAddress } from './policy.ts';
import { isCurrent, type SerialAt, serialAt } from './serials.ts';
import { type Secondary, secondaryRows } from './store.ts';

export interface SecondaryView extends Secondary {
  /** Whether zones have an NS record for it. */
  published: boolean;
}

/** How far a secondary is with a zone. */
export interface ZoneLag {
  zone: Name;
  /** Ours. */
  serial: number;
  /** At each of its addresses. */
  at: { address: string; found: SerialAt }[];
  /** Whether all of them have it. */
  current: boolean;
}

export interface SecondaryRequest {
  name: Name;
  addresses: readonly string[];
  port: number;
  tsigKey: Name | undefined;
  publish: boolean;
  /** It learns from the catalog zone which zones there are. */
  catalog: boolean;
  /** Has it published at once, whether it has the zones or not. */
  unverified: boolean;
}

export interface SecondaryConfiguration {
  text: string;
  /** How many zones it names. */
  zones: number;
  /** Whether there are more. */
  more: boolean;
  /** The catalog zone that names them all. */
  catalog: Name | undefined;
}

export interface SecondaryService {
  list(): SecondaryView[];
  get(name: Name): SecondaryView | undefined;
  /** Asks it for the serials of one zone, or of a sample of all. @throws AppError not-found */
  lags(name: Name, zone?: Name): Promise<ZoneLag[]>;
  /** The names that zones are to have NS records for: those that have, and those that wait until they have the zones. */
  wanted(): Name[];
  /** These are to be published and no others, when they have the zones. What only a name was known of goes with it. */
  want(actor: Actor, names: readonly Name[]): Promise<void>;
  /**
   * @throws AppError already-exists; invalid-request for a key that is not there, a name that is the box's own, or a catalog for one that may not
   * have all zones; not-configured for a catalog while the box has no hostname
   */
  add(actor: Actor, request: SecondaryRequest): Promise<SecondaryView>;
  /** Takes its NS records from all zones, and what it may. @throws AppError not-found */
  remove(actor: Actor, name: Name): Promise<void>;
  /**
   * What to set up there: the catalog, where it takes that and the server can; else the zones that it may transfer, the first {@link MOST_ZONES} of
   * them. @throws AppError not-found
   */
  configuration(name: Name, server: SecondaryServer): SecondaryConfiguration;
  /** Where it is: what was given, or what its name resolves to. */
  addressesOf(name: Name): Promise<readonly string[]>;
}

/** What looks after the secondaries that are to be published. */
export interface Secondaries extends SecondaryService {
  /** Begins to look whether those that wait to be published have the zones. */
  start(): void;
  stop(): Promise<void>;
}

export interface SecondaryOptions {
  work: UnitOfWork;
  reads: Pick<Reads, 'box' | 'zone' | 'activeZoneNames' | 'domain' | 'domainsBelow'>;
  /** Has all zones published with other secondaries. */
  setPublished: (
    actor: Actor,
    cause: string,
    edit: (names: readonly Name[]) => readonly Name[],
  ) => Promise<void>;
  /** Called in a change that changes who may transfer. */
  changed: (change: Change) => void;
  /** The catalog zone, when a secondary takes it. */
  catalog: () => Name | undefined;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

/** Zones in one configuration: more are set up by a program, zone by zone. */
export const MOST_ZONES = 10_000;
/** Zones that a secondary must have before it is published, and that are asked for when none is named: the box's own, and the first others. */
const SAMPLE = 10;
/** Milliseconds between two looks at those that wait to be published: short at first, later longer. */
const FIRST_POLL = 5000;
const LONGEST_POLL = 300_000;

const checker: Actor = { kind: 'system', id: 'secondaries', name: 'secondary checks', address: undefined };

export function createSecondaryService(options: SecondaryOptions): Secondaries {
  const { work, reads, setPublished, changed, catalog, clock, random, onError } = options;
  const rows = work.committed.rows(secondaryRows);
  const isPublished = (name: Name): boolean =>
    reads.box()?.secondaries.some((one) => one.equals(name)) ?? false;
  const viewOf = (row: Secondary): SecondaryView => ({ ...row, published: isPublished(row.name) });
  const find = (name: Name): Secondary => {
    const row = rows.secondary(name);
    if (!row) throw new AppError('not-found', `There is no secondary ${name.toText()} on this box.`);
    return row;
  };
  const publish = (actor: Actor, name: Name): Promise<void> =>
    setPublished(actor, `secondary ${name.toText()} published`, (names) =>
      names.some((one) => one.equals(name)) ? names : [...names, name],
    );

  const sample = ({ tsigKey }: Secondary): Name[] => {
    const box = reads.box();
    const opened = tsigKey && rows.key(tsigKey)?.transfer;
    if (opened !== undefined && opened !== 'all') return opened.slice(0, SAMPLE);
    const first = reads.activeZoneNames({ after: undefined, limit: SAMPLE }).map(({ name }) => name);
    const own = box ? [hostZone(reads, box)] : [];
    return [...own, ...first.filter((name) => !own.some((one) => one.equals(name)))].slice(0, SAMPLE);
  };
  const addressesOf = async (row: Secondary): Promise<readonly string[]> => {
    if (row.addresses.length > 0) return row.addresses;
    const found = await lookup(row.name.toText(), { all: true });
    return found.map(({ address }) => address);
  };
  const lagOf = async (
    row: Secondary,
    zone: Name,
    addresses: readonly string[],
  ): Promise<ZoneLag | undefined> => {
    const serial = reads.zone(zone)?.active ? reads.zone(zone)?.serial : undefined;
    if (serial === undefined) return undefined;
    const at = await Promise.all(
      addresses.map(async (address) => ({
        address,
        found: await serialAt({ address, port: row.port }, zone, { clock, random }),
      })),
    );
    const current =
      at.length > 0 && at.every(({ found }) => found.kind === 'serial' && isCurrent(found.serial, serial));
    return { zone, serial, at, current };
  };
  const lagsOf = async (row: Secondary, zones: readonly Name[]): Promise<ZoneLag[]> => {
    const addresses = await addressesOf(row).catch(() => []);
    const lags = await Promise.all(zones.map((zone) => lagOf(row, zone, addresses)));
    return lags.filter((lag) => lag !== undefined);
  };

  const waiting = (): Secondary[] =>
    rows.secondaries().filter(({ name, publish }) => publish && !isPublished(name));
  const look = async (): Promise<void> => {
    for (const row of waiting()) {
      const lags = await lagsOf(row, sample(row));
      // Removed, or published, meanwhile.
      if (!waiting().some(({ name }) => name.equals(row.name))) continue;
      if (lags.length > 0 && lags.every(({ current }) => current)) await publish(checker, row.name);
    }
  };
  let poll = FIRST_POLL;
  let timer = clock.after(0, () => undefined);
  let running = Promise.resolve();
  let started = false;
  const wait = (): void => {
    timer.cancel();
    if (!started || waiting().length === 0) return;
    timer = clock.after(poll, () => {
      poll = Math.min(2 * poll, LONGEST_POLL);
      running = look().catch(onError).then(wait);
    });
  };
  const lookSoon = (): void => {
    poll = FIRST_POLL;
    wait();
  };

  return {
    list: () => rows.secondaries().map(viewOf),
    get(name) {
      const row = rows.secondary(name);
      return row && viewOf(row);
    },
    wanted() {
      const published = reads.box()?.secondaries ?? [];
      return [...published, ...waiting().map(({ name }) => name)];
    },
    async want(actor, names) {
      const isWanted = (name: Name): boolean => names.some((one) => one.equals(name));
      const known = rows.secondaries();
      const isSettled =
        known.every(({ name, publish }) => publish === isWanted(name)) &&
        names.every((name) => known.some((row) => row.name.equals(name)));
      if (isSettled) return;
      const createdAt = toRfc3339(clock.now());
      await work.change({ actor, cause: 'secondaries changed' }, (change) => {
        const tx = change.rows(secondaryRows);
        for (const name of names) {
          const row = tx.secondary(name) ?? plainSecondary(name, createdAt);
          tx.putSecondary({ ...row, publish: true });
        }
        for (const row of tx.secondaries()) {
          if (isWanted(row.name)) continue;
          if (isPlain(row)) tx.deleteSecondary(row.name);
          else tx.putSecondary({ ...row, publish: false });
        }
        changed(change);
      });
      lookSoon();
    },
    lags: async (name, zone) => {
      const row = find(name);
      return lagsOf(row, zone ? [zone] : sample(row));
    },
    addressesOf: async (name) => {
      const row = rows.secondary(name);
      return row ? addressesOf(row) : [];
    },

    configuration(name, server) {
      const { tsigKey, ...row } = find(name);
      const key = tsigKey && rows.key(tsigKey);
      const opened = key?.transfer ?? 'all';
      const limit = MOST_ZONES + 1;
      const isFollowed = row.catalog && followsCatalogs(server, key !== undefined);
      const followed = isFollowed ? catalog() : undefined;
      const listed =
        opened === 'all'
          ? reads.activeZoneNames({ after: undefined, limit }).map((zone) => zone.name)
          : opened;
      const found = followed ? [] : listed;
      const zones = found.slice(0, MOST_ZONES).map((zone) => zone.toText());
      const box = reads.box();
      const text = secondaryConfiguration(server, {
        addresses: [...(box?.ipv4 ?? []), ...(box?.ipv6 ?? [])],
        port: 53,
        key: key && { name: key.name.toText(), algorithm: key.algorithm },
        zones,
        catalog: followed?.toText(),
      });
      return { text, zones: zones.length, more: found.length > MOST_ZONES, catalog: followed };
    },

    async add(actor, { unverified, ...request }) {
      const { name, tsigKey } = request;
      const text = name.toText();
      checkName(reads.box(), name);
      const row = {
        ...request,
        addresses: request.addresses.map(plainAddress),
        createdAt: toRfc3339(clock.now()),
      };
      await work.change({ actor, cause: `secondary ${text} added` }, (change) => {
        const tx = change.rows(secondaryRows);
        if (tx.secondary(name))
          throw new AppError('already-exists', `There is a secondary ${text} already; remove it first.`);
        const found = tsigKey && tx.key(tsigKey);
        if (tsigKey && !found) throw unknownKey(tsigKey);
        if (row.catalog && found && found.transfer !== 'all') throw notAllZones(found.name);
        tx.putSecondary(row);
        const key = tsigKey?.toText() ?? null;
        change.audit('secondary.add', text, { ...row, name: text, tsigKey: key, unverified });
        change.event('secondary.added', { secondary: text });
        changed(change);
      });
      if (row.publish && unverified) await publish(actor, name);
      lookSoon();
      return viewOf(row);
    },

    async remove(actor, name) {
      const text = name.toText();
      find(name);
      if (isPublished(name))
        await setPublished(actor, `secondary ${text} removed`, (names) =>
          names.filter((one) => !one.equals(name)),
        );
      await work.change({ actor, cause: `secondary ${text} removed` }, (change) => {
        change.rows(secondaryRows).deleteSecondary(name);
        change.audit('secondary.remove', text, {});
        change.event('secondary.removed', { secondary: text });
        changed(change);
      });
    },

    start() {
      started = true;
      wait();
    },
    async stop() {
      started = false;
      timer.cancel();
      await running;
    },
  };
}

/** A secondary of which only the name is known. */
function plainSecondary(name: Name, createdAt: string): Secondary {
  return {
    ...{ name, addresses: [], port: 53, tsigKey: undefined, publish: true, catalog: false },
    createdAt,
  };
}

function isPlain({ addresses, port, tsigKey }: Secondary): boolean {
  return addresses.length === 0 && port === 53 && !tsigKey;
}

function unknownKey(key: Name): AppError {
  const message = `There is no TSIG key ${key.toText()}; make it first, with POST /api/v1/tsig-keys.`;
  return new AppError('invalid-request', message, { errors: [{ path: 'tsigKey', message }] });
}

function notAllZones(key: Name): AppError {
  const message = `The key ${key.toText()} opens some zones only, and the catalog names all; make a key that opens all of them.`;
  return new AppError('invalid-request', message, { errors: [{ path: 'catalog', message }] });
}

/** @throws AppError invalid-request */
function checkName(box: Box | undefined, name: Name): void {
  if (!box) return;
  if (!isBoxName(box, name)) return;
  const message = `${name.toText()} is the box itself, and no secondary nameserver.`;
  throw new AppError('invalid-request', message, { errors: [{ path: 'name', message }] });
}
