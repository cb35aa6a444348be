import { expect, test } from 'vitest';
import { damagedMonth } from '../kit/damaged-month.ts';

/** `npm run bench damage` does the same with 10,000 zones, 100 of them damaged. */
const ZONES = Number(process.env['ZONES'] ?? 200);
const DAMAGED = Number(process.env['DAMAGED'] ?? 8);

test(
  'a month with damaged zones: each is named, those that can be are made anew, and all others are renewed and never bogus',
  { timeout: 600_000 },
  async () => {
    const month = await damagedMonth({ zones: ZONES, damaged: DAMAGED });
    const { key, node, record, version } = month.damaged;
    expect(month.named).toEqual([...key, ...node, ...record, ...version].sort());
    expect(month.rebuilt).toEqual([...node, ...record, ...version].sort());
    expect(month.inTrouble).toEqual([...key].sort());
    expect(month.bogus).toEqual([]);
    expect(month.notRenewed).toEqual([]);
    expect(month.leastLeft).toBeGreaterThan(2 * 86_400);
    expect(month.keptVersions).toBe(true);
    expect(month.afterKeysCameBack).toEqual({ inTrouble: [], bogus: [] });
  },
);
