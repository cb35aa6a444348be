import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const DAY = 86_400_000;

it.each([
  { when: 'at once', turns: 0 },
  ...[1, 2, 3, 5, 8, 13, 40].map((turns) => ({ when: `${turns} turns of the event loop later`, turns })),
])('leaves nothing behind when it is stopped $when', async ({ turns }) => {
  const clock = new FakeClock();
  const random = seededRandom(7);
  const box = await openCerts({
    clock,
    random,
    ca: ({ served }) => createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served }),
  });
  await box.zones.domains.add(person, domain('example.com'));
  const starting = box.certificates.start();
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  await box.certificates.stop();
  await starting;
  await box.zones.close();
  // A timer that is left would ask the closed database, and throw here.
  await expect(clock.advance(DAY)).resolves.toBeUndefined();
});
