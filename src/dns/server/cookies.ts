import type { ClientAddress } from './client-address.ts';
import { sipHash24 } from './siphash.ts';

/** Octets of a client cookie, and of a server cookie as we make it (RFC 9018 §4). */
const CLIENT_COOKIE = 8;
const SERVER_COOKIE = 16;
/** Octets of a secret. */
export const COOKIE_SECRET = 16;
/** Octets of what we answer with: both cookies. */
export const COOKIE_LENGTH = CLIENT_COOKIE + SERVER_COOKIE;

/** RFC 9018 §4.3, seconds: how old a cookie may be, from when on it is renewed, and how far ahead the clock of its maker may be. */
const LIFETIME = 3600;
const RENEWAL = 1800;
const AHEAD = 300;

/** What a client sent (RFC 7873 §5.2). */
export const CookieState = {
  /** No cookie. */
  none: 0,
  /** Its own only. */
  client: 1,
  /** A server cookie that is not ours, of somebody else, or too old. */
  invalid: 2,
  /** It got what we sent to this address: nobody pretends to be it. */
  valid: 3,
  /** The same, and time for a new one. */
  ageing: 4,
} as const;
export type CookieState = (typeof CookieState)[keyof typeof CookieState];

/** RFC 7873 §4: a client cookie alone, or with a server cookie of 8 to 32 octets. */
export function isCookieLength(length: number): boolean {
  return length === CLIENT_COOKIE || (length >= 16 && length <= 40);
}

/**
 * Secrets: the one in use, the one before it, and room for two more. The control plane puts new ones into slots that no worker reads, then
 * makes the last of them the one in use: nobody sees half of one.
 */
const SLOTS = 4;
const SECRETS_FROM = Int32Array.BYTES_PER_ELEMENT * 4;

/** Memory that all workers share: the secrets of now and of before. */
export function createCookieMemory(secret: Uint8Array): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(SECRETS_FROM + SLOTS * COOKIE_SECRET);
  // Until there is one of before, it is the same.
  for (let slot = 0; slot < SLOTS; slot++) secretOctets(memory, slot).set(secret);
  return memory;
}

/** From now on cookies are made with this secret; those made with the one before are good as long as they would have been (RFC 9018 §5). */
export function rotateCookieSecret(memory: SharedArrayBuffer, secret: Uint8Array): void {
  const current = new Int32Array(memory, 0, 1);
  const next = (current[0]! + 1) % SLOTS;
  secretOctets(memory, next).set(secret);
  Atomics.store(current, 0, next);
}

/** Secrets that several servers share (RFC 9018 §4.4). */
export interface CookieSecrets {
  /** {@link COOKIE_SECRET} octets with which cookies are made. */
  made: Uint8Array;
  /** Those that others make are taken, too; the same where there is one secret. */
  taken: Uint8Array;
}

/** From now on cookies are made with the one, and taken that are made with either; with no other (RFC 9018 §5). */
export function setCookieSecrets(memory: SharedArrayBuffer, { made, taken }: CookieSecrets): void {
  const current = new Int32Array(memory, 0, 1);
  const next = (current[0]! + 2) % SLOTS;
  secretOctets(memory, (next + SLOTS - 1) % SLOTS).set(taken);
  secretOctets(memory, next).set(made);
  Atomics.store(current, 0, next);
}

function secretOctets(memory: SharedArrayBuffer, slot: number): Uint8Array {
  return new Uint8Array(memory, SECRETS_FROM + slot * COOKIE_SECRET, COOKIE_SECRET);
}

/** Server cookies (RFC 7873) as all servers make them that share a secret (RFC 9018). */
export interface Cookies {
  /** What the `length` octets of a COOKIE option say of the client. `now` is in seconds since the epoch. */
  check(bytes: Uint8Array, at: number, length: number, client: ClientAddress, now: number): CookieState;
  /**
   * Writes {@link COOKIE_LENGTH} octets to `out`: the client's cookie, and one of ours that may be the one that it sent (§4.3).
   * `state` is what `check` said of the same octets.
   */
  put(
    out: Uint8Array,
    to: number,
    bytes: Uint8Array,
    at: number,
    state: CookieState,
    client: ClientAddress,
    now: number,
  ): void;
}

export function openCookies(memory: SharedArrayBuffer): Cookies {
  const current = new Int32Array(memory, 0, 1);
  // Words as the processor has them: all that Node runs on are little-endian, as the reference of SipHash reads its key.
  const secrets = Array.from(
    { length: SLOTS },
    (_, slot) => new Uint32Array(memory, SECRETS_FROM + slot * COOKIE_SECRET, COOKIE_SECRET / 4),
  );
  const input = new Uint8Array(CLIENT_COOKIE + 8 + 16);
  const hash = new Uint8Array(8);

  /** RFC 9018 §4.4: client cookie, version, reserved and timestamp as they stand in the option, address. */
  const hashOf = (slot: number, bytes: Uint8Array, at: number, client: ClientAddress): void => {
    for (let i = 0; i < 16; i++) input[i] = bytes[at + i]!;
    for (let i = 0; i < client.size; i++) input[16 + i] = client.octets[i]!;
    sipHash24(secrets[slot]!, input, 16 + client.size, hash, 0);
  };
  /** In the same time, whatever differs: it is a MAC that is compared. */
  const isMadeWith = (slot: number, bytes: Uint8Array, at: number, client: ClientAddress): boolean => {
    hashOf(slot, bytes, at, client);
    let difference = 0;
    for (let i = 0; i < 8; i++) difference |= hash[i]! ^ bytes[at + 16 + i]!;
    return difference === 0;
  };

  return {
    check(bytes, at, length, client, now) {
      if (length === CLIENT_COOKIE) return CookieState.client;
      if (length !== COOKIE_LENGTH || bytes[at + 8] !== 1) return CookieState.invalid;
      const age = ageOf(bytes, at + 12, now);
      if (age > LIFETIME || age < -AHEAD) return CookieState.invalid;
      const slot = Atomics.load(current, 0);
      if (isMadeWith(slot, bytes, at, client)) return age > RENEWAL ? CookieState.ageing : CookieState.valid;
      const before = (slot + SLOTS - 1) % SLOTS;
      return isMadeWith(before, bytes, at, client) ? CookieState.ageing : CookieState.invalid;
    },
    put(out, to, bytes, at, state, client, now) {
      const length = state === CookieState.valid ? COOKIE_LENGTH : CLIENT_COOKIE;
      for (let i = 0; i < length; i++) out[to + i] = bytes[at + i]!;
      if (state === CookieState.valid) return;
      out[to + 8] = 1;
      for (let i = 9; i < 12; i++) out[to + i] = 0;
      for (let i = 0; i < 4; i++) out[to + 12 + i] = now >>> (24 - 8 * i);
      hashOf(Atomics.load(current, 0), out, to, client);
      for (let i = 0; i < 8; i++) out[to + 16 + i] = hash[i]!;
    },
  };
}

/** Seconds, by serial number arithmetic (RFC 9018 §4.3, RFC 1982). */
function ageOf(bytes: Uint8Array, at: number, now: number): number {
  const made = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return (now - made) | 0;
}
