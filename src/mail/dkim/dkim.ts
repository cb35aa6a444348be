import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Name } from '../../dns/wire/name.ts';
import { generateRsa } from './key-pair.ts';
import { giveKeys, type KeyTools } from './keys.ts';
import { type DkimStore, type DkimTransaction, POOL_CONTEXT } from './store.ts';

/** RSA keys kept ahead: enough for a person's whole list of domains in one go. */
const POOL_SIZE = 16;
/** Milliseconds of rest per millisecond of work: key generation never takes more than a third of a core. */
const REST = 2;
/** Milliseconds before another try when a key could not be made or stored. */
const RETRY = 30_000;

export interface Dkim {
  /**
   * Within the transaction that adds the domain: makes its keys. When no RSA key is at hand it follows later,
   * and `onKeysChanged` tells. Does nothing for a domain that has keys.
   */
  addDomain(tx: DkimTransaction, domain: Name): void;
  /** Within the transaction that removes the domain: its keys go with it. */
  removeDomain(tx: DkimTransaction, domain: Name): void;
  /** Begins to make RSA keys in the background. */
  start(): void;
  /** Resolves when nothing is written any more. */
  stop(): Promise<void>;
}

export interface DkimOptions extends KeyTools {
  store: DkimStore;
  log: Log;
  /** A domain got a key after it was added: its zone must be published. */
  onKeysChanged: (domain: Name) => void;
}

/** DKIM keys of the mail domains, with a pool of RSA keys so that adding a domain need not wait for one. */
export function createDkim(options: DkimOptions): Dkim {
  const { store, sealer, clock, log } = options;
  /** Domains that wait for an RSA key. */
  const waiting = new Map<string, Name>();
  const pause = createPause(clock);
  let started = false;
  let filling = false;
  /** A key was taken, maybe in a transaction that is not yet committed. */
  let taken = false;
  let ended = Promise.resolve();

  /** Makes one key and gives it away, or puts it into the pool. */
  async function makeOne(): Promise<void> {
    taken = false;
    const { publicKey, privateKey } = await generateRsa();
    const sealedPrivateKey = sealer.seal(privateKey, POOL_CONTEXT);
    const served = await store.write((tx) => {
      tx.addPooled({ publicKey, sealedPrivateKey });
      return serveWaiting(tx);
    });
    for (const { domain, given } of served) {
      waiting.delete(domain.key);
      if (given) options.onKeysChanged(domain);
    }
  }

  /** Gives out keys as long as there are any; domains that were removed in the meantime wait no longer. */
  function serveWaiting(tx: DkimTransaction): { domain: Name; given: boolean }[] {
    const served: { domain: Name; given: boolean }[] = [];
    for (const domain of waiting.values()) {
      const before = tx.keys(domain).length;
      if (before > 0 && !giveKeys(tx, domain, options)) break;
      served.push({ domain, given: before > 0 });
    }
    return served;
  }

  async function fill(): Promise<void> {
    filling = true;
    while (started && (taken || waiting.size > 0 || store.read.pooled() < POOL_SIZE)) {
      const begun = clock.monotonic();
      try {
        await makeOne();
        await pause.for((clock.monotonic() - begun) * REST);
      } catch (error) {
        log.error({ err: error }, 'could not make a DKIM key; trying again');
        await pause.for(RETRY);
      }
    }
    filling = false;
  }

  function kick(): void {
    if (started && !filling) ended = fill();
  }

  return {
    addDomain(tx, domain) {
      if (!giveKeys(tx, domain, options)) waiting.set(domain.key, domain);
      taken = true;
      kick();
    },
    removeDomain(tx, domain) {
      waiting.delete(domain.key);
      tx.deleteKeys(domain);
    },
    start() {
      started = true;
      for (const domain of store.read.domainsWithoutRsa()) waiting.set(domain.key, domain);
      kick();
    },
    async stop() {
      started = false;
      pause.end();
      await ended;
    },
  };
}

/** Waiting that can be cut short. */
function createPause(clock: Clock): { for(milliseconds: number): Promise<void>; end(): void } {
  let end = (): void => undefined;
  return {
    for: (milliseconds) =>
      new Promise((resolve) => {
        const timer = clock.after(milliseconds, resolve);
        end = () => {
          timer.cancel();
          resolve();
        };
        if (milliseconds === 0) end();
      }),
    end: () => end(),
  };
}
