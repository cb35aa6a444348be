import { expect, it } from 'vitest';
import type { CertificateView } from '../../src/certs/model.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, mostWithin, type SimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DOMAINS = 1000;
/** Every tenth domain has mail. */
const MAIL = 10;
/** New orders that Let's Encrypt allows an account in three hours. */
const ORDERS = 300;

it(
  'gets certificates for 1,000 domains added at once: the important first, within the limits of the CA, for all to see',
  { timeout: 300_000 },
  async () => {
    const clock = new FakeClock();
    const random = seededRandom(1000);
    const made: { ca?: SimulatedCa } = {};
    const box = await openCerts({
      clock,
      random,
      ca: ({ served }) =>
        (made.ca = createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served })),
    });
    const ca = made.ca!;
    await Promise.all(
      Array.from({ length: DOMAINS }, (_, index) => {
        const mail = index % MAIL === MAIL - 1;
        return box.zones.domains.add(person, domain(`d${index}.example`, { mail, web: false }));
      }),
    );
    await box.certificates.start();
    await box.settle();

    // As many as the CA lets through at once; all others say that they wait for it, and until when.
    const first = Object.groupBy(all(box), ({ state }) => state);
    expect(first.valid).toHaveLength(ORDERS);
    expect(first['self-signed']).toHaveLength(DOMAINS + 1 - ORDERS);
    for (const { nextAttemptWhy, nextAttemptAt } of first['self-signed']!) {
      expect(nextAttemptWhy).toBe('the CA allows only so many orders at a time');
      expect(Date.parse(nextAttemptAt!)).toBeGreaterThan(clock.now());
    }
    // The box, then whoever has mail, then the rest.
    expect(certified(ca)[0]).toBe('box.example.net mta-sts.box.example.net');
    const mailFirst = certified(ca).slice(1, 1 + DOMAINS / MAIL);
    expect(mailFirst.filter((names) => names.endsWith('9.example'))).toHaveLength(DOMAINS / MAIL);

    const progress = [ORDERS];
    for (let hours = 3; hours <= 9; hours += 3) {
      await clock.advance(3 * HOUR + MINUTE);
      await box.settle();
      progress.push(all(box).filter(({ state }) => state === 'valid').length);
    }
    expect(progress).toEqual([ORDERS, 2 * ORDERS, 3 * ORDERS, DOMAINS + 1]);
    expect(new Set(certified(ca)).size).toBe(DOMAINS + 1);
    expect(all(box).every(({ kind, step }) => kind === 'acme' && step === 'installed')).toBe(true);
    expect(mostWithin(ca, 'order', 3 * HOUR, () => '')).toBe(ORDERS);
    expect(mostWithin(ca, 'certificate', 7 * DAY)).toBe(1);
    expect(ca.mostAtOnce()).toBe(3);
    expect(ca.mostForOneSet()).toBe(1);
    await box.close();
  },
);

it(
  'lets no more certificates below one registered domain in a week than the CA allows',
  { timeout: 180_000 },
  async () => {
    const clock = new FakeClock();
    const random = seededRandom(60);
    const made: { ca?: SimulatedCa } = {};
    const box = await openCerts({
      clock,
      random,
      ca: ({ served }) =>
        (made.ca = slow(createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served }))),
    });
    // Three are ordered at once: after the box and this one the 50th, 51st and 52nd go together.
    await box.zones.domains.add(person, domain('example.com'));
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        box.zones.domains.add(person, domain(`d${index}.example.org`)),
      ),
    );
    await box.certificates.start();
    await box.settle();
    const below = (): number => certified(made.ca!).filter((names) => names.endsWith('example.org')).length;
    expect(below()).toBe(50);
    await clock.advance(6 * DAY);
    await box.settle();
    expect(below()).toBe(50);
    await clock.advance(DAY + 10 * MINUTE);
    await box.settle();
    expect(below()).toBe(60);
    await box.close();
  },
);

/** Its orders take so long that others begin in the meantime. */
function slow(ca: SimulatedCa): SimulatedCa {
  const finalize = ca.finalize.bind(ca);
  return Object.assign(ca, {
    async finalize(...args: Parameters<typeof finalize>) {
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
      return finalize(...args);
    },
  });
}

function all({ certificates }: CertsBox): CertificateView[] {
  return certificates.list({ limit: 5000, cursor: undefined }).items;
}

/** Sets of names, in the order in which they got a certificate. */
function certified({ log }: SimulatedCa): string[] {
  return log.filter(({ kind }) => kind === 'certificate').map(({ subject }) => subject);
}
