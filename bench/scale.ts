import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { boxFlags } from '../scripts/node-flags.mjs';
import { addDomains } from './kit/add-domains.ts';
import {
  call,
  type ChildBox,
  memoryOf,
  print,
  quantile,
  rest,
  signedAnswer,
  startChildBox,
  stopChildBox,
  until,
} from './kit/child-box.ts';
import type { WatchedName } from './kit/dns-watcher.ts';

/*
 * A box with many domains, as a process of its own: what adding them as one job takes, what adding one more costs beside a box with few,
 * memory, and a restart. DOMAINS says how many; the figures that the project promises are for 100,000.
 */
export const name = 'scale: many domains';

const DOMAINS = Number(process.env['DOMAINS'] ?? 10_000);
const FEW = 100;
const SAMPLES = 60;
const MX = 15;
/** Milliseconds in which nothing is done but answer. */
const IDLE = 10_000;
/** Milliseconds that a box which listens may take for an answer. */
const LISTENING = 50;
/** Milliseconds after which signing threads without work have ended, and what they took was given back. */
const SIGNING_THREADS = 60_000;

export async function run(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-scale-'));
  try {
    await smallBox(join(data, 'small'));
    await fill(join(data, 'large'));
    await restart(join(data, 'large'));
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** What a person with a few domains has, with all that a service serves. */
async function smallBox(data: string): Promise<void> {
  const first = await startChildBox({ data, https: true });
  await bulk(first, 'mine', 10);
  await stopChildBox(first);
  // The program is compiled now, as it is for every start but the first.
  const box = await startChildBox({ data, https: true });
  print('memory with 10 domains, HTTPS too', memoryOf(box), 'MiB', '≤ 200');
  await bulk(box, 'more', 10);
  await rest(SIGNING_THREADS);
  print('  and a minute after ten more were added', memoryOf(box), 'MiB', '≤ 200');
  await stopChildBox(box);
}

async function fill(data: string): Promise<void> {
  const box = await startChildBox({ data });
  try {
    await bulk(box, 'few', FEW);
    const few = await posts(box, 'a');
    print(`POST /domains to signed answer, ${FEW} domains, median`, quantile(few, 0.5), 'ms', '≤ 20');
    const idle = await latencies(box, () => rest(IDLE));
    const began = performance.now();
    const busy = await latencies(box, () => bulk(box, 'd', DOMAINS));
    const seconds = (performance.now() - began) / 1000;
    print(`bulk add of ${DOMAINS} domains`, DOMAINS / seconds, 'a second', '≥ 200');
    print('UDP p99 during it against idle', quantile(busy, 0.99) / quantile(idle, 0.99), 'times', '≤ 2');
    const many = await posts(box, 'b');
    print(`POST /domains to signed answer, ${DOMAINS} domains, median`, quantile(many, 0.5), 'ms', '≤ 20');
    print('  against few', quantile(many, 0.5) / quantile(few, 0.5), 'times', '≤ 1.5');
    print(`memory with ${DOMAINS} domains, after all that`, memoryOf(box), 'MiB', '≤ 1,536');
  } finally {
    await stopChildBox(box);
  }
}

async function restart(data: string): Promise<void> {
  const node = nodeStart();
  const began = performance.now();
  const box = await startChildBox({
    data,
    async meanwhile(dns) {
      // What is asked before anybody listens is lost.
      await until(() => signedAnswer(dns, 'few1-example.com', MX, LISTENING));
      print('restart to the first answer, Node itself left out', seconds(began) - node, 's', '≤ 1');
      await until(() => signedAnswer(dns, `d${DOMAINS - 1}-example.com`, MX, LISTENING));
      print('restart to the answer of the last domain', seconds(began) - node, 's', '≤ 15');
    },
  });
  print('restart to all of them', seconds(began) - node, 's', '≤ 15');
  await rest(5000);
  const two = memoryOf(box);
  print(`memory with ${DOMAINS} domains, restarted, 2 workers`, two, 'MiB', '≤ 1,536');
  await stopChildBox(box);
  const third = await startChildBox({ data, workers: 3 });
  await rest(5000);
  print('a third worker', memoryOf(third) - two, 'MiB', '≤ 100');
  await stopChildBox(third);
}

function seconds(began: number): number {
  return (performance.now() - began) / 1000;
}

/** Seconds that Node takes to run nothing, with the flags of a box: the median of five. */
function nodeStart(): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    spawnSync(process.execPath, [...boxFlags, '-e', '0']);
    return seconds(began);
  });
  return quantile(times, 0.5);
}

function bulk(box: ChildBox, prefix: string, count: number): Promise<void> {
  return addDomains(
    box,
    Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i}-example.com` })),
  );
}

/** Milliseconds from the request until the new domain's MX is answered with a signature. */
async function posts(box: ChildBox, prefix: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const domain = `${prefix}${i}-sample.com`;
    const began = performance.now();
    await call(box, 'POST', '/domains', { name: domain });
    if (!(await signedAnswer(box.dns, domain, MX))) throw new Error(`${domain} has no signed MX`);
    times.push(performance.now() - began);
  }
  return times;
}

/** Milliseconds of queries, one after the other, while something is done. */
async function latencies(box: ChildBox, action: () => Promise<void>): Promise<number[]> {
  const workerData: WatchedName = { port: box.dns, owner: 'few1-example.com', type: MX };
  const watcher = new Worker(new URL('./kit/dns-watcher.ts', import.meta.url), {
    workerData,
    name: 'dns-watcher',
  });
  await once(watcher, 'online');
  await action();
  watcher.postMessage('stop');
  const [times] = (await once(watcher, 'message')) as [number[]];
  return times;
}

if (import.meta.main) await run();
