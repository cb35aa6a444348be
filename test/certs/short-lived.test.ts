import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { randomInteger, seededRandom } from '../../src/core/random.ts';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, mostWithin, type SimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Hours from one look to the next. */
const STEP = 4;

it.each([
  { ari: true, days: 365 },
  { ari: false, days: 365 },
])(
  'keeps 6-day certificates valid for $days days (ARI: $ari) with a CA in trouble, within its limits',
  { timeout: 300_000 },
  async ({ ari, days }) => {
    const clock = new FakeClock();
    const random = seededRandom(days);
    const made: { ca?: SimulatedCa } = {};
    const box = await openCerts({
      clock,
      random,
      ca: ({ served }) => (made.ca = createSimulatedCa({ clock, random, lifetime: 6 * DAY, ari, served })),
    });
    const ca = made.ca!;
    await box.zones.domains.add(person, domain('example.com'));
    await box.certificates.start();
    await box.settle();
    let outage = 0;
    for (let hour = 0; hour < days * 24; hour += STEP) {
      await clock.advance(STEP * HOUR);
      await box.settle();
      // About once in two weeks it is away for up to a day, and one call in twenty fails.
      if (outage <= 0 && randomInteger(random, (24 * 14) / STEP) === 0)
        outage = STEP + randomInteger(random, 24);
      outage -= STEP;
      const away = outage > 0;
      ca.trouble = () =>
        away || randomInteger(random, 20) === 0
          ? new AcmeError({
              type: away ? 'unreachable' : 'serverInternal',
              detail: 'simulated',
              retryAt: undefined,
            })
          : undefined;
      ca.refuses = !away && randomInteger(random, (24 * 10) / STEP) === 0;
      for (const { names, notAfter } of box.certificates.list({ limit: 100, cursor: undefined }).items)
        expect(
          Date.parse(notAfter!),
          `${names.join()} at ${new Date(clock.now()).toISOString()}`,
        ).toBeGreaterThan(clock.now());
    }
    await box.close();
    expect(ca.mostForOneSet()).toBe(1);
    expect(mostWithin(ca, 'order', 3 * HOUR, () => '')).toBeLessThanOrEqual(300);
    expect(mostWithin(ca, 'certificate', 7 * DAY)).toBeLessThanOrEqual(5);
    expect(mostWithin(ca, 'failure', HOUR)).toBeLessThanOrEqual(5);
    const certificates = ca.log.filter(({ kind }) => kind === 'certificate').length;
    expect(certificates).toBeGreaterThan((2 * days) / 5);
    expect(certificates).toBeLessThan((2 * days) / 3);
  },
);
