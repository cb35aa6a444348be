import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flattenEcdsa } from './ecdsa-der.ts';

/** DER of two unsigned integers (big endian, without leading zeros). */
function der(r: number[], s: number[]): Uint8Array {
  const integer = (octets: number[]): number[] => {
    const positive = octets[0]! >= 0x80 ? [0, ...octets] : octets;
    return [2, positive.length, ...positive];
  };
  const body = [...integer(r), ...integer(s)];
  return Uint8Array.of(0x30, body.length, ...body);
}

function flat(octets: Uint8Array, size: number): number[] {
  // What was there before must not shine through.
  const target = new Uint8Array(2 * size).fill(0xee);
  flattenEcdsa(octets, target, size);
  return [...target];
}

describe('ECDSA signatures in DER, as r and s side by side (RFC 6605 §4)', () => {
  it.each([32, 48])('have integers of any length up to %i octets', (size) => {
    const integer = fc
      .tuple(fc.integer({ min: 1, max: 255 }), fc.array(fc.nat(255), { maxLength: size - 1 }))
      .map(([first, rest]) => [first, ...rest]);
    const padded = (octets: number[]): number[] => [
      ...Array<number>(size - octets.length).fill(0),
      ...octets,
    ];
    fc.assert(
      fc.property(integer, integer, (r, s) => {
        expect(flat(der(r, s), size)).toEqual([...padded(r), ...padded(s)]);
      }),
    );
  });

  it('verify in both forms', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const data = Buffer.from('example.com');
    // One in 256 has a short r, one in 256 a short s.
    for (let i = 0; i < 500; i++) {
      const pair = Buffer.from(flat(sign('sha256', data, privateKey), 32));
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, pair)).toBe(true);
    }
  });
});
