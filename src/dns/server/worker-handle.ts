import { Worker } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { ZoneImage } from '../zone/image.ts';
import type { FromWorker, ListenFailure, Refusal, ToWorker, WorkerStart } from './worker-messages.ts';

/** A worker that does not answer for so long (milliseconds) hangs, and is ended. */
const PATIENCE = 10_000;
/** The same while it starts: it loads its program and opens every zone, on a machine that may be starting as well. */
const START_PATIENCE = 30_000;

/** A message to a worker, before it has an id. */
export type WorkerRequest = ToWorker extends infer Message
  ? Message extends ToWorker
    ? Omit<Message, 'id'>
    : never
  : never;

/** An image that a worker cannot read. */
export interface RefusedImage {
  image: ZoneImage;
  reason: string;
}

/** One data-plane thread as its supervisor sees it. */
export interface WorkerHandle {
  /** Resolves with what could not be bound; with undefined when the thread ended, or was ended, before it was ready. */
  readonly ready: Promise<ListenFailure[] | undefined>;
  /** Resolves once the worker has done it, or has ended: a dead worker serves nothing old. */
  request(request: WorkerRequest): Promise<ListenFailure[]>;
  /** Ends it, after what it does now; one that still starts at once. */
  close(): Promise<void>;
}

export interface WorkerOptions {
  start: WorkerStart;
  program: URL;
  clock: Clock;
  log: Log;
  onRefused: (refused: RefusedImage[]) => void;
  onExit: (error: unknown) => void;
}

interface Waiting {
  /** What the request sends. */
  images: readonly ZoneImage[];
  done: (failed: ListenFailure[]) => void;
}

export function startWorker({ start, program, clock, log, onRefused, onExit }: WorkerOptions): WorkerHandle {
  const worker = new Worker(program, { workerData: start, name: 'signpost-dns' });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let alive = true;
  let isReady = false;
  let failure: unknown;
  const { promise: ready, resolve: setReady } = Promise.withResolvers<ListenFailure[] | undefined>();

  const endAfter = (patience: number, doing: string) =>
    clock.after(patience, () => {
      log.error({ doing }, 'a DNS worker hangs; it is ended');
      void worker.terminate();
    });
  const starting = endAfter(START_PATIENCE, 'start');
  const reportRefused = (images: readonly ZoneImage[], refused: readonly Refusal[] = []): void => {
    if (refused.length > 0)
      onRefused(refused.map(({ index, reason }) => ({ image: images[index]!, reason })));
  };

  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        starting.cancel();
        isReady = true;
        reportRefused(start.images, message.refused);
        setReady(message.failed);
        break;
      case 'done': {
        const request = waiting.get(message.id);
        reportRefused(request?.images ?? [], message.refused);
        request?.done(message.failed ?? []);
        break;
      }
      case 'failure':
        log.error({ cause: message.message }, 'an answer failed inside; the client got SERVFAIL');
    }
  });
  worker.on('error', (error) => (failure = error));
  worker.on('exit', () => {
    alive = false;
    starting.cancel();
    setReady(undefined);
    for (const { done } of waiting.values()) done([]);
    onExit(failure);
  });

  const request: WorkerHandle['request'] = async (request) => {
    if (!alive) return [];
    const id = ++lastId;
    const { promise, resolve: done } = Promise.withResolvers<ListenFailure[]>();
    waiting.set(id, { images: request.kind === 'apply' ? request.set : [], done });
    worker.postMessage({ ...request, id });
    // Its start is watched above, and may take longer.
    const patience = (await ready) && endAfter(PATIENCE, request.kind);
    const failed = await promise;
    waiting.delete(id);
    patience?.cancel();
    return failed;
  };
  return {
    ready,
    request,
    async close() {
      if (isReady) await request({ kind: 'close' });
      await worker.terminate();
    },
  };
}
