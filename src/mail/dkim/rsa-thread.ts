import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { programBeside } from '../../core/program.ts';
import type { DkimKeyPair } from './key-pair.ts';

/** Makes RSA keys: one takes a core some tenths of a second, which nobody who asks something is to wait for. */
export interface RsaThread {
  /** One at a time. Rejects when the thread cannot make it. */
  make(): Promise<DkimKeyPair>;
  /** Ends the thread, which takes memory, until there is more to make. */
  end(): Promise<void>;
}

export function createRsaThread(): RsaThread {
  let thread: Worker | undefined;
  return {
    async make() {
      thread ??= new Worker(programBeside(import.meta.url, 'rsa-program'), { name: 'signpost-keys' });
      thread.postMessage('make');
      try {
        const [pair] = (await once(thread, 'message')) as [DkimKeyPair];
        return pair;
      } catch (error) {
        thread = undefined;
        throw error;
      }
    },
    async end() {
      const ending = thread;
      thread = undefined;
      await ending?.terminate();
    },
  };
}
