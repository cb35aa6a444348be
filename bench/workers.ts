import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '../src/dns/type-codes.ts';
import { cpuOf } from '../test/kit/zone-servers.ts';
import { boxWithZones } from './kit/box-with-zones.ts';
import {
  type ChildBox,
  print,
  quantile,
  send,
  signedAnswer,
  startChildBox,
  stopChildBox,
  until,
} from './kit/child-box.ts';
import { load } from './kit/dns-load.ts';
import { makeQuestions } from './kit/zone-questions.ts';

/*
 * Two workers against one, by what an answer takes of the processors: two cores for the server and others for the load are more than most machines
 * have. Were the workers in each other's way, an answer of two would cost more than one of one. Rounds alternate. ZONES, ROUNDS and SECONDS say how much.
 */
export const name = 'workers: two against one';

const ZONES = Number(process.env['ZONES'] ?? 1000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const SECONDS = Number(process.env['SECONDS'] ?? 3);
/** Sockets that ask at once: the kernel gives each to one of the workers, by its address. */
const SOCKETS = 8;
const WINDOW = 128;

export async function run(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-workers-'));
  try {
    const questions = join(data, 'questions');
    const origins = Array.from({ length: ZONES }, (_, i) => `customer-${i}.example`);
    writeFileSync(questions, makeQuestions(origins));
    await stopChildBox(await boxWithZones(join(data, 'box'), origins));
    const costs: Costs = { 1: [], 2: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const workers of [1, 2] as const) {
        const box = await startChildBox({ data: join(data, 'box'), workers });
        await until(() => signedAnswer(box.dns, origins.at(-1)!, Type.SOA));
        costs[workers].push(await answerCost(box, questions, workers));
        await stopChildBox(box);
      }
    const [one, two] = [quantile(costs[1], 0.5), quantile(costs[2], 0.5)];
    print(`CPU time of an answer, one worker, median of ${ROUNDS}`, one, 'µs');
    print('  two workers', two, 'µs');
    print('so two, with a core each, answer as many as', (2 * one) / two, 'workers', '≥ 1.7');
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** By the number of workers. */
type Costs = Record<1 | 2, number[]>;

/** Microseconds of CPU time for an answer, when all workers have as much to do as they can. */
async function answerCost(box: ChildBox, questions: string, workers: number): Promise<number> {
  for (;;) {
    const ask = (seconds: number) =>
      Promise.all(
        Array.from({ length: SOCKETS }, () => load({ port: box.dns, questions, seconds, window: WINDOW })),
      );
    await ask(1);
    const [seats, cpu] = [await answersOf(box), cpuOf(box)];
    const answered = (await ask(SECONDS)).reduce((sum, each) => sum + each.answered, 0);
    const cost = (1e6 * (cpuOf(box) - cpu)) / answered;
    const shares = (await answersOf(box)).map((count, seat) => (count - (seats[seat] ?? 0)) / answered);
    // The kernel may have given nearly all sockets to one of them: then once more, from other ports.
    if (Math.min(...shares) > 0.25 / workers) return cost;
  }
}

/** Queries that came over UDP, by worker. */
async function answersOf(box: ChildBox): Promise<number[]> {
  const { text } = await send(box, 'GET', '/../../metrics');
  const samples = text.matchAll(/^signpost_dns_queries_total\{worker="\d+",transport="udp"\} (\d+)/gm);
  return Array.from(samples, ([, count]) => Number(count));
}

if (import.meta.main) await run();
