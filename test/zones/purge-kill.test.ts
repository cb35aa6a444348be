import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { defaultRetention } from '../../src/zones/model.ts';
import { purgeKeeper } from '../../src/zones/history/purge.ts';
import { cutAt, copyDatabase, randomCuts, recordWrites, type Written } from '../kit/cut-journal.ts';
import { domain, name, openZones, person, startZones, type ZonesBox } from '../kit/zones-box.ts';

/** Random cuts, besides those at every write. */
const CUTS = Number(process.env['CUTS'] ?? 40);
const DAY = 86_400_000;
const zone = name('example.com');
const retention = { ...defaultRetention, removedZones: 30 * 86_400 };

const clock = new FakeClock();
const random = seededRandom(5);
let folder: string;
let written: Written;
/** All that is stored before the purge and after each of its changes. */
const states: Stored[] = [];

type Stored = Record<string, unknown[]>;

/** All rows of all tables. */
function stored({ database }: ZonesBox): Stored {
  const { sqlite } = database.reader;
  const tables = sqlite
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .pluck()
    .all();
  return Object.fromEntries(tables.map((table) => [table, sqlite.prepare(`SELECT * FROM "${table}"`).all()]));
}

/** Purges to the end; `after` is called after each change. */
async function purge(zones: ZonesBox, after: () => void = () => undefined): Promise<void> {
  const { work, keys } = zones;
  const keeper = purgeKeeper({ retention: () => retention, keys, parts: [], clock });
  for (let more = true; more;) {
    ({ more } = await work.change({ actor: person, cause: 'test' }, (change) => keeper.forget(change)));
    after();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-purge-'));
  const base = join(folder, 'base');
  const zones = await startZones({ data: mkdtempSync(base), clock, random });
  for (const text of ['example.com', 'example.org']) await zones.domains.add(person, domain(text));
  // More nodes and versions than go in one change.
  const many = Array.from({ length: 250 }, (_, n) => ({
    owner: `h${n}.example.com`,
    type: 'A',
    value: '192.0.2.1',
  }));
  await zones.records.replace(person, zone, many);
  for (let n = 0; n < 12; n++) {
    await clock.advance(1000);
    const [one] = many;
    await zones.records.replace(person, zone, [{ ...one!, value: `192.0.2.${n + 2}` }]);
  }
  await zones.domains.remove(person, zone);
  await zones.close();
  await clock.advance(31 * DAY);

  const data = copyDatabase(zones.data, join(folder, 'purged'));
  const box = openZones({ data, clock, random });
  states.push(stored(box));
  written = await recordWrites(data, () => purge(box, () => states.push(stored(box))));
  await box.close();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('goes in several changes, and leaves nothing but the serial', () => {
  expect(states.length).toBeGreaterThan(6);
  const { zones, zone_serials: serials } = states.at(-1)!;
  expect(zones).not.toContainEqual(expect.objectContaining({ name: 'example.com' }));
  expect(serials).toHaveLength(1);
});

/** Which of the states the box is in after the cut. `goOn`: to the same end. */
async function stateAfterCut(octets: number, goOn: boolean): Promise<number> {
  const zones = openZones({ data: cutAt(join(folder, 'cut'), written, octets), clock, random });
  const now = stored(zones);
  const found = states.findIndex((state) => isSame(state, now));
  if (goOn) {
    await purge(zones);
    expect(stored(zones), `after ${octets} octets, to the end`).toEqual(states.at(-1));
  }
  expect(zones.origins()).toEqual(['box.example.net', 'example.org']);
  await zones.close();
  return found;
}

const text = new WeakMap<Stored, string>();
function isSame(state: Stored, now: Stored): boolean {
  for (const one of [state, now]) if (!text.has(one)) text.set(one, JSON.stringify(one));
  return text.get(state) === text.get(now);
}

it(
  'kill -9 at every write of a purge: each change of it is there or not, and it goes on to the same end',
  { timeout: 300_000 },
  async () => {
    let last = 0;
    for (const [write, octets] of written.writes.entries()) {
      // Between two changes all cuts leave the same.
      const state = await stateAfterCut(octets, write % 8 === 0);
      // Never back, and never more than one change further.
      expect([last, last + 1], `after ${octets} octets`).toContain(state);
      last = state;
    }
    // The last change finds nothing more to do.
    expect(isSame(states[last]!, states.at(-1)!)).toBe(true);
  },
);

it(`kill -9 at ${CUTS} random places, in the middle of a write as well`, { timeout: 3_600_000 }, async () => {
  for (const octets of randomCuts(written, seededRandom(CUTS), CUTS))
    expect(await stateAfterCut(octets, true), `after ${octets} octets`).toBeGreaterThanOrEqual(0);
});
