import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import { systemRandom } from '../src/core/random.ts';
import { transferZone } from '../src/dns/client/transfer.ts';
import { Type } from '../src/dns/type-codes.ts';
import { Name } from '../src/dns/wire/name.ts';
import { printZoneFile } from '../src/dns/zonefile/print.ts';
import { boxWithZones } from './kit/box-with-zones.ts';
import { call, quantile, signedAnswer, startChildBox, stopChildBox, until } from './kit/child-box.ts';
import { startEchoes } from './kit/echo.ts';
import { load as loadOn, type LoadResult, type LoadTask } from './kit/dns-load.ts';
import { makeQuestions } from './kit/zone-questions.ts';
import {
  cpuOf,
  isInstalled,
  memoryOf,
  type Nameserver,
  peers,
  startPeer,
  stopNameserver,
  versionOf,
} from '../test/kit/zone-servers.ts';

/*
 * Signpost against other nameservers, each with one thread on one core and the load on another: the same signed zones, which they have by transfer
 * from Signpost; questions with DO, three in ten for names that do not exist. Rounds alternate, and all servers are started several times: where its memory happens
 * to lie makes one process a tenth faster than another of the same program. ZONES, STARTS, ROUNDS (of each start) and SECONDS say how much, PEERS (`knotd,nsd`) against
 * whom. The table is ready for docs/benchmarks.md.
 */
export const name = 'nameserver: against Knot, NSD, BIND and PowerDNS';

const ZONES = Number(process.env['ZONES'] ?? 1000);
const STARTS = Number(process.env['STARTS'] ?? 5);
const ROUNDS = Number(process.env['ROUNDS'] ?? 4);
const SECONDS = Number(process.env['SECONDS'] ?? 1);
const WANTED = process.env['PEERS']?.split(',');
const WINDOW = 512;
/** Transfers. */
const AT_ONCE = 8;
const [SERVER_CORE, LOAD_CORE] = [0, 1];

interface Round {
  perSecond: number;
  /** Microseconds of CPU time for an answer. */
  cpu: number;
  lost: number;
  octets: number;
}

interface Contestant extends Nameserver {
  /** Seconds until it answered for the last zone. */
  startUp: number;
  rounds: Round[];
  latencies: LoadResult[];
  memory: number;
}

/** What all processes of a contestant came to. */
interface Result {
  name: string;
  rounds: Round[];
  /** Microseconds. */
  p99: number[];
  memory: number[];
  startUp: number[];
}

export async function run(): Promise<void> {
  if (cpus().length < 2) throw new Error('the load needs a core of its own');
  const folder = mkdtempSync(join(tmpdir(), 'signpost-nameserver-'));
  try {
    const questions = join(folder, 'questions');
    const origins = await makeZones(folder);
    writeFileSync(questions, makeQuestions(origins));
    const results: Result[] = [];
    for (let start = 0; start < STARTS; start++)
      (await race(folder, origins, questions)).forEach((contestant, i) => {
        const result = (results[i] ??= {
          name: contestant.name,
          rounds: [],
          p99: [],
          memory: [],
          startUp: [],
        });
        result.rounds.push(...contestant.rounds);
        result.p99.push(...contestant.latencies.map(({ p99 }) => p99));
        result.memory.push(contestant.memory);
        result.startUp.push(contestant.startUp);
      });
    printTable(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts all, compares them, and ends them. */
async function race(folder: string, origins: string[], questions: string): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  const own = mkdtempSync(join(folder, 'peers-'));
  try {
    const last = origins.at(-1)!;
    contestants.push(await ours('Signpost', join(folder, 'data'), last, 'batched'));
    contestants.push(await ours('Signpost, --udp dgram', join(folder, 'copy'), last, 'dgram'));
    let primary: number | undefined;
    for (const peer of peers.filter(
      (peer) => isInstalled(peer) && (WANTED?.includes(peer.command) ?? true),
    )) {
      if (peer.transfers && primary === undefined) continue;
      const server = await startPeer(peer, own, { folder, origins, primary: primary ?? 0 }, SERVER_CORE);
      contestants.push(contestant({ ...server, name: `${peer.name} ${versionOf(peer)}` }));
      await until(() => signedAnswer(server.port, last, Type.SOA, 50));
      if (!peer.transfers) contestants.at(-1)!.startUp = (performance.now() - server.began) / 1000;
      await until(async () =>
        allRight(await load({ port: server.port, questions, seconds: 0.3, window: 64 })),
      );
      if (peer.command === 'named') primary = server.port;
    }
    const sample = await load({ port: contestants[0]!.port, questions, seconds: 0.3, window: WINDOW });
    const echoes = await startEchoes(Math.round(sample.octets), SERVER_CORE);
    contestants.push(...echoes.map(contestant));
    await compare(contestants, questions);
    return contestants;
  } finally {
    await Promise.all(contestants.map(stopNameserver));
    rmSync(own, { recursive: true, force: true });
  }
}

function contestant(server: Nameserver): Contestant {
  return { ...server, startUp: NaN, rounds: [], latencies: [], memory: 0 };
}

/** Has Signpost make and sign the zones, and takes them from it by transfer, as `ORIGIN.zone`. Its data are in `data` and `copy` then. */
async function makeZones(folder: string): Promise<string[]> {
  const data = join(folder, 'data');
  const origins = Array.from({ length: ZONES }, (_, i) => `customer-${i}.example`);
  const box = await boxWithZones(data, origins);
  const name = 'bench.example';
  const { secret } = await call<{ secret: string }>(box, 'POST', '/tsig-keys', { name, transfer: 'all' });
  const key = {
    name: Name.parse(name),
    algorithm: 'hmac-sha256' as const,
    secret: Buffer.from(secret, 'base64'),
  };
  const server = { address: '127.0.0.1', port: box.dns };
  const take = async (origin: string): Promise<void> => {
    const zone = Name.parse(origin);
    const result = await transferZone({ server, zone, key, clock: systemClock, random: systemRandom });
    if (result.kind !== 'zone') throw new Error(`${origin}: ${result.message}`);
    writeFileSync(join(folder, `${origin}.zone`), printZoneFile(result.records));
  };
  for (let from = 0; from < origins.length; from += AT_ONCE)
    await Promise.all(origins.slice(from, from + AT_ONCE).map(take));
  await stopChildBox(box);
  cpSync(data, join(folder, 'copy'), { recursive: true });
  return origins;
}

async function ours(name: string, data: string, last: string, udp: 'batched' | 'dgram'): Promise<Contestant> {
  const began = performance.now();
  let startUp = NaN;
  const box = await startChildBox({
    data,
    udp,
    workers: 1,
    core: SERVER_CORE,
    async meanwhile(port) {
      await until(() => signedAnswer(port, last, Type.SOA, 50));
      startUp = (performance.now() - began) / 1000;
    },
  });
  return { ...contestant({ name, port: box.dns, process: box.process, began }), startUp };
}

const load = (task: LoadTask): Promise<LoadResult> => loadOn(task, LOAD_CORE);

/** Whether there were answers, each of them NOERROR or NXDOMAIN. */
function allRight({ answered, rcodes }: LoadResult): boolean {
  return answered > 0 && rcodes.every((count, rcode) => count === 0 || rcode === 0 || rcode === 3);
}

/** Alternating rounds: what else the machine does meets all of them. */
async function compare(contestants: Contestant[], questions: string): Promise<void> {
  for (const { port } of contestants) await load({ port, questions, seconds: SECONDS, window: WINDOW });
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of contestants) {
      const before = cpuOf(each);
      const result = await load({ port: each.port, questions, seconds: SECONDS, window: WINDOW });
      const { answered, lost, seconds } = result;
      const cpu = (1e6 * (cpuOf(each) - before)) / answered;
      each.rounds.push({ perSecond: answered / seconds, cpu, lost, octets: result.octets });
    }
  }
  const rate = median(contestants[0]!.rounds, ({ perSecond }) => perSecond) / 2;
  for (let round = 0; round < 2; round++)
    for (const each of contestants)
      each.latencies.push(await load({ port: each.port, questions, seconds: SECONDS, window: WINDOW, rate }));
  for (const each of contestants) each.memory = memoryOf(each);
}

function median<T>(list: readonly T[], of: (each: T) => number): number {
  return quantile(list.map(of), 0.5);
}

function printTable(results: Result[]): void {
  const [first] = results;
  const ratio = (other: Result, of: (round: Round) => number): string =>
    median(
      first!.rounds.map((round, i) => of(round) / of(other.rounds[i]!)),
      (each) => each,
    ).toFixed(2);
  const head = [
    '',
    'queries/s',
    'CPU µs',
    'octets',
    'lost',
    'p99 µs at half',
    'PSS MiB',
    'start s',
    'Signpost/it: q/s',
    'CPU',
  ];
  const middle = (list: number[]): number => median(list, (each) => each);
  const rows = results.map((each) => [
    each.name,
    median(each.rounds, ({ perSecond }) => perSecond).toFixed(0),
    median(each.rounds, ({ cpu }) => cpu).toFixed(2),
    median(each.rounds, ({ octets }) => octets).toFixed(0),
    `${each.rounds.reduce((sum, { lost }) => sum + lost, 0)}`,
    middle(each.p99).toFixed(0),
    middle(each.memory).toFixed(0),
    each.startUp.some(Number.isNaN) ? '–' : middle(each.startUp).toFixed(2),
    ratio(each, ({ perSecond }) => perSecond),
    ratio(each, ({ cpu }) => cpu),
  ]);
  console.log(
    `${cpus()[0]!.model}; Node ${process.versions.node}; ${ZONES} zones, ${STARTS} starts of each, ${STARTS * ROUNDS} rounds of ${SECONDS} s, medians\n`,
  );
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}

if (import.meta.main) await run();
