import { Worker } from 'node:worker_threads';
import type BetterSqlite3 from 'better-sqlite3';
import { programBeside } from '../core/program.ts';

/** Pages of the journal from which on it is copied into the database. */
const PAGES = 1000;
/** Pages from which on a commit does it itself: while changes follow each other, the journal must not grow for ever. */
const MOST_PAGES = 16_000;
/** What SQLite does by default: each commit that finds so many pages copies them. */
const BY_COMMITS = 1000;

/** What the thread is sent. */
export type CheckpointTask = 'copy' | 'end';

/** Copies the journal into the database in a thread, so that no change waits for it. */
export interface Checkpoints {
  /** To be called after each commit. */
  committed(): void;
  /** Resolves when the thread has ended, if there was one. */
  stop(): Promise<void>;
}

/** For the connection that writes to the database at `path`. */
export function createCheckpoints(sqlite: BetterSqlite3.Database, path: string): Checkpoints {
  sqlite.pragma(`wal_autocheckpoint = ${MOST_PAGES}`);
  const journal = sqlite.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)');
  let thread: Worker | undefined;
  let copying = false;
  let stopped = false;

  function start(): Worker {
    const worker = new Worker(programBeside(import.meta.url, 'checkpoint-program'), { workerData: path });
    worker.unref();
    worker.on('message', () => (copying = false));
    worker.on('error', giveUp);
    return worker;
  }

  /** There is no such thread on this machine: commits do it, as they would without this. */
  function giveUp(): void {
    stopped = true;
    thread = undefined;
    if (sqlite.open) sqlite.pragma(`wal_autocheckpoint = ${BY_COMMITS}`);
  }

  return {
    committed() {
      if (copying || stopped) return;
      const { log, checkpointed } = journal.get()!;
      if (log - checkpointed < PAGES) return;
      copying = true;
      thread ??= start();
      thread.postMessage('copy' satisfies CheckpointTask);
    },
    async stop() {
      stopped = true;
      const ending = thread;
      thread = undefined;
      if (!ending) return;
      ending.ref();
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.postMessage('end' satisfies CheckpointTask);
      await ended;
    },
  };
}
