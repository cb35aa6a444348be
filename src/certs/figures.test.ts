import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { certificateRow, storedCertificate } from '../../test/kit/certificate-row.ts';
import { openWork, writeRows } from '../../test/kit/work.ts';
import { FakeClock } from '../core/clock.ts';
import { type Database, openDatabase } from '../db/database.ts';
import type { UnitOfWork } from '../work/unit-of-work.ts';
import { createAttemptTally } from './order/tally.ts';
import { takeFigures } from './figures.ts';
import { type CertificateRow, certificateRows, type StoredCertificate } from './store.ts';
import { stateOf } from './view.ts';

const DAY = 86_400_000;
const clock = new FakeClock();
const now = clock.now();

const row = (id: string, change: Partial<CertificateRow>) =>
  certificateRow({ id, names: [`${id}.example.com`], ...change });
const current = (change: Partial<StoredCertificate>) =>
  storedCertificate({ notBefore: now - DAY, notAfter: now + 60 * DAY, ...change });

const rows = [
  row('first', { pending: { kind: 'creating' } }),
  row('never', { failures: 3 }),
  row('again', { failures: 3, pending: { kind: 'ordered', url: 'https://ca.example/order/2' } }),
  row('good', { current: current({}) }),
  row('renewing', {
    current: current({ notAfter: now + 20 * DAY }),
    pending: { kind: 'ordered', url: 'https://ca.example/order/1' },
  }),
  row('waiting', {
    failures: 1,
    pending: { kind: 'issued', certificate: current({}), installAt: now + DAY },
  }),
  row('failing', { current: current({}), failures: 2, pending: { kind: 'creating' } }),
  row('revoked', { current: current({ notAfter: now + DAY, revokedAt: now }) }),
  row('busy', { current: current({}) }),
  row('nothing', {}),
];

let directory: string;
let database: Database;
let work: UnitOfWork;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signpost-figures-'));
  database = openDatabase(join(directory, 'signpost.sqlite'));
  work = openWork(database);
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

async function figuresOf(stored: readonly CertificateRow[], busy: readonly string[] = []) {
  await writeRows(work, certificateRows, (all) => {
    for (const one of stored) all.put(one);
  });
  const reads = work.committed.rows(certificateRows);
  return takeFigures({ reads, busy, tally: createAttemptTally(), limits: [], clock });
}

test('states, the first expiry, orders', async () => {
  expect(await figuresOf(rows, ['busy', 'gone'])).toEqual({
    states: { 'self-signed': 1, ordering: 2, valid: 2, renewing: 2, failed: 2, expired: 0, revoked: 1 },
    firstExpiry: now + 20 * DAY,
    orders: 4,
    attempts: [
      { outcome: 'success', problem: undefined, count: 0 },
      { outcome: 'postponed', problem: undefined, count: 0 },
    ],
    limits: [],
  });
});

test('an expired certificate is still the first to expire', async () => {
  const figures = await figuresOf([row('expired', { current: current({ notAfter: now - 1 }) }), ...rows]);
  expect(figures.states.expired).toBe(1);
  expect(figures.firstExpiry).toBe(now - 1);
});

test('are counted as each certificate says of itself, whatever it has come to', async () => {
  const certificate = fc.option(
    fc.record({
      notAfter: fc.constantFrom(now - 1, now, now + DAY),
      revokedAt: fc.constantFrom(now, undefined),
    }),
  );
  const pending = fc.constantFrom<CertificateRow['pending']>(
    ...[undefined, { kind: 'creating' } as const, { kind: 'ordered', url: '' } as const],
    { kind: 'issued', certificate: current({}), installAt: now },
  );
  const shapes = fc.array(fc.tuple(certificate, pending, fc.nat(1)), { maxLength: 30 });
  let made = 0;
  await fc.assert(
    fc.asyncProperty(shapes, async (given) => {
      const stored = given.map(([inUse, order, failures]) =>
        row(`p${made++}`, { current: inUse ? current(inUse) : undefined, pending: order, failures }),
      );
      const before = work.committed.rows(certificateRows).counts(now).states;
      const { states } = await figuresOf(stored);
      for (const one of stored) before[stateOf(one, now, false)]++;
      expect(states).toEqual(before);
    }),
    { numRuns: 30 },
  );
});

test('what a CA makes up counts as one', () => {
  const tally = createAttemptTally();
  tally.count('success');
  for (const problem of ['caa', 'caa', 'internal', 'invalid-record', 'tooHot', 'tooCold', 'constructor'])
    tally.count('failed', problem);
  expect(tally.read()).toEqual([
    { outcome: 'success', problem: undefined, count: 1 },
    { outcome: 'postponed', problem: undefined, count: 0 },
    { outcome: 'failed', problem: 'caa', count: 2 },
    { outcome: 'failed', problem: 'internal', count: 1 },
    { outcome: 'failed', problem: 'invalid-record', count: 1 },
    { outcome: 'failed', problem: 'other', count: 3 },
  ]);
});
