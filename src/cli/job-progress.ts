import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './client.ts';
import { allItems, segment } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { shownWithALabels } from './names.ts';

/** What of a job failed. */
export interface Failure {
  name: string;
  code: string;
  detail: string;
}

/** A job as the API answers it. */
export interface Job {
  id: string;
  kind: string;
  state: 'running' | 'done' | 'failed';
  done: number;
  total: number;
  /** The first of those that failed. */
  failed: Failure[];
  failedCount: number;
  createdAt: string;
  finishedAt: string | null;
  actor: string;
  detail: string | null;
}

/** Milliseconds between two looks: the first comes soon, as most jobs are short. */
const FIRST_POLL = 50;
const LONGEST_POLL = 500;

/** The job when it has ended; on a terminal a bar shows how far it is. It goes on in the box when the command is stopped. */
export async function followJob(client: Client, id: string): Promise<Job> {
  const { total } = await readJob(client, id);
  const [job] = await followJobs(client, total, [() => Promise.resolve(id)]);
  return job!;
}

/** Begins jobs one after the other, each when the one before has ended; one bar for all of them. */
export async function followJobs(
  client: Client,
  total: number,
  begin: readonly (() => Promise<string>)[],
): Promise<Job[]> {
  const bar = progressBar(process.stderr);
  const ended: Job[] = [];
  for (const beginOne of begin) {
    const id = await beginOne();
    for (let poll = FIRST_POLL; ; poll = Math.min(poll * 2, LONGEST_POLL)) {
      const job = await readJob(client, id);
      const isOver = job.state !== 'running';
      const all = [...ended, job];
      const sum = (count: (one: Job) => number): number =>
        all.reduce((before, one) => before + count(one), 0);
      const progress = { done: sum((one) => one.done), failedCount: sum((one) => one.failedCount), total };
      bar(progress, isOver && all.length === begin.length);
      if (isOver) {
        ended.push(job);
        break;
      }
      await delay(poll);
    }
  }
  return ended;
}

/** All that failed, not only the first. */
export async function allFailures(client: Client, job: Job): Promise<Failure[]> {
  if (job.failed.length === job.failedCount) return job.failed;
  return allItems<Failure>(client, `/jobs/${segment(job.id)}/failures`);
}

export async function readJob(client: Client, id: string): Promise<Job> {
  return (await client({ method: 'GET', path: `/jobs/${segment(id)}` })) as Job;
}

const WIDTH = 30;

/** Draws over its own line; where nobody watches it draws nothing. */
export function progressBar(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
): (job: Pick<Job, 'done' | 'total' | 'failedCount'>, ended: boolean) => void {
  let before = '';
  return ({ done, total, failedCount }, ended) => {
    if (!stream.isTTY) return;
    const filled = total === 0 ? WIDTH : Math.floor((done / total) * WIDTH);
    const failed = failedCount > 0 ? `, ${failedCount} failed` : '';
    const line = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done} of ${total}${failed}`;
    stream.write(`\r${line.padEnd(before.length)}${ended ? '\n' : ''}`);
    before = line;
  };
}

/** Each item that failed, with its reason, and why the job as a whole did: lines, none when all went well. */
export function failureLines({
  failed,
  failedCount,
  detail,
}: Pick<Job, 'failed' | 'failedCount' | 'detail'>): string[] {
  const lines = failed.map(({ name, detail: reason }) => `  ${shownWithALabels(name)}: ${reason}`);
  const more = failedCount - failed.length;
  return [...(detail === null ? [] : [detail]), ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** The exit code of a command whose job did not do all of it. */
export function noteExitCode({ failedCount, state }: Job): void {
  if (failedCount > 0 || state === 'failed') process.exitCode = exitCodes.refused;
}
