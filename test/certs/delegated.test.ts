import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, type SimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const HOUR = 3_600_000;

it('orders at once when the parent leads to the domain, however long its pauses had become', async () => {
  const clock = new FakeClock();
  const random = seededRandom(7);
  const made: { ca?: SimulatedCa } = {};
  const box = await openCerts({
    clock,
    random,
    ca: ({ served }) =>
      (made.ca = createSimulatedCa({ clock, random, lifetime: 90 * 24 * HOUR, ari: false, served })),
  });
  const ca = made.ca!;
  await box.certificates.start();
  await box.settle();
  const refusal = { type: 'urn:ietf:params:acme:error:dns', detail: 'NXDOMAIN' };
  ca.refusal = refusal;
  for (const name of ['example.com', 'example.org']) await box.zones.domains.add(person, domain(name));
  const shown = (name: string) =>
    box.certificates.list({ limit: 10, cursor: undefined }).items.find(({ names }) => names.includes(name))!;
  const attempts = (name: string): number => shown(name).attempts.length;
  while (attempts('example.com') < 7) {
    await clock.advance(HOUR / 4);
    await box.settle();
  }
  // The CA counts failures for an hour; the pause is of five by now.
  await clock.advance(HOUR);
  await box.settle();
  const other = attempts('example.org');

  // The CA's resolver still has what it was told before.
  box.zones.events.publish('zone.delegated', { zone: 'example.com' });
  await clock.advance(1000);
  await box.settle();
  expect(attempts('example.com')).toBe(8);
  const { state, nextAttemptAt } = shown('example.com');
  expect(state).toBe('failed');
  expect(Date.parse(nextAttemptAt!) - clock.now()).toBeLessThan(HOUR);

  ca.refusal = undefined;
  box.zones.events.publish('zone.delegated', { zone: 'example.com' });
  await clock.advance(HOUR);
  await box.settle();
  expect(shown('example.com')).toMatchObject({ state: 'valid', problem: undefined });
  const [last] = shown('example.com').attempts;
  // One that is in use is left alone.
  box.zones.events.publish('zone.delegated', { zone: 'example.com' });
  await clock.advance(1000);
  await box.settle();
  expect(shown('example.com').attempts[0]).toEqual(last);
  expect(shown('example.org').attempts.length).toBe(other);
  await box.close();
});
