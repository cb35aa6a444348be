import { parentPort } from 'node:worker_threads';
import { type SignRequest, signRequest } from './sign-chunk.ts';

/** A signing thread. What it cannot sign ends it, and the pool does the work itself and reports the error. */
parentPort?.on('message', (request: SignRequest) => {
  const response = signRequest(request);
  parentPort?.postMessage(response, [response.results.buffer]);
});
