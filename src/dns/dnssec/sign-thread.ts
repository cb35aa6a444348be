import { parentPort } from 'node:worker_threads';
import { workInBackground } from '../../core/priority.ts';
import type { SignerFactory } from './algorithms.ts';
import { type SignRequest, type SignResponse, signRequest } from './sign-chunk.ts';

/** What a signing thread is sent: work, or that there will be no more. */
export type ThreadTask = readonly SignRequest[] | 'end';

/** What it says when a task is done. */
export type ThreadAnswer = readonly SignResponse[];

/** What a signing thread says, besides its answers. */
export interface SlowSigning {
  /** Why it does not sign as fast as it could. */
  problem: Error;
}

/**
 * Serves as a thread of a pool, with signers of this factory, behind the threads that answer queries. What it cannot sign ends the thread,
 * and the pool does the work itself and reports the error.
 */
export function serveSigning(factory: SignerFactory, problem?: Error): void {
  workInBackground();
  if (problem) parentPort?.postMessage({ problem } satisfies SlowSigning);
  parentPort?.on('message', (task: ThreadTask) => {
    if (task === 'end') {
      parentPort?.close();
      return;
    }
    const answer = task.map((request) => signRequest(request, factory));
    parentPort?.postMessage(
      answer satisfies ThreadAnswer,
      answer.map(({ results }) => results.buffer),
    );
  });
}
