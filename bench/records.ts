import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import type { Config } from '../src/core/config.ts';
import { AppError } from '../src/core/errors.ts';
import { createLog } from '../src/core/log.ts';
import { systemRandom } from '../src/core/random.ts';
import { Name } from '../src/dns/wire/name.ts';
import { type RunningBox, startBox } from '../src/start.ts';
import type { Actor } from '../src/work/actor.ts';
import type { RecordRequest } from '../src/zones/custom/validate.ts';

/*
 * What changes of many records cost: n of them and 10 n, with the growth from the one to the other (10 is in proportion), and the
 * longest time for which the control plane did nothing else.
 */
export const name = 'records: many records at once, and how their cost grows';

const actor: Actor = { kind: 'system', id: 'bench', name: 'bench', address: undefined };

/** What is done with n records in a zone of its own. */
interface Scenario {
  what: string;
  /** The smaller number of records; the larger is ten times that. */
  n: number;
  prepare?(box: RunningBox, zone: Name, n: number): Promise<unknown>;
  run(box: RunningBox, zone: Name, n: number): Promise<unknown>;
}

interface Measured {
  milliseconds: number;
  /** Milliseconds for which nothing else had its turn. */
  block: number;
  refused: string | undefined;
}

type Records = (zone: Name, n: number, word?: string) => RecordRequest[];

const atOneOwner: Records = (zone, n, word = 'record') =>
  times(n, (i) => ({ owner: `many.${zone.toText()}`, type: 'TXT', value: `"${word} ${i}"` }));
const atManyOwners: Records = (zone, n, word = 'record') =>
  times(n, (i) => ({ owner: `h${i}.${zone.toText()}`, type: 'TXT', value: `"${word} ${i}"` }));
const ofManyTypes: Records = (zone, n) =>
  times(n, (i) => ({ owner: `types.${zone.toText()}`, type: `TYPE${30_000 + i}`, value: '\\# 1 00' }));
const addresses: Records = (zone, n) =>
  times(n, (i) => ({ owner: `h${i}.${zone.toText()}`, type: 'A', value: '192.0.2.7' }));
const belowCut: Records = (zone, n) => [
  { owner: `cut.${zone.toText()}`, type: 'NS', value: 'ns.example.org.' },
  ...times(n, (i) => ({ owner: `h${i}.cut.${zone.toText()}`, type: 'A', value: '192.0.2.7' })),
];
const pointing: Records = (zone, n) =>
  times(n, (i) => ({
    owner: `s${i}.${zone.toText()}`,
    type: 'SRV',
    value: `0 0 ${i} host.${zone.toText()}.`,
  }));
const host: Records = (zone) => [{ owner: `host.${zone.toText()}`, type: 'A', value: '192.0.2.8' }];
const delegations: Records = (zone, n) =>
  times(n, (i) => ({ owner: `d${i}.${zone.toText()}`, type: 'NS', value: `host.${zone.toText()}.` }));

const add = (box: RunningBox, zone: Name, records: RecordRequest[]) =>
  box.services.records.add(actor, zone, records);
const replace = (box: RunningBox, zone: Name, records: RecordRequest[]) =>
  box.services.records.replace(actor, zone, records);
const remove = (box: RunningBox, zone: Name, owner: string) =>
  box.services.records.remove(actor, zone, { owner: `${owner}.${zone.toText()}` });
const importing = (box: RunningBox, zone: Name, records: RecordRequest[]) => {
  const text = records.map(({ owner, type, value }) => `${owner}. 300 IN ${type} ${value}\n`).join('');
  const from = { kind: 'zonefile' as const, text };
  return box.services.zones.import(actor, { zone, from, dryRun: false, mail: true, web: true });
};
/** So many in the zone, by as many calls as it takes. */
async function fill(box: RunningBox, zone: Name, n: number): Promise<void> {
  for (let i = 0; i < n; i += 10_000) await add(box, zone, atManyOwners(zone, n).slice(i, i + 10_000));
}

const scenarios: Scenario[] = [
  { what: 'add TXT at one owner', n: 100, run: (box, zone, n) => add(box, zone, atOneOwner(zone, n)) },
  {
    what: 'replace TXT at one owner',
    n: 100,
    run: (box, zone, n) => replace(box, zone, atOneOwner(zone, n)),
  },
  {
    what: 'replace as many TXT at one owner',
    n: 100,
    prepare: (box, zone, n) => add(box, zone, atOneOwner(zone, n)),
    run: (box, zone, n) => replace(box, zone, atOneOwner(zone, n, 'other')),
  },
  {
    what: 'remove TXT at one owner',
    n: 100,
    prepare: (box, zone, n) => add(box, zone, atOneOwner(zone, n)),
    run: (box, zone) => remove(box, zone, 'many'),
  },
  { what: 'add to one owner, one call', n: 1000, run: (box, zone, n) => add(box, zone, atOneOwner(zone, n)) },
  { what: 'add types at one owner', n: 100, run: (box, zone, n) => add(box, zone, ofManyTypes(zone, n)) },
  {
    what: 'add TXT at as many owners',
    n: 1000,
    run: (box, zone, n) => add(box, zone, atManyOwners(zone, n)),
  },
  { what: 'add A at as many owners', n: 1000, run: (box, zone, n) => add(box, zone, addresses(zone, n)) },
  {
    what: 'replace TXT at as many owners',
    n: 1000,
    prepare: (box, zone, n) => add(box, zone, atManyOwners(zone, n)),
    run: (box, zone, n) => replace(box, zone, atManyOwners(zone, n, 'other')),
  },
  {
    what: 'add a delegation with glue below',
    n: 500,
    run: (box, zone, n) => add(box, zone, belowCut(zone, n)),
  },
  {
    what: 'delegate above as many, by many NS',
    n: 200,
    prepare: (box, zone, n) =>
      add(
        box,
        zone,
        times(n, (i) => ({ owner: `h${i}.cut.${zone.toText()}`, type: 'A', value: '192.0.2.7' })),
      ),
    run: (box, zone, n) =>
      add(
        box,
        zone,
        times(n / 2, (i) => ({ owner: `cut.${zone.toText()}`, type: 'NS', value: `ns${i}.example.org.` })),
      ),
  },
  {
    what: 'add SRV to one host',
    n: 1000,
    prepare: (box, zone) => add(box, zone, host(zone, 1)),
    run: (box, zone, n) => add(box, zone, pointing(zone, n)),
  },
  {
    what: 'add delegations to one host',
    n: 500,
    prepare: (box, zone) => add(box, zone, host(zone, 1)),
    run: (box, zone, n) => add(box, zone, delegations(zone, n)),
  },
  {
    what: 'remove the host that SRV lead to',
    n: 1000,
    prepare: async (box, zone, n) => {
      await add(box, zone, host(zone, 1));
      await add(box, zone, pointing(zone, n));
    },
    run: (box, zone) => remove(box, zone, 'host'),
  },
  {
    what: 'import TXT at one name',
    n: 2000,
    run: (box, zone, n) => importing(box, zone, atOneOwner(zone, n)),
  },
  {
    what: 'import TXT at as many',
    n: 2000,
    run: (box, zone, n) => importing(box, zone, atManyOwners(zone, n)),
  },
  { what: 'import A at as many', n: 2000, run: (box, zone, n) => importing(box, zone, addresses(zone, n)) },
  {
    what: 'add one record beside n',
    n: 5000,
    prepare: fill,
    run: (box, zone) => add(box, zone, host(zone, 1)),
  },
  {
    what: 'add one delegation beside n',
    n: 5000,
    prepare: fill,
    run: (box, zone) =>
      add(box, zone, [{ owner: `cut.${zone.toText()}`, type: 'NS', value: 'ns.example.org.' }]),
  },
  {
    what: 'add one alias beside n',
    n: 5000,
    prepare: fill,
    run: (box, zone) =>
      add(box, zone, [{ owner: `alias.${zone.toText()}`, type: 'CNAME', value: 'example.org.' }]),
  },
  {
    what: 'zone file of n',
    n: 5000,
    prepare: fill,
    run: ({ services }, zone) => services.zones.zonefile(zone, { signed: true }),
  },
  {
    what: 'difference of two versions by n',
    n: 5000,
    prepare: fill,
    run: ({ services }, zone) => {
      const { items } = services.zones.versions(zone, { limit: 500, cursor: undefined });
      return services.zones.diff(zone, items.at(-1)!.serial, items[0]!.serial, { dnssec: true });
    },
  },
  {
    what: 'warnings of n records',
    n: 5000,
    prepare: fill,
    run: ({ services }, zone) => services.zones.warnings(zone),
  },
  {
    what: 'a page of the records of a domain of n',
    n: 5000,
    prepare: fill,
    run: ({ services }, zone) => services.domains.records(zone, { limit: 100, cursor: undefined }),
  },
];

export async function run(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-bench-'));
  const box = await start(data);
  const wanted = process.env['ONLY'];
  try {
    let number = 0;
    for (const scenario of scenarios) {
      if (wanted !== undefined && !scenario.what.includes(wanted)) continue;
      const few = await measure(box, scenario, `z${number++}-example.com`, scenario.n);
      const many = await measure(box, scenario, `z${number++}-example.com`, 10 * scenario.n);
      print(scenario, few, many);
    }
  } finally {
    await box.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

function start(data: string): Promise<RunningBox> {
  const config: Config = {
    hostname: 'box.example.net',
    ipv4: ['192.0.2.1'],
    ipv6: ['2001:db8::1'],
    data,
    dns: [{ address: '127.0.0.1', port: 0 }],
    http: { address: '127.0.0.1', port: 0 },
    https: 'none',
    adminToken: undefined,
    trustedProxies: [],
    warnings: [],
    workers: 1,
    rootHints: undefined,
    acme: { directory: undefined },
    logLevel: 'error',
  };
  return startBox({ config, clock: systemClock, random: systemRandom, log: createLog({ level: 'error' }) });
}

async function measure(box: RunningBox, scenario: Scenario, domain: string, n: number): Promise<Measured> {
  const zone = Name.parse(domain);
  await box.services.domains.add(actor, { name: zone, dns: 'local', mail: true, web: true });
  await scenario.prepare?.(box, zone, n);
  const watch = watchLoop();
  const began = performance.now();
  const refused = await refusal(scenario.run(box, zone, n));
  return { milliseconds: performance.now() - began, block: watch.stop(), refused };
}

async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

/** The longest time between two turns of the event loop, milliseconds. */
function watchLoop(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  let running = true;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop() {
      running = false;
      return Math.max(longest, performance.now() - last);
    },
  };
}

function print({ what, n }: Scenario, few: Measured, many: Measured): void {
  const growth = many.milliseconds / few.milliseconds;
  const figures = [
    what.padEnd(40),
    `${n} → ${10 * n}`.padStart(15),
    `${few.milliseconds.toFixed(0)} → ${many.milliseconds.toFixed(0)} ms`.padStart(20),
    `× ${growth.toFixed(1)}`.padStart(8),
    `longest block ${few.block.toFixed(0)} → ${many.block.toFixed(0)} ms`,
  ];
  console.log(figures.join(' '));
  for (const { refused } of [few, many]) if (refused !== undefined) console.log(`    refused: ${refused}`);
}

function times<T>(n: number, make: (index: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

if (import.meta.main) await run();
