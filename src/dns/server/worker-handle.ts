import { Worker } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { FromWorker, ListenFailure, ToWorker, WorkerStart } from './worker-messages.ts';

/** A worker that does not answer for so long (milliseconds) hangs, and is ended. */
const PATIENCE = 10_000;

/** A message to a worker, before it has an id. */
export type WorkerRequest = ToWorker extends infer Message
  ? Message extends ToWorker
    ? Omit<Message, 'id'>
    : never
  : never;

/** One data-plane thread as its supervisor sees it. */
export interface WorkerHandle {
  /** Resolves with what could not be bound; with undefined when the thread ended before it was ready. */
  readonly ready: Promise<ListenFailure[] | undefined>;
  /** Resolves once the worker has done it, or has ended: a dead worker serves nothing old. */
  request(request: WorkerRequest): Promise<ListenFailure[]>;
  terminate(): Promise<void>;
}

export function startWorker(
  start: WorkerStart,
  program: URL,
  clock: Clock,
  log: Log,
  onExit: (error: unknown) => void,
): WorkerHandle {
  const worker = new Worker(program, { workerData: start, name: 'signpost-dns' });
  const waiting = new Map<number, (failed: ListenFailure[]) => void>();
  let lastId = 0;
  let alive = true;
  let failure: unknown;
  let setReady: (failed: ListenFailure[] | undefined) => void;
  const ready = new Promise<ListenFailure[] | undefined>((resolve) => (setReady = resolve));

  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        setReady(message.failed);
        break;
      case 'done':
        waiting.get(message.id)?.(message.failed ?? []);
        break;
      case 'failure':
        log.error({ cause: message.message }, 'an answer failed inside; the client got SERVFAIL');
    }
  });
  worker.on('error', (error) => (failure = error));
  worker.on('exit', () => {
    alive = false;
    setReady(undefined);
    for (const done of waiting.values()) done([]);
    onExit(failure);
  });

  return {
    ready,
    request(request) {
      if (!alive) return Promise.resolve([]);
      const id = ++lastId;
      return new Promise((resolve) => {
        const patience = clock.after(PATIENCE, () => {
          log.error({ request: request.kind }, 'a DNS worker hangs; it is ended');
          void worker.terminate();
        });
        waiting.set(id, (failed) => {
          waiting.delete(id);
          patience.cancel();
          resolve(failed);
        });
        worker.postMessage({ ...request, id });
      });
    },
    async terminate() {
      await worker.terminate();
    },
  };
}
