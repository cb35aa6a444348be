import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochSeconds, FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { startResigning } from '../../src/zones/resign/job.ts';
import { bogus, leastLeft } from './bogus.ts';
import { damage, type DamagedPart } from './damage.ts';
import { domain, name, openZones, person, startZones, type ZonesBox } from './zones-box.ts';

const DAY = 86_400_000;
const PARTS = ['key', 'node', 'record', 'version'] as const;

export type MonthPart = (typeof PARTS)[number];

export interface MonthOptions {
  zones: number;
  /** How many of them are damaged, a quarter in each part. */
  damaged: number;
  /** Told of the way, for who waits for it. */
  report?: (line: string) => void;
}

/** What a month with damaged zones came to; lists are of zones. */
export interface Month {
  damaged: Record<MonthPart, string[]>;
  /** Named by an event or in what /health is made of. */
  named: string[];
  /** Made anew, by the events that tell of it. */
  rebuilt: string[];
  /** Named at the end of the month still. */
  inTrouble: string[];
  /** Whole zones, and those that were made whole, that were ever bogus or without an answer. */
  bogus: string[];
  /** Of these, the ones that were not renewed. */
  notRenewed: string[];
  /** Seconds that any signature of these had left at the least. */
  leastLeft: number;
  /** Those whose key is lost: whether the last good version was served on, unchanged, through the month. */
  keptVersions: boolean;
  /** After the keys were put back: zones in trouble, and those that are bogus. */
  afterKeysCameBack: { inTrouble: string[]; bogus: string[] };
}

/**
 * Fills a box, stops it, damages rows of some zones as a disk would, and has it run for a month of its clock. Then the keys are put back, as from
 * a copy of the database.
 */
export async function damagedMonth({
  zones,
  damaged,
  report = () => undefined,
}: MonthOptions): Promise<Month> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-month-'));
  try {
    const clock = new FakeClock();
    const origins = Array.from({ length: zones }, (_, i) => `z${i}.example`);
    const victims = chosen(origins, damaged);
    const keys = await fill(data, clock, origins, victims, report);
    report(`${zones} zones, ${damaged} of them damaged; the month begins`);
    return await live(data, clock, origins, victims, keys, report);
  } finally {
    rmSync(data, { recursive: true });
  }
}

function chosen(origins: readonly string[], damaged: number): Month['damaged'] {
  const step = Math.floor(origins.length / damaged);
  const victims: Month['damaged'] = { key: [], node: [], record: [], version: [] };
  for (let i = 0; i < damaged; i++) victims[PARTS[i % PARTS.length]!].push(origins[i * step]!);
  return victims;
}

/** @returns the sealed keys of those whose key is damaged */
async function fill(
  data: string,
  clock: FakeClock,
  origins: readonly string[],
  victims: Month['damaged'],
  report: (line: string) => void,
): Promise<Map<string, Uint8Array>> {
  const box = await startZones({ data, clock, random: seededRandom(1) });
  for (const [i, origin] of origins.entries()) {
    await box.domains.add(person, domain(origin, { mail: false, web: false }));
    if (i % 1000 === 999) report(`${i + 1} zones made`);
  }
  for (const origin of victims.record)
    await box.records.add(person, name(origin), [{ owner: `shop.${origin}`, type: 'A', value: '192.0.2.7' }]);
  const idOf = (origin: string): number => box.store.read.zone(name(origin))!.id;
  const keys = new Map(
    victims.key.map((origin) => [origin, box.store.read.keys(idOf(origin))[0]!.sealedPrivateKey]),
  );
  for (const part of PARTS)
    for (const origin of victims[part]) await damage(box.database, idOf(origin), part satisfies DamagedPart);
  await box.close();
  return keys;
}

async function live(
  data: string,
  clock: FakeClock,
  origins: readonly string[],
  damaged: Month['damaged'],
  keys: ReadonlyMap<string, Uint8Array>,
  report: (line: string) => void,
): Promise<Month> {
  const unreadable: string[] = [];
  const box = openZones({
    data,
    clock,
    random: seededRandom(2),
    onUnreadable: (zone) => void unreadable.push(zone.toText()),
  });
  const named = new Set<string>(unreadable);
  const rebuilt = new Set<string>();
  box.events.subscribe(undefined, ({ type, data: { zone } }) => {
    if (['zone.failed', 'zone.damaged', 'zone.rebuilt'].includes(type)) named.add(String(zone));
    if (type === 'zone.rebuilt') rebuilt.add(String(zone));
  });
  // As a start does.
  for (const zone of unreadable)
    await box.faults.guard(name(zone), () => box.repair.rebuild(person, name(zone)));
  box.repair.start();
  const job = startResigning(box);
  const lost = new Set(damaged.key);
  const well = origins.filter((origin) => !lost.has(origin));
  const serials = new Map(well.map((origin) => [origin, box.store.read.zone(name(origin))!.serial!]));
  const lastGood = JSON.stringify(damaged.key.map((origin) => wholeOf(box, origin)));
  const wrong = new Set<string>();
  let least = Infinity;
  for (let day = 1; day <= 30; day++) {
    await clock.advance(DAY);
    for (const origin of well) {
      const view = box.served(origin);
      const left = view ? leastLeft(view, epochSeconds(clock)) : 0;
      least = Math.min(least, left);
      if (left <= 0) wrong.add(origin);
    }
    report(
      `day ${day}: ${named.size} zones named, signatures have ${(least / 86_400).toFixed(1)} days left at the least`,
    );
  }
  const bogusNow = (some: readonly string[]): string[] =>
    some.filter((origin) => bogus(box.served(origin)!, epochSeconds(clock)).length > 0);
  for (const origin of bogusNow(well)) wrong.add(origin);
  report('every signature checked');
  const month = {
    damaged,
    named: [...named].sort(),
    rebuilt: [...rebuilt].sort(),
    inTrouble: inTrouble(box),
    bogus: [...wrong],
    notRenewed: well.filter((origin) => box.store.read.zone(name(origin))!.serial! <= serials.get(origin)!),
    leastLeft: least,
    keptVersions: JSON.stringify(damaged.key.map((origin) => wholeOf(box, origin))) === lastGood,
  };
  for (const [origin, sealed] of keys) await box.damageKey(origin, sealed);
  await clock.advance(DAY);
  const afterKeysCameBack = { inTrouble: inTrouble(box), bogus: bogusNow(origins) };
  await job.stop();
  await box.repair.stop();
  await box.faults.stop();
  await box.close();
  return { ...month, afterKeysCameBack };
}

function inTrouble({ faults, repair }: ZonesBox): string[] {
  return [...new Set([...faults.list(), ...repair.damaged()].map(({ zone }) => zone.toText()))].sort();
}

/** All that is served of a zone. */
function wholeOf(box: ZonesBox, origin: string): string[] {
  return [...box.served(origin)!.nodes()].flatMap(({ owner, rrsets }) =>
    rrsets.flatMap(({ type, rdatas, signatures }) =>
      [...rdatas, ...signatures].map(
        (rdata) => `${owner.key} ${type} ${Buffer.from(rdata).toString('base64')}`,
      ),
    ),
  );
}
