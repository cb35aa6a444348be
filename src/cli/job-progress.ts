import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './client.ts';
import { segment } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { shownWithALabels } from './names.ts';

/** A job as the API answers it. */
export interface Job {
  id: string;
  kind: string;
  state: 'running' | 'done' | 'failed';
  done: number;
  total: number;
  /** The first of those that failed. */
  failed: { name: string; code: string; detail: string }[];
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
  const bar = progressBar(process.stderr);
  for (let poll = FIRST_POLL; ; poll = Math.min(poll * 2, LONGEST_POLL)) {
    const job = await readJob(client, id);
    const ended = job.state !== 'running';
    bar(job, ended);
    if (ended) return job;
    await delay(poll);
  }
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
export function failureLines({ failed, failedCount, detail }: Job): string[] {
  const lines = failed.map(({ name, detail: reason }) => `  ${shownWithALabels(name)}: ${reason}`);
  const more = failedCount - failed.length;
  return [...(detail === null ? [] : [detail]), ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** The exit code of a command whose job did not do all of it. */
export function noteExitCode({ failedCount, state }: Job): void {
  if (failedCount > 0 || state === 'failed') process.exitCode = exitCodes.refused;
}
