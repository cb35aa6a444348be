import { pino } from 'pino';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { certificateRow, storedCertificate } from '../../../test/kit/certificate-row.ts';
import { createSimulatedCa } from '../../../test/kit/simulated-ca.ts';
import { FakeClock } from '../../core/clock.ts';
import { seededRandom } from '../../core/random.ts';
import { AcmeError } from '../acme/problem.ts';
import type { AcmeClient, RenewalInfo } from '../acme/protocol.ts';
import type { CertificateRow } from '../store.ts';
import { createCsr } from '../x509/csr.ts';
import { createKey } from '../x509/key.ts';
import { wakeAt } from '../schedule/wake.ts';
import type { Rows } from './rows.ts';
import { askSuggestion } from './suggestion.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const names = ['example.com'];
const random = seededRandom(1);

let chain: string;
beforeAll(async () => {
  const options = { clock: new FakeClock(), random, lifetime: 6 * DAY, ari: true, served: () => true };
  const { pem } = await createCsr(names, await createKey('ecdsa-p256'));
  chain = await createSimulatedCa(options).sign(pem);
});

let clock: FakeClock;
let row: CertificateRow;
let logged: string[];
let asked: number;
/** What the CA says. */
let info: RenewalInfo | Error | undefined;

beforeEach(() => {
  clock = new FakeClock();
  [logged, asked] = [[], 0];
  const [notBefore, notAfter] = [clock.now(), clock.now() + 6 * DAY];
  const at = notBefore + 4 * DAY;
  row = {
    ...certificateRow({ names, current: storedCertificate({ chain, notBefore, notAfter }) }),
    schedule: { at, why: 'two thirds of its lifetime' },
    suggestion: { at: undefined, start: 0, end: 0, checkAt: notBefore },
  };
  info = { ...days(1, 2), explanation: 'https://ca.example/why', retryAfter: HOUR };
});

function days(start: number, end: number): { start: string; end: string } {
  const time = (day: number) => new Date(clock.now() + day * DAY).toISOString();
  return { start: time(start), end: time(end) };
}

async function ask(): Promise<CertificateRow> {
  const client: Pick<AcmeClient, 'renewalInfo'> = {
    renewalInfo() {
      asked++;
      return info instanceof Error ? Promise.reject(info) : Promise.resolve(info);
    },
  };
  const rows: Pick<Rows, 'update'> = {
    update: (_, change) => Promise.resolve((row = change(row, undefined as never))),
  };
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  await askSuggestion({ rows: rows as Rows, client: client as AcmeClient, clock, random, log }, row);
  return row;
}

it('RFC 9773 §4.2: renews within the window, and says once to whom the box belongs why that is', async () => {
  const { schedule, suggestion } = await ask();
  expect(schedule!.at).toBeGreaterThanOrEqual(clock.now() + DAY);
  expect(schedule!.at).toBeLessThanOrEqual(clock.now() + 2 * DAY);
  expect(suggestion!.checkAt).toBe(clock.now() + HOUR);
  await ask();
  expect(logged.map((line) => (JSON.parse(line) as { explanation: string }).explanation)).toEqual([
    'https://ca.example/why',
  ]);
});

it('RFC 9773 §4.2: renews at once when the window lies in the past', async () => {
  info = { ...days(-2, -1), explanation: undefined, retryAfter: undefined };
  expect((await ask()).schedule!.at).toBeLessThan(clock.now());
});

it('RFC 9773 §4.3: does not ask about a certificate that has expired', async () => {
  await clock.advance(6 * DAY);
  const { suggestion } = await ask();
  expect([asked, suggestion]).toEqual([0, undefined]);
});

it('RFC 9773 §4.3: does not ask about a certificate whose successor is there', () => {
  const certificate = row.current!;
  const installAt = clock.now() + HOUR;
  expect(wakeAt(row, true)).toBe(clock.now());
  expect(wakeAt({ ...row, pending: { kind: 'issued', certificate, installAt } }, true)).toBe(installAt);
});

it('RFC 9773 §4.3.3: keeps what it knew when the question fails, and asks again after six hours', async () => {
  const before = await ask();
  info = new AcmeError({ type: 'unreachable', detail: '', retryAt: undefined });
  const after = await ask();
  expect(after.schedule).toEqual(before.schedule);
  expect(after.suggestion).toEqual({ ...before.suggestion!, checkAt: clock.now() + 6 * HOUR });
  // And where the CA does not say when it wants to be asked.
  info = { ...days(1, 2), explanation: undefined, retryAfter: undefined };
  expect((await ask()).suggestion!.checkAt).toBe(clock.now() + 6 * HOUR);
});

it.each([
  [1000, 60_000],
  [2 * HOUR, 2 * HOUR],
  [7 * DAY, DAY],
])(
  'RFC 9773 §4.3.2: asks again when the CA says, within a minute and a day: %i',
  async (retryAfter, wait) => {
    info = { ...days(1, 2), explanation: undefined, retryAfter };
    expect((await ask()).suggestion!.checkAt - clock.now()).toBe(wait);
  },
);
