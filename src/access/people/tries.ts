import type { Clock } from '../../core/clock.ts';

/** Wrong passwords of an account that cost no wait. */
const FREE = 5;
/** Milliseconds of the first wait; each further one is twice as long, up to the longest. */
const FIRST = 2_000;
const LONGEST = 15 * 60_000;
/** Milliseconds without a try after which an account starts anew. */
const FORGOTTEN = 24 * 3_600_000;
/** Tries of one network, and of everybody, that are free; and milliseconds until one more is. */
const ofNetwork = { burst: 20, refill: 6_000 };
const inAll = { burst: 100, refill: 600 };
/** Kept at a time: some megabytes at most, whoever attacks. */
const CAPACITY = 20_000;

/** Tries to sign in with what persons choose and others can guess: they are counted before they are looked at. */
export interface SignInTries {
  /**
   * Counts one. Milliseconds until it may be made; 0 when it may. `known`: the account was signed in to from this network, and strangers
   * cannot keep it out.
   */
  take(account: string, network: string | undefined, known: boolean): number;
  /** It was right: the account starts anew there. */
  right(account: string, network: string | undefined, known: boolean): void;
}

export function createSignInTries(clock: Clock): SignInTries {
  const accounts = createBackOff(clock);
  const networks = createBucket(clock, ofNetwork);
  const all = createBucket(clock, inAll);
  const keyOf = (account: string, network: string | undefined, known: boolean): string =>
    // What a stranger types is an account's name to them: no text of theirs is a key of the other kind.
    known ? `known ${network ?? ''} ${account}` : `any ${account}`;
  return {
    take(account, network, known) {
      const key = keyOf(account, network, known);
      const waits = [accounts.wait(key)];
      if (network !== undefined) waits.push(networks.wait(network), known ? 0 : all.wait(''));
      const wait = Math.max(...waits);
      if (wait > 0) return wait;
      accounts.count(key);
      if (network === undefined) return 0;
      networks.count(network);
      if (!known) all.count('');
      return 0;
    },
    right: (account, network, known) => accounts.forget(keyOf(account, network, known)),
  };
}

function createBackOff(clock: Clock) {
  const kept = new Map<string, { count: number; at: number }>();
  return {
    wait(key: string): number {
      const one = kept.get(key);
      if (!one || one.count < FREE) return 0;
      const wait = Math.min(FIRST * 2 ** (one.count - FREE), LONGEST);
      return Math.max(0, one.at + wait - clock.monotonic());
    },
    count(key: string): void {
      const now = clock.monotonic();
      const before = kept.get(key);
      const count = before && now - before.at < FORGOTTEN ? before.count + 1 : 1;
      put(kept, key, { count: Math.min(count, FREE + 20), at: now });
    },
    forget: (key: string) => void kept.delete(key),
  };
}

/** A bucket that leaks one per `refill`, kept as the time at which it will be empty. */
function createBucket(clock: Clock, { burst, refill }: { burst: number; refill: number }) {
  const emptyAt = new Map<string, number>();
  return {
    wait: (key: string): number =>
      Math.max(0, (emptyAt.get(key) ?? 0) - clock.monotonic() - (burst - 1) * refill),
    count: (key: string) => put(emptyAt, key, Math.max(emptyAt.get(key) ?? 0, clock.monotonic()) + refill),
  };
}

/** Whoever tried longest ago is forgotten first. */
function put<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > CAPACITY) kept.delete(kept.keys().next().value!);
}
