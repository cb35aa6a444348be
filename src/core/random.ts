import { randomBytes } from 'node:crypto';

/** The only source of randomness; tests inject a seeded one. */
export interface Random {
  bytes(count: number): Uint8Array;
  /** A float in [0, 1). */
  float(): number;
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  float: () => randomBytes(4).readUInt32BE() / 2 ** 32,
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
