import { buildImage } from '../test/kit/images.ts';
import { systemClock } from '../src/core/clock.ts';
import { createLog } from '../src/core/log.ts';
import { randomInteger, seededRandom } from '../src/core/random.ts';
import { startDataPlane } from '../src/dns/server/data-plane.ts';
import { createSearchName, setSearchName } from '../src/dns/server/search-name.ts';
import { openZoneSet, type ZoneSet } from '../src/dns/server/zone-set.ts';
import { Name } from '../src/dns/wire/name.ts';
import { firstDraft } from '../src/dns/zone/image-update.ts';
import { kindOfNode, type StoredNode, storedKey } from '../src/dns/zone/node-codec.ts';
import { createServedZones, type ServedZones } from '../src/dns/zone/served-zones.ts';
import { domain, person, startZones } from '../test/kit/zones-box.ts';

/*
 * What zones cost: 100,000 signed mail domains in shared memory, as they are derived. Memory is that of the process, so all of it
 * counts: zones, table, and what the threads have for themselves.
 */
export const name = 'zones: memory, workers and look-ups with 100,000 of them';

const ZONES = 100_000;
const MIB = 1024 * 1024;

export async function run(): Promise<void> {
  const template = await typicalZone();
  const octets = template.nodes.reduce((sum, { node }) => sum + node.length, 0);
  report('nodes of a typical zone', template.nodes.length, 'nodes');
  report('their octets', octets, 'octets');

  const few = createServedZones();
  fill(few, template, 10);
  const before = memory();
  const zones = createServedZones();
  const began = performance.now();
  fill(zones, template, ZONES);
  report(`building ${ZONES} versions`, performance.now() - began, 'ms');
  const { used, octets: slabs, slabs: count } = zones.memory.figures();
  report('octets of a zone, header, index and table included', used / ZONES, 'octets');
  report('slabs', count, 'slabs');
  report('octets of slabs against octets used', slabs / used, 'times');
  const filled = memory();
  report('resident memory for them', (filled.rss - before.rss) / MIB, 'MiB');
  report('memory of the control plane for a zone', (filled.heap - before.heap) / ZONES, 'octets');

  lookUps(few, zones);
  await workers(zones);
  churn(zones, template);
}

function report(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(55)} ${value.toFixed(value < 100 ? 2 : 0).padStart(9)} ${unit}`);
}

function memory(): { rss: number; heap: number } {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

interface Template {
  origin: Name;
  nodes: StoredNode[];
}

/** A mail domain as a box serves it; its name is the digits that others have other ones for. */
async function typicalZone(): Promise<Template> {
  const zones = await startZones();
  const origin = Name.parse(`${digits(0)}.example`);
  await zones.domains.add(person, domain(origin.toText()));
  const rows = zones.store.read.nodeSlice(zones.store.read.zone(origin)!.id, undefined, 1000);
  const nodes = rows.map((node) => ({ kind: kindOfNode(node), key: storedKey(node, origin), node }));
  await zones.close();
  return { origin, nodes };
}

function digits(i: number): string {
  return `customer-${String(i).padStart(6, '0')}`;
}

/** Serves copies of the zone under other names, of the same length. */
function fill(zones: ServedZones, template: Template, count: number): void {
  for (let i = 0; i < count; i++) zones.commit({ set: [firstDraft(copy(zones, template, i))] });
}

function copy(zones: ServedZones, { nodes }: Template, i: number) {
  const from = Buffer.from(digits(0), 'latin1');
  const to = Buffer.from(digits(i), 'latin1');
  const renamed = (octets: Uint8Array): Uint8Array => {
    const bytes = Buffer.from(octets);
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) to.copy(bytes, at);
    return bytes;
  };
  const stored = nodes.map(({ kind, key, node }) => ({ kind, key: renamed(key), node: renamed(node) }));
  return buildImage(zones.memory, Name.parse(`${digits(i)}.example`), stored);
}

/** The cost of finding a zone among few and among many, in turn. */
function lookUps(few: ServedZones, many: ServedZones): void {
  const random = seededRandom(1);
  const sides = [
    { what: 'finding a zone among 10', zones: open(few), count: 10 },
    { what: `finding a zone among ${ZONES}`, zones: open(many), count: ZONES },
    { what: `the same ten of ${ZONES} again and again`, zones: open(many), count: 10 },
  ].map((side) => ({ ...side, times: [] as number[] }));
  for (let round = 0; round < 30; round++) {
    for (const { zones, count, times } of sides) {
      const names = Array.from({ length: 2000 }, () =>
        searchName(`www.${digits(randomInteger(random, count))}.example`),
      );
      const began = process.cpuUsage();
      for (let again = 0; again < 10; again++) {
        for (const each of names) {
          zones.begin();
          zones.next();
          if (!zones.find(each, each.labels)) throw new Error('a zone is not found');
        }
      }
      const { user, system } = process.cpuUsage(began);
      times.push(((user + system) * 1000) / (10 * names.length));
    }
  }
  for (const { what, times } of sides) report(what, times.sort((a, b) => a - b)[15]!, 'ns');
}

function open(zones: ServedZones): ZoneSet {
  return openZoneSet({ zones: zones.share(), onWanted: () => undefined, onMissing: () => undefined });
}

function searchName(text: string) {
  const made = createSearchName();
  const { wire } = Name.parse(text);
  setSearchName(made, wire, 0, wire.length);
  return made;
}

async function workers(zones: ServedZones): Promise<void> {
  const start = async (count: number, served: ServedZones) => {
    const before = memory();
    const began = performance.now();
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      workers: count,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      zones: served,
    });
    const milliseconds = performance.now() - began;
    if (!started.ok) throw new Error(started.problem.message);
    const mebibytes = (memory().rss - before.rss) / MIB;
    await started.plane.close();
    return { milliseconds, mebibytes };
  };
  await start(1, createServedZones());
  const [none, one, three] = [
    await start(1, createServedZones()),
    await start(1, zones),
    await start(3, zones),
  ];
  report('starting a worker without zones', none.milliseconds, 'ms');
  report(`starting a worker with ${ZONES} zones`, one.milliseconds, 'ms');
  report('resident memory of a worker more', (three.mebibytes - one.mebibytes) / 2, 'MiB');
}

/** New versions of random zones, some octets longer or shorter: how much of the slabs holds something. */
function churn(zones: ServedZones, template: Template): void {
  const random = seededRandom(2);
  const soa = template.nodes[0]!;
  const began = performance.now();
  for (let i = 0; i < ZONES; i++) {
    const which = randomInteger(random, ZONES);
    const padded = { ...soa, node: pad(soa.node, randomInteger(random, 1500)) };
    const nodes = [padded, ...template.nodes.slice(1)];
    zones.commit({ set: [firstDraft(copy(zones, { ...template, nodes }, which))] });
    zones.collect()?.free();
  }
  report(`replacing ${ZONES} versions`, performance.now() - began, 'ms');
  const { used, octets } = zones.memory.figures();
  report('octets of slabs against octets used', octets / used, 'times');
}

/** The node with octets behind it that belong to it and say nothing. */
function pad(node: Uint8Array, octets: number): Uint8Array {
  const padded = Buffer.alloc(node.length + octets);
  padded.set(node);
  padded.writeUInt32BE(padded.length);
  return padded;
}

if (import.meta.main) await run();
