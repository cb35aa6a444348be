import { rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { SentStorage } from '../mail/sending/store.ts';
import { isDamage } from './damage.ts';
import { createPrivately } from './private-files.ts';

type Counts = Omit<SentStorage, 'problem'>;

/**
 * The counts at `path`, opened when first asked for. Where the file can be neither read nor written nothing is counted, since mail is worth more
 * than its count; one that is damaged is given up, and the counts begin anew.
 */
export function sentMessages(path: string): SentStorage {
  let opened: Counts | undefined;
  let trouble: Error | undefined;
  const attempt = <T>(otherwise: T, action: (counts: Counts) => T): T => {
    try {
      const result = action((opened ??= openOrMake(path)));
      trouble = undefined;
      return result;
    } catch (error) {
      trouble = error as Error;
      if (isDamage(error)) {
        opened?.close();
        opened = undefined;
        giveUp(path);
      }
      return otherwise;
    }
  };
  /** A count of nobody, and it is gone again: who asks for the problem is not told of one that is over. */
  const tryAgain = (): void =>
    attempt(undefined, (storage) => {
      storage.add('', 0, 0);
      storage.forget(1, 1);
    });
  return {
    problem() {
      if (trouble) tryAgain();
      return (
        trouble &&
        `What mailboxes send is not counted, and no limit holds, while ${path} cannot be used (${trouble.message}).`
      );
    },
    slots: (address, since) => attempt([], (storage) => storage.slots(address, since)),
    add: (...slot) => attempt(undefined, (storage) => storage.add(...slot)),
    forget: (before, limit) => attempt(0, (storage) => storage.forget(before, limit)),
    close: () => opened?.close(),
  };
}

function openOrMake(path: string): Counts {
  try {
    return open(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    giveUp(path);
    return open(path);
  }
}

function giveUp(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}

function open(path: string): Counts {
  createPrivately(path);
  // Whoever holds it does so for moments; mail and `/health` wait no longer for a count.
  const sqlite = new BetterSqlite3(path, { timeout: 100 });
  // A power failure takes the last counts; waiting for the disk at each message would cost more than they are worth.
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.exec(`
    CREATE TABLE IF NOT EXISTS sent (
      address TEXT NOT NULL, at INTEGER NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (address, at)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS sent_at ON sent (at);
  `);
  const slots = sqlite.prepare<[string, number], { at: number; messages: number }>(
    'SELECT at, messages FROM sent WHERE address = ? AND at >= ? ORDER BY at',
  );
  const add = sqlite.prepare(
    'INSERT INTO sent VALUES (?, ?, ?) ON CONFLICT (address, at) DO UPDATE SET messages = messages + excluded.messages',
  );
  const forget = sqlite.prepare(
    'DELETE FROM sent WHERE (address, at) IN (SELECT address, at FROM sent WHERE at < ? LIMIT ?)',
  );
  return {
    slots: (address, since) => slots.all(address, since),
    add: (...slot) => void add.run(...slot),
    forget: (before, limit) => forget.run(before, limit).changes,
    close: () => sqlite.close(),
  };
}
