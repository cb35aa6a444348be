import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { certificateRow, storedCertificate } from '../../test/kit/certificate-row.ts';
import { memoryUses } from '../../test/kit/memory-uses.ts';
import { openWork, writeRows } from '../../test/kit/work.ts';
import { certificateRows, type Use } from '../certs/store.ts';
import type { UnitOfWork } from '../work/unit-of-work.ts';
import { type Database, openDatabase } from './database.ts';

let directory: string;
let database: Database;
let work: UnitOfWork;

const open = (): void => {
  database = openDatabase(join(directory, 'signpost.sqlite'));
  work = openWork(database);
};
const reads = () => work.committed.rows(certificateRows);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signpost-uses-'));
  open();
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

const use = fc.record<Use>({
  kind: fc.constantFrom('sameNames', 'failures'),
  subject: fc.constantFrom('a', 'b', 'c'),
  at: fc.nat(20),
});

test('uses are found and counted as a list of them would have it, also when old ones were dropped', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(use, { maxLength: 40 }), fc.nat(20), async (list, before) => {
      await writeRows(work, certificateRows, (rows) => {
        rows.forgetUses();
        for (const one of list) rows.addUse(one);
        for (const kind of ['sameNames', 'failures'] as const) while (rows.dropUses(kind, before, 3) > 0);
      });
      const left = memoryUses(list.filter(({ at }) => at >= before));
      for (const kind of ['sameNames', 'failures'] as const) {
        const byName = (a: { subject: string }, b: { subject: string }) => a.subject.localeCompare(b.subject);
        expect(reads().mostUsed(kind, 9).sort(byName)).toEqual(left.mostUsed(kind, 9).sort(byName));
        expect(reads().mostUsed(kind, 1)[0]?.count).toBe(left.mostUsed(kind, 1)[0]?.count);
        for (const subject of ['a', 'b', 'c'])
          for (const n of [0, 1, 4, 10]) {
            expect(reads().useBefore({ kind, subject }, n)).toBe(left.useBefore({ kind, subject }, n));
            expect(reads().usesSince({ kind, subject }, n)).toBe(left.usesSince({ kind, subject }, n));
          }
      }
    }),
    { numRuns: 50 },
  );
});

test('a certificate is under way below its registered domain from its first order to its end', async () => {
  const put = (row: Parameters<typeof certificateRow>[0]) =>
    writeRows(work, certificateRows, (rows) => rows.put(certificateRow(row)));
  const pending = { kind: 'creating' } as const;
  await put({ id: 'a', names: ['example.com', '*.example.com'], pending });
  await put({ id: 'b', names: ['www.example.com', 'example.org'], pending });
  await put({ id: 'renewed', names: ['old.example.com'], pending, current: storedCertificate({}) });
  await put({ id: 'idle', names: ['idle.example.com'] });
  expect(reads().underWay('example.com', 'c', 9)).toBe(2);
  expect(reads().underWay('example.com', 'a', 9)).toBe(1);
  expect(reads().underWay('example.com', 'c', 1)).toBe(1);
  expect(reads().underWay('example.org', 'a', 9)).toBe(1);
  await put({ id: 'a', names: ['example.com', '*.example.com'], pending: undefined });
  await writeRows(work, certificateRows, (rows) => rows.delete('b'));
  expect(reads().underWay('example.com', 'c', 9)).toBe(0);
  expect(reads().underWay('example.org', 'c', 9)).toBe(0);
});

test('what an earlier version kept of the last week still counts', async () => {
  await database.write(({ sqlite }) =>
    sqlite.exec(`INSERT INTO acme_uses (kind, subject, at) VALUES
      ('order', '*.example.com example.com', 1), ('order', 'example.org', 2),
      ('certificate', '*.example.com example.com', 3), ('renewal', '*.example.com example.com', 4),
      ('failure', 'example.com', 5)`),
  );
  for (let starts = 0; starts < 2; starts++) {
    await database.close();
    open();
    expect(reads().mostUsed('orders', 9)).toEqual([{ subject: '', count: 2 }]);
    expect(reads().mostUsed('sameNames', 9)).toEqual([{ subject: '*.example.com example.com', count: 2 }]);
    expect(reads().mostUsed('registeredDomain', 9)).toEqual([{ subject: 'example.com', count: 1 }]);
    expect(reads().useBefore({ kind: 'failures', subject: 'example.com' }, 0)).toBe(5);
  }
});
