import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Clock, type Timer, systemClock } from '../../core/clock.ts';
import { programBeside } from '../../core/program.ts';
import type { SigningKey } from './keys.ts';
import {
  type ChunkBuilder,
  type SignRequest,
  createChunkBuilder,
  signRequest,
  unpackResults,
} from './sign-chunk.ts';
import type { SlowSigning, ThreadAnswer, ThreadTask } from './sign-thread.ts';

/** One signature to be made. */
export interface SignInput {
  key: SigningKey;
  data: Uint8Array;
  /** So many octets of `data` are put before the signature in the result: an RRSIG's rdata begins as its data does. */
  prefix?: number;
}

/**
 * Signatures are collected while the caller still plans; large batches are under way before they are complete, and small ones wait for
 * each other while others are open. So each batch is to be finished or abandoned.
 */
export interface SignBatch {
  /** Copies `data`, which the caller may use again. */
  add(key: SigningKey, data: Uint8Array, prefix?: number): void;
  /** The signatures, in the order in which their inputs were added. Rejects when a key cannot sign. */
  finish(): Promise<Uint8Array[]>;
  /** There will be no more of it, and nobody wants it. Has no effect once it is finished. */
  abandon(): void;
}

export interface SignPool {
  batch(): SignBatch;
  sign(inputs: readonly SignInput[]): Promise<Uint8Array[]>;
  /** Ends the threads when they have completed what is under way; what waits for a thread is signed on this one. */
  close(): Promise<void>;
}

export interface SignPoolOptions {
  /** One per core by default; 0 signs everything on this thread. */
  threads?: number;
  clock?: Clock;
  /** What a thread runs: it calls `serveSigning`. By default it signs with node:crypto. */
  program?: URL;
  /** Told once when threads cannot sign as fast as their program is made to, and why. */
  onSlow?(problem: Error): void;
}

/** Below this cost (in P-256 signatures, 35 µs each) the way to a thread and back is not worth it. */
const INLINE_COST = 150;
/**
 * Cost at which batches that are too small by themselves, as those of the zones of one change, are sent in one message: this thread
 * goes on with other zones meanwhile.
 */
const SHARED_COST = 192;
/** Cost of what is sent in one message of a large batch: some milliseconds of work. */
const CHUNK_COST = 384;
/** Octets for the inputs of a chunk: grows when a zone has larger RRsets. */
const CHUNK_SIZE = 48 * 1024;
/** Messages that a thread may have: it must not run dry while this thread plans. */
const CHUNKS_AHEAD = 8;
/** A thread without work for this long (milliseconds) ends. */
const IDLE = 30_000;

interface Chunk {
  request: SignRequest;
  resolve(signatures: Uint8Array[]): void;
  reject(error: unknown): void;
}

interface SignThread {
  worker: Worker;
  chunks: Map<number, Chunk>;
  /** Sent and not answered yet. */
  messages: number;
  idle: Timer | undefined;
}

export function createSignPool(options: SignPoolOptions = {}): SignPool {
  const limit = options.threads ?? availableParallelism();
  const clock = options.clock ?? systemClock;
  const program = options.program ?? programBeside(import.meta.url, 'sign-worker');
  const threads = new Set<SignThread>();
  const queue: Chunk[][] = [];
  const small: Chunk[] = [];
  const builders: ChunkBuilder[] = [];
  let smallCost = 0;
  let open = 0;
  let closed = false;
  let lastId = 0;
  let slow = false;

  function reportSlow(problem: Error): void {
    if (!slow) options.onSlow?.(problem);
    slow = true;
  }

  function startThread(): SignThread {
    const worker = new Worker(program);
    const thread: SignThread = { worker, chunks: new Map(), messages: 0, idle: undefined };
    worker.on('message', (answer: ThreadAnswer | SlowSigning) => {
      if ('problem' in answer) {
        reportSlow(answer.problem);
        return;
      }
      for (const response of answer) {
        const chunk = thread.chunks.get(response.id);
        thread.chunks.delete(response.id);
        chunk?.resolve(unpackResults(response));
      }
      thread.messages--;
      if (thread.chunks.size === 0 && threads.has(thread)) rest(thread);
      dispatch();
    });
    worker.on('error', () => endThread(thread));
    worker.on('exit', () => endThread(thread));
    threads.add(thread);
    return thread;
  }

  /** Without work, a thread neither keeps the process alive nor stays for long. */
  function rest(thread: SignThread): void {
    thread.worker.unref();
    thread.idle = clock.after(IDLE, () => dismiss(thread));
  }

  /**
   * Ends a thread when it has done what it was sent. Terminating it would cut it off in the middle of native code, which
   * may take the whole process with it.
   */
  function dismiss(thread: SignThread): void {
    threads.delete(thread);
    thread.idle?.cancel();
    thread.worker.postMessage('end' satisfies ThreadTask);
  }

  /** A thread that died leaves its chunks to this one: an error of a key then shows itself to the caller. */
  function endThread(thread: SignThread): void {
    threads.delete(thread);
    thread.idle?.cancel();
    const chunks = [...thread.chunks.values()];
    thread.chunks.clear();
    chunks.forEach(signHere);
    dispatch();
  }

  function nextThread(): SignThread | undefined {
    const least = [...threads].sort((a, b) => a.messages - b.messages)[0];
    if (threads.size < limit && (!least || least.messages > 0)) return startThread();
    return least && least.messages < CHUNKS_AHEAD ? least : undefined;
  }

  function dispatch(): void {
    while (queue.length > 0) {
      const thread = nextThread();
      if (!thread) return;
      const chunks = queue.shift()!;
      thread.idle?.cancel();
      thread.worker.ref();
      for (const chunk of chunks) thread.chunks.set(chunk.request.id, chunk);
      thread.messages++;
      thread.worker.postMessage(chunks.map(({ request }) => request) satisfies ThreadTask);
    }
  }

  function send(chunks: Chunk[]): void {
    if (closed || limit === 0) chunks.forEach(signHere);
    else {
      queue.push(chunks);
      dispatch();
    }
  }

  /** What is alone is signed here; what comes with others goes to a thread with them. */
  function share(chunk: Chunk, cost: number): void {
    small.push(chunk);
    smallCost += cost;
    if (smallCost >= SHARED_COST) sendSmall();
  }

  function sendSmall(): void {
    const chunks = small.splice(0);
    const cost = smallCost;
    smallCost = 0;
    if (cost < INLINE_COST) chunks.forEach(signHere);
    else send(chunks);
  }

  /** `isSmall`: the whole of a batch that is not worth the way to a thread by itself. */
  function submit(request: SignRequest, cost: number, isSmall: boolean): Promise<Uint8Array[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array[]>();
    const chunk: Chunk = { request, resolve, reject };
    if (isSmall) share(chunk, cost);
    else send([chunk]);
    return promise;
  }

  function close(builder: ChunkBuilder): void {
    builders.push(builder);
    if (--open === 0) sendSmall();
  }

  function batch(): SignBatch {
    open++;
    let isOpen = true;
    const chunks: Promise<Uint8Array[]>[] = [];
    const builder = builders.pop() ?? createChunkBuilder(CHUNK_SIZE);
    const flush = (): void => {
      const { cost } = builder;
      const isSmall = chunks.length === 0 && cost < INLINE_COST;
      const chunk = submit(builder.take(++lastId), cost, isSmall);
      // Whoever awaits `finish` gets the error; without this it would be reported as unhandled before.
      chunk.catch(() => undefined);
      chunks.push(chunk);
    };
    return {
      add(key, data, prefix = 0) {
        builder.add(key, data, prefix);
        if (builder.cost >= CHUNK_COST) flush();
      },
      async finish() {
        if (!builder.isEmpty) flush();
        isOpen = false;
        close(builder);
        return (await Promise.all(chunks)).flat();
      },
      abandon() {
        if (!isOpen) return;
        isOpen = false;
        builder.take(0);
        close(builder);
      },
    };
  }

  return {
    batch,
    sign(inputs) {
      const all = batch();
      for (const { key, data, prefix } of inputs) all.add(key, data, prefix);
      return all.finish();
    },
    async close() {
      closed = true;
      sendSmall();
      queue.splice(0).flat().forEach(signHere);
      const exits = [...threads].map((thread) => {
        // An idle thread does not keep the process alive, but its end is waited for.
        thread.worker.ref();
        const exit = new Promise((resolve) => thread.worker.once('exit', resolve));
        dismiss(thread);
        return exit;
      });
      await Promise.all(exits);
    },
  };
}

function signHere(chunk: Chunk): void {
  try {
    chunk.resolve(unpackResults(signRequest(chunk.request)));
  } catch (error) {
    chunk.reject(error);
  }
}
