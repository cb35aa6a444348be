import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compile } from './compile.ts';

export interface LoadTask {
  port: number;
  /** File of messages, each behind its length (two octets). */
  questions: string;
  seconds: number;
  /** Questions that wait for their answers at most; of a load without a rate. */
  window: number;
  /** Questions a second; undefined: as many as are answered. */
  rate?: number | undefined;
}

export interface LoadResult {
  answered: number;
  lost: number;
  seconds: number;
  /** Octets of an answer, on average. */
  octets: number;
  /** Answers by RCODE. */
  rcodes: number[];
  /** Microseconds, of a load at a rate. */
  p50: number;
  p99: number;
}

/** Has a process of its own ask, on one core where one is named. */
export async function load(
  { port, questions, seconds, window, rate = 0 }: LoadTask,
  core?: number,
): Promise<LoadResult> {
  const command = [compile('dns-load'), `${port}`, questions, `${seconds}`, `${window}`, `${rate}`];
  const [first, ...rest] =
    core === undefined ? command : ['nice', '-n', '-20', 'taskset', '-c', `${core}`, ...command];
  const { stdout } = await promisify(execFile)(first!, rest);
  return JSON.parse(stdout) as LoadResult;
}
