import { parentPort, workerData } from 'node:worker_threads';
import { rest } from './child-box.ts';
import { goFirst } from './go-first.ts';

/** Asks the URL it is given every 5 ms; told to stop, it says how many milliseconds the longest answer took. */

goFirst();

let running = true;
const longest = watch();
parentPort!.once('message', () => (running = false));
parentPort!.postMessage(await longest);

async function watch(): Promise<number> {
  let longest = 0;
  while (running) {
    const began = performance.now();
    await (await fetch(workerData as string)).text();
    longest = Math.max(longest, performance.now() - began);
    await rest(5);
  }
  return longest;
}
