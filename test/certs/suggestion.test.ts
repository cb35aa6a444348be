import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, type SimulatedCa } from '../kit/simulated-ca.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Runs a box for some days. @returns when the CA was asked for its suggestion. */
async function live(days: number, renewalInfo: (ca: SimulatedCa) => SimulatedCa['renewalInfo']) {
  const clock = new FakeClock();
  const random = seededRandom(days);
  const asked: number[] = [];
  const box = await openCerts({
    clock,
    random,
    ca({ served }) {
      const ca = createSimulatedCa({ clock, random, lifetime: 6 * DAY, ari: true, served });
      const answer = renewalInfo(ca);
      return Object.assign(ca, {
        renewalInfo(id: string) {
          asked.push(clock.now());
          return answer(id);
        },
      });
    },
  });
  await box.certificates.start();
  await box.settle();
  for (let hour = 0; hour < days * 24; hour++) {
    await clock.advance(HOUR);
    await box.settle();
  }
  const [certificate] = box.certificates.list({ limit: 1, cursor: undefined }).items;
  const now = clock.now();
  await box.close();
  return { asked, certificate: certificate!, now };
}

it('RFC 9773 §4.3.3: renews a certificate though the question for the suggestion of the CA goes wrong inside the box', async () => {
  const { asked, certificate, now } = await live(7, () => () => {
    throw new TypeError('a fault of ours');
  });
  expect(Date.parse(certificate.notAfter!)).toBeGreaterThan(now);
  expect(asked.length).toBeLessThanOrEqual(7 * 4 + 2);
});

it('RFC 9773 §4.2, §4.3: asks the CA as often as it wants, from the first moment on, and renews in its window', async () => {
  const { asked, certificate, now } = await live(5, (ca) => ca.renewalInfo.bind(ca));
  const start = now - 5 * DAY;
  const renewed = Date.parse(certificate.notBefore!) - start;
  expect(renewed).toBeGreaterThan(6 * DAY * 0.6);
  expect(renewed).toBeLessThan(6 * DAY * 0.7 + 2 * HOUR);
  expect(asked[0]! - start).toBeLessThan(HOUR);
  expect(asked.length).toBeGreaterThan(5 * 4 - 3);
  expect(asked.length).toBeLessThanOrEqual(5 * 4 + 3);
});
