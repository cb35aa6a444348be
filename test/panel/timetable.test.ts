import { describe, expect, it } from 'vitest';
import { ticksOf, timetableOf } from '../../panel/src/pages/domain/dnssec/timetable.ts';

const DAY = 86_400_000;
const now = Date.parse('2026-06-15T12:00:00Z');
const day = (days: number): string => new Date(now + days * DAY).toISOString();
const key = (created: number, state = 'active') => ({ keyTag: 20326, state, createdAt: day(created) });
const signatures = { validFrom: day(-2), renewAt: day(6), expireAt: day(12) };
const asked = (days: number) => ({ checkedAt: day(days) });

/** Days from now, for people who read this. */
const daysOf = (time: number | undefined) => time && (time - now) / DAY;

describe('the timetable of a zone', () => {
  // The axis; then each bar: from, to, whether it began before or goes on after the axis, the mark.
  it.each([
    [
      'a key made with the signatures',
      { keys: [key(-2)], signatures, parent: asked(-1) },
      [-2.5, 13],
      [
        ['key', -2, 13, false, true, undefined],
        ['signatures', -2, 12, false, false, 6],
        ['ds', -1, 13, false, true, -1],
      ],
    ],
    [
      'a key older than what is shown does not stretch the axis',
      { keys: [key(-900)], signatures, parent: asked(-20) },
      [-2.5, 13],
      [
        ['key', -2.5, 13, true, true, undefined],
        ['signatures', -2, 12, false, false, 6],
        ['ds', -2.5, 13, true, true, undefined],
      ],
    ],
    [
      'a key that came lately does',
      { keys: [key(-900), key(-20, 'published')], signatures, parent: undefined },
      [-20.5, 13],
      [
        ['key', -20.5, 13, true, true, undefined],
        ['key', -20, 13, false, true, undefined],
        ['signatures', -2, 12, false, false, 6],
      ],
    ],
    [
      'a renewal that is due is due now',
      {
        keys: [],
        signatures: { ...signatures, renewAt: day(-1) },
        parent: { checkedAt: null },
      },
      [-2.5, 13],
      [
        ['signatures', -2, 12, false, false, 0],
        ['ds', 0, 13, false, true, undefined],
      ],
    ],
    [
      'signatures that have expired',
      {
        keys: [],
        signatures: { validFrom: day(-20), renewAt: day(-11), expireAt: day(-6) },
        parent: undefined,
      },
      [-20.5, 1],
      [['signatures', -20, -6, false, false, 0]],
    ],
    ['nothing yet', { keys: [], signatures: null, parent: undefined }, [-0.5, 1], []],
  ] as const)('%s', (_, facts, axis, rows) => {
    const { from, to, bars } = timetableOf(facts, now);
    expect([from, to].map(daysOf)).toEqual(axis);
    expect(
      bars.map((bar) => [
        bar.kind,
        daysOf(bar.from),
        daysOf(bar.to),
        bar.earlier,
        bar.later,
        daysOf(bar.mark),
      ]),
    ).toEqual(rows);
  });
});

it.each([0.5, 1, 3, 15.5, 17, 41, 100])('ticks of %d days are beginnings of days, four at most', (days) => {
  const ticks = ticksOf({ from: now, to: now + days * DAY });
  expect(ticks.length).toBeLessThanOrEqual(4);
  for (const tick of ticks) {
    expect(tick).toBeGreaterThan(now);
    expect(tick).toBeLessThan(now + days * DAY);
    expect(new Date(tick).getHours()).toBe(0);
  }
});
