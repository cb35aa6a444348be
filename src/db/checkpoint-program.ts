import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { workInBackground } from '../core/priority.ts';
import type { CheckpointTask } from './checkpoints.ts';

/** A thread that copies the journal into the database whenever it is told to, as far as nobody is in the way, and behind all that answers. */
workInBackground();
const sqlite = new BetterSqlite3(workerData as string, { timeout: 0 });
sqlite.pragma('synchronous = FULL');
parentPort?.on('message', (task: CheckpointTask) => {
  if (task === 'end') {
    sqlite.close();
    parentPort?.close();
    return;
  }
  try {
    sqlite.pragma('wal_checkpoint(PASSIVE)');
  } catch {
    // What finds no room stays in the journal, and is read from there; the next one tries again.
  }
  parentPort?.postMessage('copied');
});
