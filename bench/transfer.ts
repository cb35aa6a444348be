import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../src/core/clock.ts';
import { systemRandom } from '../src/core/random.ts';
import { transferZone } from '../src/dns/client/transfer.ts';
import { Type } from '../src/dns/type-codes.ts';
import { Name } from '../src/dns/wire/name.ts';
import { printZoneFile } from '../src/dns/zonefile/print.ts';
import {
  cpuOf,
  isInstalled,
  type Nameserver,
  peers,
  startPeer,
  stopNameserver,
  versionOf,
} from '../test/kit/zone-servers.ts';
import { call, quantile, signedAnswer, startChildBox, stopChildBox, until } from './kit/child-box.ts';
import type { TransferFigures } from './kit/transfer-load.ts';

/*
 * A signed zone of very many names by AXFR, from Signpost and from other nameservers that serve the same one, each on one core, to a client on another that
 * only counts. Rounds alternate. NAMES and ROUNDS say how much, PEERS (`knotd,nsd`) from whom.
 */
export const name = 'transfer: AXFR of a zone of 100,000 names';

const NAMES = Number(process.env['NAMES'] ?? 100_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const WANTED = process.env['PEERS']?.split(',');
/** Records of one request. */
const CHUNK = 10_000;
const zone = 'large-example.com';
const [SERVER_CORE, CLIENT_CORE] = [0, 1];

interface Round extends TransferFigures {
  /** Seconds that the server took of its core. */
  cpu: number;
}

export async function run(): Promise<void> {
  if (cpus().length < 2) throw new Error('the client needs a core of its own');
  const folder = mkdtempSync(join(tmpdir(), 'signpost-transfer-'));
  const servers: Nameserver[] = [];
  try {
    servers.push(await ours(folder));
    for (const peer of peers.filter(
      (peer) => isInstalled(peer) && !peer.transfers && (WANTED?.includes(peer.command) ?? true),
    )) {
      const zones = { folder, origins: [zone], primary: 0 };
      const server = await startPeer(peer, folder, zones, SERVER_CORE);
      servers.push({ ...server, name: `${peer.name} ${versionOf(peer)}` });
      await until(() => signedAnswer(server.port, zone, Type.SOA, 50));
    }
    const rounds = servers.map((): Round[] => []);
    for (const server of servers) await transfer(server);
    for (let round = 0; round < ROUNDS; round++)
      for (const [index, server] of servers.entries()) rounds[index]!.push(await transfer(server));
    printTable(servers, rounds);
  } finally {
    await Promise.all(servers.map(stopNameserver));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Has the box make and sign the zone, takes it for the others, and starts the box anew, on its core. */
async function ours(folder: string): Promise<Nameserver> {
  const data = join(folder, 'data');
  const first = await startChildBox({ data });
  await call(first, 'POST', '/domains', { name: zone });
  for (let from = 0; from < NAMES; from += CHUNK) {
    const records = Array.from({ length: Math.min(CHUNK, NAMES - from) }, (_, i) => ({
      owner: `h${from + i}.${zone}`,
      type: 'A',
      value: '192.0.2.7',
    }));
    await call(first, 'POST', `/zones/${zone}/records`, { records });
  }
  // Whoever asks from its address may have all zones, without a key.
  const secondary = { name: 'bench.example', addresses: ['127.0.0.1'], publish: false, catalog: false };
  await call(first, 'POST', '/secondaries', secondary);
  const result = await transferZone({
    server: { address: '127.0.0.1', port: first.dns },
    zone: Name.parse(zone),
    clock: systemClock,
    random: systemRandom,
    // Each name has some twelve records, signatures and proofs among them.
    limits: { records: 20 * NAMES + 1000, octets: 2 ** 30 },
  });
  if (result.kind !== 'zone') throw new Error(result.message);
  writeFileSync(join(folder, `${zone}.zone`), printZoneFile(result.records));
  await stopChildBox(first);
  const began = performance.now();
  const box = await startChildBox({ data, workers: 1, core: SERVER_CORE });
  return { name: 'Signpost', port: box.dns, process: box.process, began };
}

async function transfer(server: Nameserver): Promise<Round> {
  const before = cpuOf(server);
  const program = join(import.meta.dirname, 'kit/transfer-load.ts');
  const task = JSON.stringify({ port: server.port, zone });
  const { stdout } = await promisify(execFile)('taskset', [
    ...['-c', `${CLIENT_CORE}`, process.execPath, '--disable-warning=ExperimentalWarning'],
    ...[program, task],
  ]);
  return { ...(JSON.parse(stdout) as TransferFigures), cpu: cpuOf(server) - before };
}

function printTable(servers: readonly Nameserver[], rounds: readonly Round[][]): void {
  const [first] = rounds;
  const median = (list: readonly Round[], of: (round: Round, index: number) => number): number =>
    quantile(list.map(of), 0.5);
  const head = [
    '',
    'records/s',
    'MiB/s',
    'CPU s',
    'records',
    'MiB',
    'messages',
    'Signpost/it: records/s',
    'CPU',
  ];
  const rows = servers.map(({ name }, index) => {
    const list = rounds[index]!;
    const [{ records, octets, messages }] = list as [Round];
    return [
      name,
      median(list, (round) => round.records / round.seconds).toFixed(0),
      median(list, (round) => round.octets / round.seconds / 2 ** 20).toFixed(0),
      median(list, ({ cpu }) => cpu).toFixed(3),
      `${records}`,
      (octets / 2 ** 20).toFixed(1),
      `${messages}`,
      median(list, ({ seconds }, i) => seconds / first![i]!.seconds).toFixed(2),
      median(list, ({ cpu }, i) => first![i]!.cpu / cpu).toFixed(2),
    ];
  });
  console.log(
    `${cpus()[0]!.model}; Node ${process.versions.node}; ${NAMES} names, ${ROUNDS} rounds, medians\n`,
  );
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}

if (import.meta.main) await run();
