import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { openDatabase } from '../../db/database.ts';
import { openRows } from '../../db/storage.ts';
import { createEvents } from '../../work/events.ts';
import { createUnitOfWork } from '../../work/unit-of-work.ts';
import type { HistoryEntry } from './entry.ts';
import { createFirstMail } from './first-mail.ts';
import type { MailHistory } from './service.ts';

const entry = (user: string | undefined, action: string): HistoryEntry => ({
  ...{
    at: 1,
    id: 'x',
    sender: 'a@example.org',
    recipients: ['b@example.com'],
    score: 0,
    symbols: [],
    size: 1,
  },
  ...{ user, action },
});

test('what was seen once stays seen; what was refused does not count', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-first-mail-'));
  const database = openDatabase(join(folder, 'signpost.sqlite'));
  const [clock, log] = [new FakeClock(), createLog({ level: 'silent' })];
  const events = createEvents({ clock, log });
  const work = createUnitOfWork({ storage: openRows(database), events, clock, log });
  let pages: HistoryEntry[][] = [[entry(undefined, 'reject'), entry('b@example.com', 'soft reject')]];
  let problem: string | undefined;
  const history: MailHistory = {
    list({ cursor }) {
      const at = Number(cursor ?? 0);
      const next = at + 1 < pages.length ? String(at + 1) : undefined;
      return Promise.resolve({ items: problem === undefined ? pages[at]! : [], next, problem });
    },
  };
  const { seen } = createFirstMail({ history, work });
  expect(await seen()).toEqual({ received: false, sent: false, problem: undefined });
  pages = [[entry(undefined, 'reject')], [entry(undefined, 'add header')]];
  expect(await seen()).toEqual({ received: true, sent: false, problem: undefined });
  pages = [[entry('b@example.com', 'no action')]];
  problem = 'It cannot be read.';
  expect(await seen()).toEqual({ received: true, sent: false, problem });
  problem = undefined;
  expect(await seen()).toEqual({ received: true, sent: true, problem: undefined });
  pages = [[]];
  expect(await createFirstMail({ history, work }).seen()).toMatchObject({ received: true, sent: true });
  await database.close();
  rmSync(folder, { recursive: true });
});
