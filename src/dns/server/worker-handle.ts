import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { Name } from '../wire/name.ts';
import type { SharedSlab } from '../zone/slab.ts';
import type { AnswerQuestion } from './questions.ts';
import { writeSaid } from './server-log.ts';
import type { FromWorker, ListenFailure, ToWorker, WorkerStart } from './worker-messages.ts';

/** A worker that does not answer for so long (milliseconds) hangs, and is ended. */
const PATIENCE = 10_000;
/** The same while it starts: it loads its program, on a machine that may be starting as well. */
const START_PATIENCE = 30_000;
/** Milliseconds for which what has come is still read after that: it may be this thread that was busy, not the worker. */
const GRACE = 1000;

/** A message to a worker that wants an answer, before it has an id. */
export type WorkerRequest = ToWorker extends infer Message
  ? Message extends { id: number }
    ? Omit<Message, 'id'>
    : never
  : never;

/** One data-plane thread as its supervisor sees it. */
export interface WorkerHandle {
  /** Resolves with what could not be bound; with undefined when the thread ended, or was ended, before it was ready. */
  readonly ready: Promise<ListenFailure[] | undefined>;
  /** Resolves once the worker has done it, or has ended: a dead worker serves nothing old. */
  request(request: WorkerRequest): Promise<ListenFailure[]>;
  /** Sends it before anything that is sent later. */
  sendSlab(slab: SharedSlab): void;
  /** Ends it, after what it does now; one that still starts at once. */
  close(): Promise<void>;
}

export interface WorkerOptions {
  start: WorkerStart;
  program: URL;
  clock: Clock;
  log: Log;
  onWanted: (name: Name) => void;
  onReleased: () => void;
  onAsked: AnswerQuestion;
  onExit: (error: unknown) => void;
}

export function startWorker(options: WorkerOptions): WorkerHandle {
  const { start, program, clock, log, onWanted, onReleased, onAsked, onExit } = options;
  const worker = new Worker(program, { workerData: start, name: 'signpost-dns' });
  const waiting = new Map<number, (failed: ListenFailure[]) => void>();
  let lastId = 0;
  let alive = true;
  let isReady = false;
  let failure: unknown;
  const { promise: ready, resolve: setReady } = Promise.withResolvers<ListenFailure[] | undefined>();

  const endAfter = (patience: number, doing: string): Timer => {
    const end = () => {
      log.error({ doing }, 'a DNS worker hangs; it is ended');
      void worker.terminate();
    };
    // A timer that is due fires before messages that came earlier are read; between two timers they are.
    let timer = clock.after(patience, () => (timer = clock.after(GRACE, end)));
    return { cancel: () => timer.cancel() };
  };
  const starting = endAfter(START_PATIENCE, 'start');

  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        starting.cancel();
        isReady = true;
        setReady(message.failed);
        break;
      case 'done':
        waiting.get(message.id)?.(message.failed ?? []);
        break;
      case 'wanted':
        onWanted(Name.trusted(message.wire));
        break;
      case 'asked':
        void onAsked(message.question).then((answer) => {
          const answered = { kind: 'answered', question: message.id, answer } satisfies ToWorker;
          if (alive) worker.postMessage(answered);
        });
        break;
      case 'released':
        onReleased();
        break;
      case 'failure':
        log.error({ cause: message.message }, 'an answer failed inside; the client got SERVFAIL');
        break;
      case 'said':
        writeSaid(log, message);
    }
  });
  worker.on('error', (error) => (failure = error));
  worker.on('exit', () => {
    alive = false;
    starting.cancel();
    setReady(undefined);
    for (const done of waiting.values()) done([]);
    onExit(failure);
  });

  const request: WorkerHandle['request'] = async (request) => {
    if (!alive) return [];
    const id = ++lastId;
    const { promise, resolve: done } = Promise.withResolvers<ListenFailure[]>();
    waiting.set(id, done);
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
    sendSlab(slab) {
      if (alive) worker.postMessage({ kind: 'slab', slab } satisfies ToWorker);
    },
    async close() {
      if (isReady) await request({ kind: 'close' });
      await worker.terminate();
    },
  };
}
