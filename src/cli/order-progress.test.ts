import { describe, expect, it } from 'vitest';
import { FakeClock } from '../core/clock.ts';
import { type Attempt, type Certificate, followOrder, type Outcome, overBefore } from './order-progress.ts';

const blank: Certificate = {
  id: 'c1',
  names: ['example.com'],
  purpose: 'requested',
  domain: null,
  kind: 'self-signed',
  keyAlgorithm: 'ecdsa-p256',
  issuer: null,
  serialNumber: null,
  notBefore: null,
  notAfter: null,
  state: 'ordering',
  step: null,
  problem: null,
  nextAttemptAt: null,
  nextAttemptWhy: null,
  attempts: [],
};
const old: Attempt = {
  startedAt: '2025-12-01T00:00:00.000Z',
  endedAt: '2025-12-01T00:00:03.000Z',
  step: 'failed',
  problem: 'The CA did not answer.',
  detail: null,
};
const running: Attempt = {
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  step: 'order',
  problem: null,
  detail: null,
};

const at = (step: string, rest: Partial<Attempt> = {}, state = 'ordering'): Certificate => ({
  ...blank,
  state,
  attempts: [{ ...running, step, ...rest }, old],
});
const ended = { endedAt: '2026-01-01T00:00:02.000Z' };

/** Follows an order that looks like this, one after the other; the last one stays. */
async function follow(looks: Certificate[], limit = 60_000): Promise<{ outcome: Outcome; lines: string[] }> {
  const clock = new FakeClock();
  const lines: string[] = [];
  const rest = [...looks];
  const look = (): Certificate => (rest.length > 1 ? rest.shift()! : rest[0]!);
  const outcome = await followOrder({
    certificate: look(),
    read: () => Promise.resolve(look()),
    known: overBefore([{ ...blank, attempts: [old] }]),
    report: (line) => lines.push(line),
    limit,
    clock,
    wait: (milliseconds) => clock.advance(milliseconds),
  });
  return { outcome, lines };
}

describe('an order is followed', () => {
  it('step by step, each said once', async () => {
    const steps = ['order', 'record', 'record', 'live', 'validated', 'issued'];
    const { outcome, lines } = await follow([
      { ...blank, attempts: [old], nextAttemptWhy: 'token lego asked for it' },
      ...steps.map((step) => at(step)),
      at('installed', ended, 'renewing'),
      at('installed', ended, 'valid'),
    ]);
    expect(outcome.kind).toBe('installed');
    expect(lines).toEqual([
      '   0.0 s  waiting for its turn (token lego asked for it)',
      '   0.3 s  order placed at the CA',
      '   0.5 s  challenge records written',
      '   1.0 s  records live here and on every nameserver',
      '   1.3 s  validated by the CA',
      '   1.5 s  issued',
      '   1.8 s  in use',
    ]);
  });

  it('with the steps between two looks', async () => {
    const { lines } = await follow([at('record'), at('installed', ended, 'valid')]);
    expect(lines.map((line) => line.slice(10))).toEqual([
      'order placed at the CA',
      'challenge records written',
      'records live here and on every nameserver',
      'validated by the CA',
      'issued',
      'in use',
    ]);
  });

  it('to its failure, not to that of an earlier one', async () => {
    const problem = 'The CA found no TXT record.';
    const { outcome, lines } = await follow([
      { ...blank, state: 'failed', attempts: [old] },
      at('live'),
      at('failed', { ...ended, problem }, 'failed'),
    ]);
    expect(outcome.kind).toBe('failed');
    expect(outcome.certificate.attempts[0]!.problem).toBe(problem);
    expect(lines.at(-1)).toMatch(/records live/);
  });

  it('until it is issued, when its use must wait for the TLSA record', async () => {
    const { outcome } = await follow([at('issued', {}, 'renewing'), at('issued', ended, 'renewing')]);
    expect(outcome.kind).toBe('later');
  });

  it('that runs already, whoever began it', async () => {
    const renewing = at('live', {}, 'renewing');
    expect(overBefore([renewing])).toEqual(overBefore([{ ...blank, attempts: [old] }]));
    const { outcome } = await follow([renewing, at('installed', ended, 'valid')]);
    expect(outcome.kind).toBe('installed');
  });

  it('that was issued already, and waits for its use', async () => {
    const issued = at('issued', ended, 'renewing');
    expect(overBefore([issued])).toEqual(overBefore([{ ...blank, attempts: [old] }]));
    expect((await follow([issued])).outcome.kind).toBe('later');
  });

  it('no further than to a time at which it is tried again', async () => {
    const later = { nextAttemptAt: '2026-01-08T00:00:00Z', nextAttemptWhy: 'a limit of the CA' };
    const { outcome, lines } = await follow([
      { ...blank, state: 'revoked', nextAttemptAt: '2026-01-01T00:00:00Z' },
      { ...blank, ...later, state: 'revoked' },
    ]);
    expect([outcome.kind, lines.length]).toEqual(['putOff', 2]);
  });

  it('no longer than the limit', async () => {
    const { outcome, lines } = await follow([at('live')], 2_000);
    expect([outcome.kind, lines.length]).toEqual(['late', 3]);
  });

  it('and what it waits for is said when that changes', async () => {
    const waiting = (nextAttemptWhy: string): Certificate => ({ ...blank, nextAttemptWhy });
    const looks = [waiting('asked for'), waiting('asked for'), waiting('a limit of the CA'), at('order')];
    const { lines } = await follow(looks, 1_000);
    expect(lines.map((line) => line.slice(10))).toEqual([
      'waiting for its turn (asked for)',
      'waiting for its turn (a limit of the CA)',
      'order placed at the CA',
    ]);
  });

  it('when a valid one is about to be renewed', async () => {
    const soon = { state: 'valid', nextAttemptAt: '2026-01-01T00:00:00.000Z' };
    const { outcome } = await follow([{ ...blank, ...soon }, at('installed', ended, 'valid')]);
    expect(outcome.kind).toBe('installed');
  });
});

it.each([null, '2026-02-01T00:00:00Z'])(
  'nothing is waited for when a valid one is there: %s',
  async (next) => {
    const { outcome, lines } = await follow([{ ...blank, state: 'valid', nextAttemptAt: next }]);
    expect([outcome.kind, lines]).toEqual(['unchanged', []]);
  },
);
