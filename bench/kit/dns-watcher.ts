import { parentPort, workerData } from 'node:worker_threads';
import { rest, signedAnswer } from './child-box.ts';

/**
 * Asks a nameserver on loopback a question every 2 ms; told to stop, it says how many milliseconds each answer took. A thread of its own, so that what its
 * starter is busy with meanwhile is not counted.
 */

export interface WatchedName {
  port: number;
  owner: string;
  type: number;
}

let running = true;
const times = watch(workerData as WatchedName);
parentPort!.once('message', () => (running = false));
parentPort!.postMessage(await times);

async function watch({ port, owner, type }: WatchedName): Promise<number[]> {
  const times: number[] = [];
  while (running) {
    const began = performance.now();
    await signedAnswer(port, owner, type);
    times.push(performance.now() - began);
    await rest(2);
  }
  return times;
}
