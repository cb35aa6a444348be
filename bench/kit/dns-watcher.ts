import { createSocket } from 'node:dgram';
import { parentPort, workerData } from 'node:worker_threads';
import { Name } from '../../src/dns/wire/name.ts';
import { questionWithDo, rest } from './child-box.ts';
import { goFirst } from './go-first.ts';

/**
 * Asks a nameserver on loopback a question every 2 ms; told to stop, it says how many milliseconds each answer took. A thread and a socket of its own, so
 * that what its starter is busy with meanwhile is not counted.
 */

export interface WatchedName {
  port: number;
  owner: string;
  type: number;
}

/** Milliseconds after which an answer is lost: it counts as having taken so long. */
const PATIENCE = 500;

goFirst();

let running = true;
const times = watch(workerData as WatchedName);
parentPort!.once('message', () => (running = false));
parentPort!.postMessage(await times);

async function watch({ port, owner, type }: WatchedName): Promise<number[]> {
  const question = questionWithDo(Name.parse(owner), type);
  const socket = createSocket('udp4');
  const times: number[] = [];
  let answered: (() => void) | undefined;
  socket.on('message', () => answered?.());
  while (running) {
    const began = performance.now();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      answered = () => {
        clearTimeout(timer);
        resolve();
      };
      socket.send(question, port, '127.0.0.1');
    });
    times.push(performance.now() - began);
    await rest(2);
  }
  socket.close();
  return times;
}
