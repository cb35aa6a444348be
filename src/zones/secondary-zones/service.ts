import { AppError } from '../../core/errors.ts';
import type { Network } from '../../core/network.ts';
import { inSlices, type Steps } from '../../core/slices.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { soa } from '../../dns/rdata/soa.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import type { NotifyQuestion } from '../../dns/server/questions.ts';
import { Rcode } from '../../dns/wire/codes.ts';
import { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import { nameCursor } from '../../work/cursor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { Change } from '../../work/unit-of-work.ts';
import { interfaceAddresses } from '../box/addresses.ts';
import { mayConnect } from '../import/outbound.ts';
import { plainAddress } from '../secondaries/policy.ts';
import { secondaryRows } from '../secondaries/store.ts';
import { zoneRows } from '../store.ts';
import { collisionOf } from './collisions.ts';
import { type Follower, type FollowerState, type FollowerTools, followZone, idleState } from './follower.ts';
import { expiresAt, isServed } from './serving.ts';
import { allSecondaryZones, type Primary, type SecondaryZone, secondaryZoneRows } from './store.ts';

/** Transfers that are under way at once. */
const AT_ONCE = 4;

/**
 * How it is with a zone. `pending`: nothing came yet, or what did cannot be read any more; `current`: it is served, and a primary was asked in time; `failing`: it is served, and
 * no primary gives it any more; `expired`: that for so long that it is not served.
 */
export type SecondaryZoneCondition = 'pending' | 'current' | 'failing' | 'expired';

export interface SecondaryZoneView extends SecondaryZone, FollowerState {
  condition: SecondaryZoneCondition;
  serial: number | undefined;
  /** When it expires, unless a primary is reached: milliseconds since the epoch. */
  expiresAt: number | undefined;
}

/** Zones of somebody else's that the box serves. */
export interface SecondaryZoneService {
  list(page: PageRequest): Page<SecondaryZoneView>;
  get(name: Name): SecondaryZoneView | undefined;
  /** Its first transfer begins at once. @throws AppError already-exists, in-use, invalid-request, forbidden */
  add(actor: Actor, request: { name: Name; primaries: readonly Primary[] }): Promise<SecondaryZoneView>;
  /** @throws AppError not-found, invalid-request, forbidden */
  change(actor: Actor, name: Name, primaries: readonly Primary[]): Promise<SecondaryZoneView>;
  /** Has the primaries asked now. @throws AppError not-found */
  refresh(name: Name): SecondaryZoneView;
  /** It is not served any more. @throws AppError not-found */
  remove(actor: Actor, name: Name): Promise<void>;
}

export interface SecondaryZones extends SecondaryZoneService {
  /** Resolves when all are followed. */
  start(): Promise<void>;
  /** What was stored has been read, as far as it can be. */
  loaded(): void;
  stop(): Promise<void>;
  /** Answers a NOTIFY (RFC 1996) with an RCODE. */
  notified(question: NotifyQuestion): number;
  /** The first few of those that are not as they should be, and how many there are. */
  troubled(most: number): { zones: SecondaryZoneView[]; count: number };
  /** How many there are of each condition. */
  figures(): Record<SecondaryZoneCondition, number>;
}

export interface SecondaryZoneOptions extends Omit<FollowerTools, 'turn'> {
  /** Networks that primaries may be in although they are not public. */
  networks: readonly Network[];
  /** The catalog that the box makes. */
  catalog: () => Name | undefined;
  /** Called in a change of who may send NOTIFY. */
  changed: (change: Change) => void;
}

export function createSecondaryZones(options: SecondaryZoneOptions): SecondaryZones {
  const { work, reads, zones, clock, networks, catalog, changed, log } = options;
  const followers = new Map<string, Follower>();
  const tools: FollowerTools = { ...options, turn: turns(AT_ONCE) };
  /** Those that were removed and have something under way. */
  const leaving = new Set<Promise<void>>();
  let started = false;
  let starting: Promise<void> = Promise.resolve();

  function* followAll(): Steps<void> {
    for (const { name } of allSecondaryZones(reads)) {
      if (!started) return;
      if (!followers.has(name.key)) follow(name);
      yield;
    }
  }
  const follow = (name: Name): void => void followers.set(name.key, followZone(name, tools));
  const viewOf = (row: SecondaryZone): SecondaryZoneView => {
    const state = followers.get(row.name.key)?.state ?? idle;
    const { version } = row;
    const expiry = version && expiresAt(version);
    return {
      ...row,
      ...state,
      condition: conditionOf(expiry, isServed(zones, row.name), state, clock.now()),
      serial: version && fromWire(soa, version.soa).serial,
      expiresAt: expiry,
    };
  };
  /** What is asked often is known without a look into the database. */
  const conditionHere = ({ name, state }: Follower): SecondaryZoneCondition =>
    conditionOf(state.expiresAt, isServed(zones, name), state, clock.now());
  const isTroubled = (follower: Follower): boolean => {
    const { failures, problem } = follower.state;
    const condition = conditionHere(follower);
    // What was just added is not late yet.
    return condition === 'pending' ? failures > 0 : condition !== 'current' || problem !== undefined;
  };
  const find = (name: Name): SecondaryZone => {
    const row = reads.zone(name);
    if (!row) throw unknown(name);
    return row;
  };
  const checked = (change: Change, actor: Actor, primaries: readonly Primary[]): Primary[] => {
    const box = change.rows(zoneRows).box();
    const own = [...interfaceAddresses(), ...(box?.ipv4 ?? []), ...(box?.ipv6 ?? [])];
    const isAllowed = mayConnect({ allowed: networks, own });
    return primaries.map((primary, at) => {
      const { address, tsigKey } = primary;
      if (actor.kind !== 'local' && !isAllowed(address)) throw notPublic(address);
      if (tsigKey && !change.rows(secondaryRows).key(tsigKey)) throw unknownKey(tsigKey, at);
      return { ...primary, address: plainAddress(address) };
    });
  };

  return {
    list({ limit, cursor }) {
      const after = cursor === undefined ? undefined : nameCursor(cursor);
      const found = reads.zones({ after, limit: limit + 1 });
      const items = found.slice(0, limit);
      return {
        items: items.map(viewOf),
        next: found.length > limit ? items.at(-1)!.name.toText() : undefined,
      };
    },
    get(name) {
      const row = reads.zone(name);
      return row && viewOf(row);
    },

    async add(actor, { name, primaries }) {
      const text = name.toText();
      await work.change({ actor, cause: `secondary zone ${text} added` }, (change) => {
        const rows = change.rows(secondaryZoneRows);
        if (rows.zone(name))
          throw new AppError('already-exists', `${text} is a secondary zone already; change its primaries.`);
        const collision = catalog()?.equals(name)
          ? `${text} is the catalog that the box itself makes.`
          : collisionOf(change.rows(zoneRows), name);
        if (collision !== undefined) throw new AppError('in-use', collision);
        const asked = checked(change, actor, primaries);
        rows.putZone({ name, primaries: asked, version: undefined, createdAt: toRfc3339(clock.now()) });
        change.audit('secondary-zone.add', text, { primaries: asked.map(auditOf) });
        change.event('secondary-zone.added', { zone: text });
        changed(change);
        change.afterCommit(() => {
          zones.announce(name);
          if (started) follow(name);
        });
      });
      return viewOf(find(name));
    },

    async change(actor, name, primaries) {
      const text = name.toText();
      await work.change({ actor, cause: `secondary zone ${text} changed` }, (change) => {
        const rows = change.rows(secondaryZoneRows);
        const row = rows.zone(name);
        if (!row) throw unknown(name);
        const asked = checked(change, actor, primaries);
        rows.putZone({ ...row, primaries: asked });
        change.audit('secondary-zone.update', text, { primaries: asked.map(auditOf) });
        change.event('secondary-zone.changed', { zone: text });
        changed(change);
        change.afterCommit(() => followers.get(name.key)?.changed());
      });
      return viewOf(find(name));
    },

    refresh(name) {
      const row = find(name);
      followers.get(name.key)?.refresh();
      return viewOf(row);
    },

    async remove(actor, name) {
      const text = name.toText();
      await work.change({ actor, cause: `secondary zone ${text} removed` }, (change) => {
        const rows = change.rows(secondaryZoneRows);
        if (!rows.zone(name)) throw unknown(name);
        rows.deleteZone(name);
        change.audit('secondary-zone.remove', text, {});
        change.event('secondary-zone.removed', { zone: text });
        changed(change);
        change.afterCommit(() => {
          zones.commit({ remove: [name] });
          const left = followers.get(name.key)?.stop();
          followers.delete(name.key);
          // What it has under way comes to nothing.
          if (!left) return;
          leaving.add(left);
          void left.finally(() => leaving.delete(left));
        });
      });
    },

    start() {
      started = true;
      starting = inSlices(followAll(), clock);
      return starting;
    },
    loaded() {
      for (const follower of followers.values()) follower.loaded();
    },
    async stop() {
      started = false;
      await starting;
      await Promise.all([...leaving, ...[...followers.values()].map((follower) => follower.stop())]);
    },

    notified({ zone, client, key, serial }) {
      const name = Name.fromWire(zone);
      const row = reads.zone(name);
      if (!row) return Rcode.NOTAUTH;
      const isPrimary = row.primaries.some(
        ({ address, tsigKey }) =>
          address === client || (key !== undefined && tsigKey?.equals(Name.parse(key))),
      );
      if (!isPrimary) {
        log.info({ zone: name.toText(), client }, 'NOTIFY from who is no primary of the zone');
        return Rcode.REFUSED;
      }
      followers.get(name.key)?.notified(client, serial);
      return Rcode.NOERROR;
    },
    troubled(most) {
      const found = [...followers.values()].filter(isTroubled);
      const rows = found.slice(0, most).map(({ name }) => reads.zone(name));
      return { zones: rows.filter((row) => row !== undefined).map(viewOf), count: found.length };
    },
    figures() {
      const counts = { pending: 0, current: 0, failing: 0, expired: 0 };
      for (const follower of followers.values()) counts[conditionHere(follower)]++;
      return counts;
    },
  };
}

const idle = idleState();

function conditionOf(
  expiry: number | undefined,
  served: boolean,
  { failures }: FollowerState,
  now: number,
): SecondaryZoneCondition {
  if (expiry === undefined) return 'pending';
  if (expiry <= now) return 'expired';
  if (!served) return 'pending';
  return failures > 0 ? 'failing' : 'current';
}

/** So many at once; the others wait for their turn, in the order of asking. */
function turns(most: number): FollowerTools['turn'] {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

function auditOf({ address, port, tsigKey, tls }: Primary): Record<string, unknown> {
  return { address, port, tsigKey: tsigKey?.toText(), tls: tls !== undefined };
}

function unknown(name: Name): AppError {
  return new AppError('not-found', `There is no secondary zone ${name.toText()} on this box.`);
}

function unknownKey(key: Name, at: number): AppError {
  const message = `There is no TSIG key ${key.toText()}; make it first, with POST /api/v1/tsig-keys.`;
  return new AppError('invalid-request', message, {
    errors: [{ path: `primaries[${at}].tsigKey`, message }],
  });
}

function notPublic(address: string): AppError {
  return new AppError(
    'forbidden',
    `${address} is this box itself or in a network that is not public; name such a primary with the signpost command on the box, or allow that network with --import-networks.`,
  );
}
