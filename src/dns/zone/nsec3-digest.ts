import { hash } from 'node:crypto';

/** Octets of the input of {@link nsec3Digest}: the longest name and the longest salt. */
export const NSEC3_INPUT = 255 + 255;

/** RFC 5155 §5 over the first `length` octets of `input`, a name in lower case; there is room for the salt behind it. */
export function nsec3Digest(
  input: Uint8Array,
  length: number,
  salt: Uint8Array,
  iterations: number,
): Uint8Array {
  input.set(salt, length);
  let digest = hash('sha1', input.subarray(0, length + salt.length), 'buffer');
  for (let i = 0; i < iterations; i++) digest = hash('sha1', Buffer.concat([digest, salt]), 'buffer');
  return digest;
}
