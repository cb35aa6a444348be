import { expect, it } from 'vitest';
import { certificateRow, storedCertificate } from '../../test/kit/certificate-row.ts';
import type { Attempt } from './model.ts';
import type { CertificateRow, Pending } from './store.ts';
import { viewOf } from './view.ts';

const now = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

const current = storedCertificate({ notBefore: now - 60 * DAY, notAfter: now + 30 * DAY });
const row = certificateRow({
  names: ['example.com'],
  current,
  schedule: { at: now + DAY, why: 'back-off after a failure' },
});
const attempt = (step: Attempt['step'], problem?: string): Attempt => ({
  startedAt: '',
  endedAt: '',
  step,
  problem,
  detail: undefined,
});
const history = [attempt('waiting'), attempt('failed', 'The CA refused.'), attempt('installed')];
const expired = { ...current, notAfter: now - 1 };
const ordered: Pending = { kind: 'ordered', url: '' };
const issued: Pending = { kind: 'issued', certificate: current, installAt: now + 1 };
const refused = 'The CA refused.';

it.each<[string, Partial<CertificateRow>, boolean, string, string | undefined]>([
  ['nothing was tried', { current: undefined, schedule: undefined }, false, 'self-signed', undefined],
  ['the first order runs', { current: undefined }, true, 'ordering', undefined],
  ['the first order was cut short', { current: undefined, pending: ordered }, false, 'ordering', undefined],
  ['the first order failed', { current: undefined, failures: 1 }, false, 'failed', refused],
  ['the first order failed and is to go on', { current: undefined, failures: 1, pending: ordered }, false, 'failed', refused],
  ['it is tried again', { current: undefined, failures: 1 }, true, 'ordering', refused],
  ['all is well', {}, false, 'valid', undefined],
  ['it is renewed', {}, true, 'renewing', undefined],
  ['the next one waits for its TLSA', { pending: issued }, false, 'renewing', undefined],
  ['the next one came after failures and waits', { failures: 2, pending: issued }, false, 'renewing', undefined],
  ['its renewal failed', { failures: 1 }, false, 'valid', refused],
  ['its renewal failed and is to go on', { failures: 1, pending: ordered }, false, 'valid', refused],
  ['its renewal is tried again', { failures: 1 }, true, 'renewing', refused],
  ['it expired while its renewal failed', { current: expired, failures: 9 }, false, 'expired', refused],
  ['it was revoked', { current: { ...current, revokedAt: now } }, true, 'revoked', undefined],
])('when %s', (_, more, busy, state, problem) => {
  const view = viewOf({ ...row, ...more }, history, { now, busy });
  expect([view.state, view.problem]).toEqual([state, problem]);
}); // prettier-ignore
