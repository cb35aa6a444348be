import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { Name } from '../../dns/wire/name.ts';
import type { Finding } from './delegation.ts';
import type { RegistrarCheck } from './store.ts';
import { createWatch, type Watch } from './watch.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const notYet: Finding = { kind: 'not-delegated', reason: 'nxdomain', parent: Name.parse('example') };
const found: Finding = {
  kind: 'delegated',
  parent: Name.parse('example'),
  nameservers: [],
  ttl: 3600,
  ds: [],
};

let clock: FakeClock;
let watch: Watch;
let zones: Name[];
let checks: Map<string, RegistrarCheck>;
let asked: { zone: string; at: number }[];
/** What parents say; nothing: they cannot be asked. */
let says: (zone: string) => Finding | undefined;
let began: number;

beforeEach(() => {
  clock = new FakeClock();
  began = clock.now();
  zones = [];
  checks = new Map();
  asked = [];
  says = () => found;
  watch = createWatch({
    zones: {
      activeZoneNames: ({ after, limit }) => {
        const from = after ? zones.findIndex((zone) => zone.equals(after)) + 1 : 0;
        return zones.slice(from, from + limit).map((name) => ({ name, generation: 1 }) as never);
      },
    },
    checks: { last: (zone) => checks.get(zone.key) },
    leadsHere: (_, finding) => finding.kind === 'delegated',
    ask(zone) {
      asked.push({ zone: zone.toText(), at: clock.now() - began });
      const finding = says(zone.toText());
      if (finding) checks.set(zone.key, { finding, checkedAt: clock.now() });
      return Promise.resolve(finding !== undefined);
    },
    clock,
    log: createLog({ level: 'silent' }),
  });
});
afterEach(() => watch.stop());

/** Lets time go by in steps that leave what was awaited its turn. */
async function pass(milliseconds: number): Promise<void> {
  for (const end = clock.now() + milliseconds; clock.now() < end;) await clock.advance(1000);
}

const named = (count: number): Name[] =>
  Array.from({ length: count }, (_, i) => Name.parse(`d${String(i).padStart(3, '0')}.example`));
const times = (zone: string): number[] => asked.filter((one) => one.zone === zone).map(({ at }) => at);

test('all zones are asked for in turn, one in a second and none at the start', async () => {
  zones = named(120);
  watch.start();
  await pass(10 * MINUTE - 1000);
  expect(asked).toEqual([]);
  await pass(3 * MINUTE);
  expect(asked.map(({ zone }) => zone)).toEqual(zones.map((zone) => zone.toText()));
  for (const [i, { at }] of asked.entries())
    if (i > 0) expect(at - asked[i - 1]!.at).toBeGreaterThanOrEqual(1000);
});

test('what resolvers find is asked for twice a day, what is awaited every half hour', async () => {
  zones = ['found.example', 'awaited.example'].map((name) => Name.parse(name));
  says = (zone) => (zone === 'found.example' ? found : notYet);
  watch.start();
  await pass(24 * HOUR);
  expect(times('found.example')).toHaveLength(2);
  expect(times('awaited.example').length).toBeGreaterThan(40);
  expect(times('awaited.example').length).toBeLessThanOrEqual(48);
}, 60_000);

test('what a person asked for just now is not asked for again', async () => {
  zones = named(1);
  watch.start();
  await pass(9 * MINUTE);
  checks.set(zones[0]!.key, { finding: notYet, checkedAt: clock.now() });
  await pass(29 * MINUTE);
  expect(asked).toEqual([]);
  await pass(2 * MINUTE);
  expect(asked).toHaveLength(1);
});

test('a network that is away is not asked over and over, and is asked again later', async () => {
  zones = named(20);
  says = () => undefined;
  watch.start();
  await pass(20 * MINUTE);
  expect(asked.length).toBeLessThanOrEqual(6);
  says = () => found;
  await pass(2 * HOUR);
  expect(new Set(asked.map(({ zone }) => zone)).size).toBe(20);
  expect(checks.size).toBe(20);
});

test('one that cannot be asked for keeps no other from its turn', async () => {
  zones = named(60);
  says = (zone) => {
    if (zone === 'd007.example') throw new Error('a damaged row');
    return found;
  };
  watch.start();
  await pass(13 * MINUTE);
  expect(checks.size).toBe(59);
  expect(times('d007.example')).toHaveLength(1);
});

test('a clock that was put back makes nothing stand for years', async () => {
  zones = named(1);
  checks.set(zones[0]!.key, { finding: found, checkedAt: clock.now() + 1000 * HOUR });
  watch.start();
  await pass(11 * MINUTE);
  expect(asked).toHaveLength(1);
});
