import { type Clock, epochSeconds, sleep, type Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { defaultSignPolicy, type SignPolicy } from '../../dns/dnssec/policy.ts';
import { secondsUntil } from '../../dns/dnssec/verify.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneNode, ZoneView } from '../../dns/zone/node.ts';
import type { Actor } from '../../work/actor.ts';
import type { ZoneFaults } from '../faults.ts';
import { earlyRefresh } from '../publisher/publish-zone.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { Store, ZoneRow } from '../store.ts';

export interface ResigningOptions {
  store: Store;
  publisher: Publisher;
  faults: ZoneFaults;
  clock: Clock;
  log: Log;
  policy?: SignPolicy;
}

export interface Resigning {
  /** Resolves when nothing is being signed any more. */
  stop(): Promise<void>;
}

/** Milliseconds: the clock may have been set, and zones have come since. */
const LONGEST_WAIT = 3_600_000;
/** Milliseconds between two transactions: what people ask for goes first. */
const PAUSE = 20;
/** Milliseconds before another try when one failed. */
const RETRY = 60_000;
/** Owners renewed in one transaction. */
const SLICE = 300;

const actor: Actor = { kind: 'system', id: 'resign', name: 'signature renewal', address: undefined };
const why = { actor, cause: 'signatures refreshed' };

/** Renews signatures well before they expire: zone after zone, each when it falls due, a large one in slices. */
export function startResigning(options: ResigningOptions): Resigning {
  const { store, faults, clock, log } = options;
  let timer: Timer | undefined;
  let running = Promise.resolve();
  let stopped = false;

  async function run(): Promise<void> {
    while (!stopped) {
      // Those that failed are tried again elsewhere, and are all that may stand before one that is well.
      const due = store.read.zonesToResign(epochSeconds(clock), faults.list().length + 1);
      const zone = due.find(({ name }) => !faults.has(name));
      if (!zone) return;
      await faults.guard(zone.name, () => renewZone(options, zone, () => stopped));
      await sleep(clock, PAUSE);
    }
  }

  function schedule(delay: number): void {
    if (stopped) return;
    timer = clock.after(delay, () => {
      running = run().then(
        () => schedule(untilNext()),
        (error: unknown) => {
          log.error({ err: error }, 'signatures could not be renewed; trying again in a minute');
          schedule(RETRY);
        },
      );
    });
  }

  function untilNext(): number {
    const next = store.read.nextResign();
    if (next === undefined) return LONGEST_WAIT;
    const wait = next * 1000 - clock.now();
    // What is due already has failed, and hides when the next one is.
    return wait > 0 ? Math.min(wait, LONGEST_WAIT) : LONGEST_WAIT;
  }

  schedule(0);
  return {
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
  };
}

async function renewZone(
  { publisher, clock, policy = defaultSignPolicy }: ResigningOptions,
  zone: ZoneRow,
  stopped: () => boolean,
): Promise<void> {
  const view = publisher.view(zone.name);
  if (!view) return;
  const limit = epochSeconds(clock) + earlyRefresh(policy);
  if (view.size > SLICE) {
    for (let owner: Name | undefined = zone.name; owner && !stopped();) {
      const slice = dueOwners(publisher.view(zone.name) ?? view, owner, limit);
      if (slice.due.length > 0) {
        await publisher.change(why, (change) =>
          change.touch(zone.name, { owners: slice.due, renew: 'owners' }),
        );
        await sleep(clock, PAUSE);
      }
      owner = slice.next;
    }
  }
  // The rest, and the moment when the zone falls due again.
  await publisher.change(why, (change) => change.touch(zone.name, { owners: [], renew: 'everything' }));
}

/** Up to a slice of the owners from `from` on, with a signature that expires before `limit`; and where to go on. */
function dueOwners(view: ZoneView, from: Name, limit: number): { due: Name[]; next: Name | undefined } {
  const due: Name[] = [];
  let node = view.node(from) ?? view.next(from);
  for (;;) {
    if (expiresBefore(node, limit)) due.push(node.owner);
    const next = view.next(node.owner);
    // Behind the last name comes the apex again.
    if (next.owner.equals(view.origin)) return { due, next: undefined };
    if (due.length === SLICE) return { due, next: next.owner };
    node = next;
  }
}

/** RRSIG rdata holds its expiration at octet 8 (RFC 4034 §3.1). */
function expiresBefore({ rrsets }: ZoneNode, limit: number): boolean {
  return rrsets.some(({ signatures }) =>
    signatures.some((rdata) => {
      const expiration = Buffer.from(rdata.buffer, rdata.byteOffset).readUInt32BE(8);
      return secondsUntil(expiration, limit) < 0;
    }),
  );
}
