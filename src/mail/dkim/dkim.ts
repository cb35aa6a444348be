import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { below } from '../../zones/derive/rule.ts';
import type { Keeper } from '../../work/history.ts';
import type { DomainPart } from '../../zones/domains/parts.ts';
import type { Publisher, ZoneChange } from '../../zones/publisher/publisher.ts';
import { zoneOf } from '../../zones/topology.ts';
import { giveKeys, keysChanged, type KeyTools } from './keys.ts';
import { createRsaThread, type RsaThread } from './rsa-thread.ts';
import { followDomain } from './steps.ts';
import { dkimRows, POOL_CONTEXT } from './store.ts';

/** RSA keys kept ahead: enough for a person's whole list of domains in one go. */
const POOL_SIZE = 16;
/** Milliseconds of rest per millisecond of work: key generation never takes more than a third of a core. */
const REST = 2;
/** Milliseconds before another try when a key could not be made or stored. */
const RETRY = 30_000;

/** DKIM keys of the mail domains. They come and go with the domain, in the same change. */
export interface Dkim extends DomainPart {
  /** Begins to make RSA keys in the background. */
  start(): void;
  /** Keys were taken: others are made in their place. */
  refill(): void;
  /** Resolves when nothing is written any more. */
  stop(): Promise<void>;
}

export interface DkimOptions extends KeyTools {
  work: UnitOfWork;
  publisher: Pick<Publisher, 'change'>;
  /** Told when other keys sign than before. */
  onChanged?: () => void;
  /** Told when something may be due for a domain that was there before. */
  onFollowed?: () => void;
  /** Makes RSA keys; left out: a thread does. */
  rsa?: RsaThread;
  log: Log;
}

const actor: Actor = { kind: 'system', id: 'dkim', name: 'DKIM keys', address: undefined };

/**
 * Keeps a pool of RSA keys, so that adding a domain need not wait for one. A domain that found the pool empty gets its Ed25519 key at
 * once and its RSA key later.
 */
export function createDkim(options: DkimOptions): Dkim {
  const { work, sealer, clock, log } = options;
  const reads = work.committed.rows(dkimRows);
  const pause = createPause(clock);
  const rsa = options.rsa ?? createRsaThread();
  let started = false;
  let filling = false;
  let ended = Promise.resolve();

  /** Makes one key for the pool, and gives it to who has waited longest. */
  async function makeOne(): Promise<void> {
    const { publicKey, privateKey } = await rsa.make();
    const sealedPrivateKey = sealer.seal(privateKey, POOL_CONTEXT);
    await work.change({ actor, cause: 'DKIM key made' }, (change) =>
      change.rows(dkimRows).addPooled({ publicKey, sealedPrivateKey }),
    );
    const domain = reads.nextWaiting();
    if (domain) await serveNext(domain);
  }

  /** Whoever cannot be served goes to the end of the queue: a zone in trouble keeps nobody else from a key. */
  async function serveNext(domain: Name): Promise<void> {
    const cause = `DKIM key of ${domain.toText()} made`;
    try {
      await options.publisher.change({ actor, cause }, (change) => serveWaiting(change, domain));
    } catch (error) {
      await work.change({ actor, cause: 'DKIM key put off' }, (change) => {
        const keys = change.rows(dkimRows);
        keys.deleteWaiting(domain);
        // It may have been removed meanwhile, and its keys with it.
        if (keys.keys(domain).length > 0) keys.addWaiting(domain);
      });
      throw error;
    }
    options.onChanged?.();
  }

  function serveWaiting(change: ZoneChange, domain: Name): void {
    const keys = change.unit.rows(dkimRows);
    const known = new Set(keys.keys(domain).map(({ selector }) => selector));
    if (!giveKeys(keys, domain, options)) return;
    keys.deleteWaiting(domain);
    const zone = zoneOf(change.tx, domain);
    const added = keys.keys(domain).filter(({ selector }) => !known.has(selector));
    const owners = added.flatMap(({ selector }) => below(`${selector}._domainkey`, domain) ?? []);
    if (zone) change.touch(zone, { owners });
  }

  async function fill(): Promise<void> {
    filling = true;
    while (started && (reads.nextWaiting() !== undefined || reads.pooled(POOL_SIZE) < POOL_SIZE)) {
      const begun = clock.monotonic();
      try {
        await makeOne();
        await pause.for((clock.monotonic() - begun) * REST);
      } catch (error) {
        log.error({ err: error }, 'could not make a DKIM key; trying again');
        await pause.for(RETRY);
      }
    }
    // Before the thread has ended: who needs a key meanwhile begins anew.
    filling = false;
    await rsa.end();
  }

  function kick(): void {
    if (started && !filling) ended = fill();
  }

  return {
    domainChanged(change, before, after) {
      const keys = change.rows(dkimRows);
      if (before?.mail && !after?.mail) keysChanged(keys, before.name, options);
      if (after?.mail && !before?.mail) {
        if (!giveKeys(keys, after.name, options)) keys.addWaiting(after.name);
        change.afterCommit(kick);
      }
      // Keys stay when mail is switched off: who switches it on again finds them published as before.
      if (before && !after) {
        keys.deleteKeys(before.name);
        keys.deleteWaiting(before.name);
      }
      followDomain(change, before, after, options);
      // What was on its way when it was left goes on.
      if (before && after) change.afterCommit(() => options.onFollowed?.());
    },
    refill: kick,
    start() {
      started = true;
      kick();
    },
    async stop() {
      started = false;
      pause.end();
      await ended;
    },
  };
}

/** Changes of keys that are remembered for an agent which is behind; one that is further behind gets all keys anew. */
const REMEMBERED = 10_000;
/** Rows that go in one change. */
const DROPPED = 1000;

/** Forgets changes of keys that no agent is so far behind as to need. */
export const keyChangeKeeper: Keeper = {
  what: 'dkim-changes',
  forget(change) {
    const rows = change.rows(dkimRows);
    const dropped = rows.dropChanges(rows.lastChange().sequence - REMEMBERED, DROPPED);
    return { dropped, more: dropped === DROPPED };
  },
};

/** Waiting that can be cut short, for good: that which would begin later, too. */
function createPause(clock: Clock): { for(milliseconds: number): Promise<void>; end(): void } {
  let ended = false;
  let end = (): void => undefined;
  return {
    for: (milliseconds) =>
      new Promise((resolve) => {
        const timer = clock.after(milliseconds, resolve);
        end = () => {
          timer.cancel();
          resolve();
        };
        if (milliseconds === 0 || ended) end();
      }),
    end() {
      ended = true;
      end();
    },
  };
}
