import { expect, test } from 'vitest';
import { copyOctets } from './copy-octets.ts';

test('any length from any place to any place, and nothing beside it', () => {
  const source = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
  const from = new DataView(source.buffer);
  for (let length = 0; length <= 40; length++) {
    for (let start = 0; start < 9; start++) {
      const to = new Uint8Array(64);
      copyOctets(new DataView(to.buffer), start + 3, from, start, length);
      const expected = new Uint8Array(64);
      expected.set(source.subarray(start, start + length), start + 3);
      expect(to).toEqual(expected);
    }
  }
});

test('it ends where the memory does', () => {
  const eight = new DataView(new ArrayBuffer(8));
  expect(() => copyOctets(eight, 1, eight, 0, 8)).toThrow(RangeError);
  expect(() => copyOctets(eight, 0, eight, 1, 8)).toThrow(RangeError);
});
