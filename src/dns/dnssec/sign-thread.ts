import { parentPort } from 'node:worker_threads';
import type { SignerFactory } from './algorithms.ts';
import { type SignRequest, signRequest } from './sign-chunk.ts';

/** What a signing thread says, besides its responses. */
export interface SlowSigning {
  /** Why it does not sign as fast as it could. */
  problem: Error;
}

/**
 * Serves as a thread of a pool, with signers of this factory. What it cannot sign ends the thread, and the pool does the
 * work itself and reports the error.
 */
export function serveSigning(factory: SignerFactory, problem?: Error): void {
  if (problem) parentPort?.postMessage({ problem } satisfies SlowSigning);
  parentPort?.on('message', (request: SignRequest) => {
    const response = signRequest(request, factory);
    parentPort?.postMessage(response, [response.results.buffer]);
  });
}
