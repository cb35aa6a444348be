import { expect, test } from 'vitest';
import { isLaterSerial } from './serial.ts';

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
