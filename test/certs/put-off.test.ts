import { afterEach, beforeEach, expect, it } from 'vitest';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import { certificateRows } from '../../src/certs/store.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { factRows } from '../../src/work/facts.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, type SimulatedCa } from '../kit/simulated-ca.ts';
import { writeRows } from '../kit/work.ts';
import { domain, person } from '../kit/zones-box.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DOMAINS = 10;

let clock: FakeClock;
let box: CertsBox;
let ca: SimulatedCa;

beforeEach(async () => {
  clock = new FakeClock();
  const random = seededRandom(30);
  box = await openCerts({
    clock,
    random,
    ca: ({ served }) => (ca = createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served })),
  });
  for (let i = 0; i < DOMAINS; i++)
    await box.zones.domains.add(person, domain(`d${i}.example`, { mail: false, web: false }));
});
afterEach(() => box.close());

const all = () => box.certificates.list({ limit: 100, cursor: undefined }).items;
const valid = () => all().filter(({ state }) => state === 'valid').length;
const postponed = () =>
  box.certificates.figures().attempts.find(({ outcome }) => outcome === 'postponed')!.count;

it(
  'puts all orders off in one step when the CA allows the account no more',
  { timeout: 180_000 },
  async () => {
    // It is not another CA than before, whose limits would be other ones.
    await writeRows(box.zones.work, factRows, (facts) =>
      facts.putFact('certificates-ca', Buffer.from('https://ca.example/directory')),
    );
    await writeRows(box.zones.work, certificateRows, (rows) => {
      for (let i = 0; i < 300; i++) rows.addUse({ kind: 'orders', subject: '', at: clock.now() });
    });
    const rows = () => all().map(({ id }) => box.certs.certificate(id));
    await box.certificates.start();
    await box.settle();
    const before = rows();
    await clock.advance(HOUR);
    await box.settle();

    // Nothing was tried or written for any of them, and each says what it waits for.
    expect(postponed()).toBe(0);
    expect(rows()).toEqual(before);
    const at = '2026-01-01T03:00:00Z';
    expect(new Set(all().map(({ nextAttemptWhy }) => nextAttemptWhy))).toEqual(
      new Set(['the CA allows only so many orders at a time']),
    );
    for (const one of all()) {
      expect(one).toMatchObject({ state: 'self-signed', attempts: [] });
      expect(one.nextAttemptAt!.slice(0, 17)).toBe(at.slice(0, 17));
    }

    await clock.advance(2 * HOUR + MINUTE);
    await box.settle();
    expect(valid()).toBe(DOMAINS + 1);
  },
);

it(
  'RFC 8555 §6.6: asks for no other certificate while the CA wants a rest from all orders',
  { timeout: 180_000 },
  async () => {
    let asked = 0;
    ca.trouble = () => {
      asked++;
      const retryAt = clock.now() + 30 * MINUTE;
      return new AcmeError({ type: 'rateLimited', detail: 'Service busy; retry later.', retryAt });
    };
    await box.certificates.start();
    await box.settle();
    await clock.advance(29 * MINUTE);
    await box.settle();
    // Those that were under way at once.
    expect(asked).toBeLessThanOrEqual(3);
    expect(all().filter(({ attempts }) => attempts.length > 0).length).toBeLessThanOrEqual(3);
    expect(all().at(-2)!.nextAttemptWhy).toBe('the CA asks for a rest from all orders');

    ca.trouble = undefined;
    await clock.advance(2 * MINUTE);
    await box.settle();
    expect(valid()).toBe(DOMAINS + 1);
  },
);

it('goes on with the others when the CA had enough of the names of one', { timeout: 180_000 }, async () => {
  ca.trouble = () => {
    ca.trouble = undefined;
    return new AcmeError({
      type: 'rateLimited',
      detail: 'too many certificates (50) already issued for "box.example.net" in the last 168h0m0s',
      retryAt: clock.now() + 2 * DAY,
    });
  };
  await box.certificates.start();
  await box.settle();
  expect(valid()).toBe(DOMAINS);
  await clock.advance(2 * DAY + MINUTE);
  await box.settle();
  expect(valid()).toBe(DOMAINS + 1);
});
