import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldFor, nextSerial, secondsAhead, serialWarning, stepBack } from './serial.ts';

describe('the next serial', () => {
  it.each([
    [undefined, 1_800_000_000, 1_800_000_000],
    [1_799_999_999, 1_800_000_000, 1_800_000_000],
    [1_800_000_000, 1_800_000_000, 1_800_000_001],
    // The clock was set back.
    [1_800_000_500, 1_800_000_000, 1_800_000_501],
    // Behind the end of 32 bits (RFC 1982 §3.1).
    // Zero is left out (RFC 1982 §7).
    [0xffff_ffff, 3_000_000_000, 1],
    [0xffff_ff00, 0x1_0000_0000, 1],
    [undefined, 0, 1],
    [0xffff_fff0, 0x1_0000_0005, 5],
  ])('after %s at %s is %s', (last, now, expected) => {
    expect(nextSerial(last, now)).toBe(expected);
  });
});

const now = 1_800_000_000;
const day = 86_400;
const year = 365 * day;
/** RFC 1982 §3.2. */
const isLater = (a: number, b: number): boolean => a !== b && (a - b) >>> 0 < 2 ** 31;

describe('a serial that is ahead of the time', () => {
  it.each([
    [now - year, 0],
    [now, 0],
    [now + day, 0],
    [now + day + 1, day + 1],
    [now + 20 * year, 20 * year],
    [now + 2 ** 31 - 1, 2 ** 31 - 1],
    // From here on it is 68 years behind.
    [(now + 2 ** 31) >>> 0, 0],
    [0, 0],
  ])('%s by %s', (serial, expected) => expect(secondsAhead(serial, now)).toBe(expected));

  it.each([
    [now, undefined],
    [now + 36 * day, undefined],
    [now + 36 * day + 1, now + 2 ** 31 + 35 * day],
    [now + 2 ** 31 - 1, now + 2 ** 31 + 35 * day],
  ])('%s goes back by %s', (serial, expected) => expect(stepBack(serial, now)).toBe(expected));

  it('is told, with what to do', () => {
    expect(serialWarning(now, now)).toBeUndefined();
    expect(serialWarning(now + 10 * day, now)).toMatch(/10 days ahead of the clock.*catches up by itself/);
    expect(serialWarning(now + 20 * year, now)).toMatch(/7300 days ahead.*begins with 3950507648/);
    expect(serialWarning(now + 2 ** 31 + 35 * day, now)).toMatch(/in 14 days, when every secondary has it/);
    expect(serialWarning(now + 2 ** 31 + 35 * day, now + 14 * day)).toBeUndefined();
  });
});

describe('the way back', () => {
  it('RFC 1982 §7: leads every secondary to the time, by serials that are later each, and waits two weeks between', () => {
    const versions = fc.array(fc.integer({ min: 1, max: 12 * day }), { minLength: 1, maxLength: 40 });
    const ahead = fc.integer({ min: 36 * day + 1, max: 2 ** 31 - 1 });
    const time = fc.integer({ min: 1_600_000_000, max: 2 ** 32 + year });
    fc.assert(
      fc.property(ahead, time, versions, (far, start, gaps) => {
        let last = (start + far) >>> 0;
        const step = stepBack(last, start)!;
        expect(isLater(step, last)).toBe(true);
        last = step;
        let at = start;
        for (const gap of [...gaps, 13 * day, 13 * day]) {
          at += gap;
          const next = nextSerial(last, at);
          expect(isLater(next, last)).toBe(true);
          if (at - start < 14 * day) expect(isLater(next, (start + far) >>> 0)).toBe(true);
          last = next;
        }
        expect([last, heldFor(last, at)]).toEqual([at >>> 0, 0]);
      }),
      { numRuns: 1000 },
    );
  });

  it('holds while there are more versions than seconds', () => {
    let last = stepBack(now + year, now)!;
    const first = last;
    for (let version = 1; version <= 100; version++) last = nextSerial(last, now + 1);
    expect(last).toBe(first + 100);
  });

  it('begins again when nothing was published until it was too late', () => {
    const late = now + 36 * day;
    const serial = nextSerial(stepBack(now + year, now), late);
    expect(serialWarning(serial, late)).toContain('the way back begins with');
  });
});
