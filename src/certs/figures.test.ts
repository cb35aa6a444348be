import { expect, test } from 'vitest';
import { certificateRow, storedCertificate } from '../../test/kit/certificate-row.ts';
import { FakeClock } from '../core/clock.ts';
import { createAttemptTally, createLimitFigures, takeFigures } from './figures.ts';
import type { CertificateRow, StoredCertificate, Use } from './store.ts';

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
  row('good', { current: current({}) }),
  row('renewing', {
    current: current({ notAfter: now + 20 * DAY }),
    pending: { kind: 'ordered', url: 'https://ca.example/order/1' },
  }),
  row('revoked', { current: current({ notAfter: now + DAY, revokedAt: now }) }),
  row('busy', { current: current({}) }),
];

test('states, the first expiry, orders', () => {
  const figures = takeFigures({
    rows,
    busy: (id) => id === 'busy',
    tally: createAttemptTally(),
    limits: [],
    clock,
  });
  expect(figures).toEqual({
    states: { 'self-signed': 0, ordering: 1, valid: 1, renewing: 2, failed: 1, expired: 0, revoked: 1 },
    firstExpiry: now + 20 * DAY,
    orders: 2,
    attempts: [
      { outcome: 'success', problem: undefined, count: 0 },
      { outcome: 'postponed', problem: undefined, count: 0 },
    ],
    limits: [],
  });
});

test('an expired certificate is still the first to expire', () => {
  const expired = [row('expired', { current: current({ notAfter: now - 1 }) }), ...rows];
  const options = { busy: () => false, tally: createAttemptTally(), limits: [], clock };
  const figures = takeFigures({ ...options, rows: expired });
  expect(figures.states.expired).toBe(1);
  expect(figures.firstExpiry).toBe(now - 1);
});

test('uses of the limits are those of the last week, counted once a minute', async () => {
  const moving = new FakeClock(now);
  const uses: Use[] = [{ kind: 'order', subject: 'example.com', at: now - 1000 }];
  const asked: number[] = [];
  const reads = {
    uses(since: number) {
      asked.push(since);
      return uses;
    },
  };
  const limits = createLimitFigures(reads, moving);
  expect(limits()).toContainEqual({ limit: 'orders', uses: 1, allowed: 300 });
  uses.push({ kind: 'order', subject: 'example.org', at: now });
  await moving.advance(59_999);
  expect(limits()).toContainEqual({ limit: 'orders', uses: 1, allowed: 300 });
  await moving.advance(1);
  expect(limits()).toContainEqual({ limit: 'orders', uses: 2, allowed: 300 });
  expect(asked).toEqual([now - 7 * DAY, now + 60_000 - 7 * DAY]);
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
