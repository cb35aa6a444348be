import type { Network } from '../../core/network.ts';
import { type ClientAddress, createClientAddress, setClientText } from './client-address.ts';

/** How many like responses one network gets over UDP, where an address may be a lie. */
export interface RateLimit {
  /** Responses of a kind in a second; 0: as many as it asks for. */
  rate: number;
  /** Networks that get as many as they ask for. */
  exempt: readonly Network[];
}

/**
 * More than an honest resolver asks: it caches what it gets, so that it is not back for the same name within a second, let alone 200
 * times. NSD has the same figure; BIND, whose manual speaks of 5 to 10, and Knot have none. A lie comes from outside, where nobody
 * has an address of loopback.
 */
export const defaultRateLimit: RateLimit = {
  rate: 200,
  exempt: [
    { address: '127.0.0.0', prefix: 8 },
    { address: '::1', prefix: 128 },
  ],
};

/** What is counted together, for each network: BIND and NSD tell the same ones apart. */
export const ResponseKind = {
  /** Data, or that there are none, for one name; for one wildcard, whatever it is asked for. */
  answer: 1,
  /** That a name does not exist, for each zone. */
  nameError: 2,
  /** For each delegation. */
  referral: 3,
  /** All others. */
  error: 4,
  /** To what a primary says of its zones (RFC 1996). */
  notify: 5,
} as const;
export type ResponseKind = (typeof ResponseKind)[keyof typeof ResponseKind];

export const Verdict = {
  pass: 0,
  /** What says that there is more, and proves the client honest: TC, or BADCOOKIE. */
  slip: 1,
  drop: 2,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Prefixes that stand for one network, octets: /24 and /56 (BIND's). */
const PREFIX_IPV4 = 3;
const PREFIX_IPV6 = 7;
/** Of responses that are too many every second one slips through as a short one (NSD's and BIND's slip 2). */
const SLIP = 2;
/** Milliseconds for whose responses there is credit after a silence. */
const BURST = 1000;
/** Entries in all, and those of them that one key may have. */
const ENTRIES = 65_536;
const WAYS = 4;
const SET_MASK = ENTRIES / WAYS - 1;

/** Memory that all workers share: a network's queries come to all of them, by their ports. */
export function createRateMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(ENTRIES * (Float64Array.BYTES_PER_ELEMENT + 2 * Int32Array.BYTES_PER_ELEMENT));
}

export interface RateLimiter {
  /**
   * Counts one response of a kind, about what `subject` stands for, and says whether it may go. `now` is in milliseconds since the
   * epoch.
   */
  take(client: ClientAddress, kind: ResponseKind, subject: number, now: number): Verdict;
}

/**
 * A limiter on shared memory; `seed` is the same for all of them, and known to nobody else.
 *
 * Each entry says when its credit is whole again (the generic cell rate algorithm): one whose time has passed is as good as none, so
 * its place is free. Workers write without locks; what two of them count at once may count as one.
 */
export function openRateLimiter(
  memory: SharedArrayBuffer,
  { rate, exempt }: RateLimit,
  seed: number,
): RateLimiter {
  const times = new Float64Array(memory, 0, ENTRIES);
  const tags = new Int32Array(memory, times.byteLength, ENTRIES);
  const excess = new Int32Array(memory, times.byteLength + tags.byteLength, ENTRIES);
  const interval = 1000 / rate;
  const isExempt = matcherOf(exempt);

  /** The entry of a key: its own, or the one of its set that is free or nearest to it. */
  const find = (key: number): number => {
    const first = (key & SET_MASK) * WAYS;
    let free = first;
    for (let entry = first; entry < first + WAYS; entry++) {
      if (tags[entry] === key) return entry;
      if (times[entry]! < times[free]!) free = entry;
    }
    tags[free] = key;
    times[free] = 0;
    excess[free] = 0;
    return free;
  };

  return {
    take(client, kind, subject, now) {
      if (isExempt(client)) return Verdict.pass;
      const entry = find(keyOf(client, kind, subject, seed));
      let whole = times[entry]!;
      // Later than it can be: the clock was put back.
      if (whole < now || whole > now + BURST + interval) whole = now;
      if (whole + interval <= now + BURST) {
        times[entry] = whole + interval;
        return Verdict.pass;
      }
      // It begins anew long before it would be negative.
      const count = (excess[entry]! + 1) & 0x3fff_ffff;
      excess[entry] = count;
      return count % SLIP === 1 ? Verdict.slip : Verdict.drop;
    },
  };
}

function keyOf({ octets, size }: ClientAddress, kind: number, subject: number, seed: number): number {
  const prefix = size === 4 ? PREFIX_IPV4 : PREFIX_IPV6;
  let key = mixed(seed, kind | (size << 8));
  key = mixed(key, (octets[0]! << 24) | (octets[1]! << 16) | (octets[2]! << 8));
  if (prefix > 3) key = mixed(key, (octets[3]! << 24) | (octets[4]! << 16) | (octets[5]! << 8) | octets[6]!);
  return finished(mixed(key, subject));
}

/** One step of MurmurHash3. */
export function mixed(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finished(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function matcherOf(networks: readonly Network[]): (client: ClientAddress) => boolean {
  const known = networks.map(({ address, prefix }) => {
    const network = createClientAddress();
    setClientText(network, address);
    return { ...network, prefix };
  });
  return (client) => known.some((network) => isWithin(client, network));
}

function isWithin(
  client: ClientAddress,
  { octets, size, prefix }: ClientAddress & { prefix: number },
): boolean {
  if (client.size !== size) return false;
  const whole = prefix >>> 3;
  for (let i = 0; i < whole; i++) if (client.octets[i] !== octets[i]) return false;
  const mask = (0xff00 >>> (prefix & 7)) & 0xff;
  return mask === 0 || ((client.octets[whole]! ^ octets[whole]!) & mask) === 0;
}
