import { describe, expect, it } from 'vitest';
import { nextSerial } from './serial.ts';

describe('the next serial', () => {
  it.each([
    [undefined, 1_800_000_000, 1_800_000_000],
    [1_799_999_999, 1_800_000_000, 1_800_000_000],
    [1_800_000_000, 1_800_000_000, 1_800_000_001],
    // The clock was set back.
    [1_800_000_500, 1_800_000_000, 1_800_000_501],
    // Behind the end of 32 bits (RFC 1982 §3.1).
    [0xffff_ffff, 3_000_000_000, 0],
    [0xffff_fff0, 0x1_0000_0005, 5],
  ])('after %s at %s is %s', (last, now, expected) => {
    expect(nextSerial(last, now)).toBe(expected);
  });
});
