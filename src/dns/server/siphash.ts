/** SipHash-2-4 (Aumasson, Bernstein 2012): a keyed hash of 64 bits for short inputs. */

/** v0 to v3, each as its lower and its upper half. One for each thread: hashing is synchronous. */
const v = new Int32Array(8);

/**
 * Writes the hash of the first `length` octets of `input` to `out`, in the octet order of the reference (least significant first).
 * `key` has four words, read in the same order.
 */
export function sipHash24(
  key: ArrayLike<number>,
  input: Uint8Array,
  length: number,
  out: Uint8Array,
  at: number,
): void {
  v[0] = key[0]! ^ 0x70736575;
  v[1] = key[1]! ^ 0x736f6d65;
  v[2] = key[2]! ^ 0x6e646f6d;
  v[3] = key[3]! ^ 0x646f7261;
  v[4] = key[0]! ^ 0x6e657261;
  v[5] = key[1]! ^ 0x6c796765;
  v[6] = key[2]! ^ 0x79746573;
  v[7] = key[3]! ^ 0x74656462;
  let from = 0;
  for (; from + 8 <= length; from += 8)
    compress(word(input, from, from + 4), word(input, from + 4, from + 8));
  const middle = Math.min(from + 4, length);
  compress(word(input, from, middle), word(input, middle, length) | (length << 24));
  v[4] ^= 0xff;
  for (let i = 0; i < 4; i++) round();
  putWord(out, at, v[0] ^ v[2] ^ v[4] ^ v[6]);
  putWord(out, at + 4, v[1] ^ v[3] ^ v[5] ^ v[7]);
}

function compress(low: number, high: number): void {
  v[6]! ^= low;
  v[7]! ^= high;
  round();
  round();
  v[0]! ^= low;
  v[1]! ^= high;
}

function round(): void {
  mix(0, 2, 13);
  mix(4, 6, 16);
  swap(0);
  mix(0, 6, 21);
  mix(4, 2, 17);
  swap(4);
}

/** a += b; b = (b <<< rotation) ^ a. */
function mix(a: number, b: number, rotation: number): void {
  const sum = (v[a]! >>> 0) + (v[b]! >>> 0);
  v[a] = sum;
  v[a + 1] = v[a + 1]! + v[b + 1]! + (sum > 0xffff_ffff ? 1 : 0);
  const low = v[b]!;
  const high = v[b + 1]!;
  v[b] = ((low << rotation) | (high >>> (32 - rotation))) ^ v[a];
  v[b + 1] = ((high << rotation) | (low >>> (32 - rotation))) ^ v[a + 1]!;
}

/** Rotates by 32 bits. */
function swap(a: number): void {
  const low = v[a]!;
  v[a] = v[a + 1]!;
  v[a + 1] = low;
}

/** Octets from `from` up to `to`, four at most; what is missing is 0. */
function word(input: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value |= input[i]! << (8 * (i - from));
  return value;
}

function putWord(out: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) out[at + i] = value >>> (8 * i);
}
