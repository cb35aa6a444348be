import { randomBytes } from 'node:crypto';

/** The only source of randomness; tests inject a seeded one. */
export interface Random {
  bytes(count: number): Uint8Array;
  /** A float in [0, 1). */
  float(): number;
}

/** Octets drawn ahead: a call of OpenSSL's for each nonce and each moment would take longer than what they are for. */
const AHEAD = 4096;

function drawnAhead(): (count: number) => Buffer {
  let octets = Buffer.alloc(0);
  let at = 0;
  return (count) => {
    if (count > AHEAD) return randomBytes(count);
    if (at + count > octets.length) {
      octets = randomBytes(AHEAD);
      at = 0;
    }
    const taken = Buffer.from(octets.subarray(at, at + count));
    // Nobody finds in memory what became a secret.
    octets.fill(0, at, at + count);
    at += count;
    return taken;
  };
}

const draw = drawnAhead();

export const systemRandom: Random = {
  bytes: draw,
  float: () => draw(4).readUInt32BE() / 2 ** 32,
};

/** A reproducible sequence (mulberry32): for tests and fuzzers, never for keys or tokens. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    float: () => next() / 2 ** 32,
  };
}

/** An integer in [0, bound). */
export function randomInteger(random: Random, bound: number): number {
  return Math.floor(random.float() * bound);
}
