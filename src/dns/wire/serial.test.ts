import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLaterSerial } from './serial.ts';

// RFC 1982 §3.2, of 32 bits (§7).
test.each([
  [1, 0, true],
  [0, 1, false],
  [7, 7, false],
  [0, 0xffff_ffff, true],
  [44, 0xffff_ff00, true],
  [0x7fff_ffff, 0, true],
  // RFC 1982 §3.2: not defined, so neither is later.
  [0x8000_0000, 0, false],
  [0, 0x8000_0000, false],
  [0x8000_0001, 0, false],
])('%i after %i: %s', (serial, than, later) => {
  expect(isLaterSerial(serial, than)).toBe(later);
});

test('RFC 1982 §4.1: what is added to, by less than half of all numbers, is later, and the other is not', () => {
  const serial = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(serial, fc.integer({ min: 1, max: 0x7fff_ffff }), (one, added) => {
      const other = (one + added) % 2 ** 32;
      expect([isLaterSerial(other, one), isLaterSerial(one, other)]).toEqual([true, false]);
    }),
  );
});
