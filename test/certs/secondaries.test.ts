import { expect, it } from 'vitest';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, type SimulatedCa } from '../kit/simulated-ca.ts';

const HOUR = 3_600_000;

it('does not call the CA before every secondary has the record, and goes on with the same order', async () => {
  const clock = new FakeClock();
  const random = seededRandom(7);
  const made: { ca?: SimulatedCa } = {};
  const asked: string[] = [];
  let behind = true;
  const box = await openCerts({
    clock,
    random,
    secondaries(challenges) {
      asked.push(...challenges.map(({ owner }) => owner.toText()));
      const detail = 'ns.example.net (192.0.2.53) has no such TXT record';
      if (behind)
        return Promise.reject(new AcmeError({ type: 'secondaryBehind', detail, retryAt: undefined }));
      return Promise.resolve();
    },
    ca: ({ served }) =>
      (made.ca = createSimulatedCa({ clock, random, lifetime: 90 * 24 * HOUR, ari: false, served })),
  });
  await box.certificates.start();
  await box.settle();
  const shown = () => box.certificates.list({ limit: 1, cursor: undefined }).items[0]!;
  expect(asked).toContain('_acme-challenge.box.example.net');
  expect(shown()).toMatchObject({
    state: 'failed',
    attempts: [
      {
        step: 'failed',
        problem:
          'A secondary nameserver does not have the record yet; see to it that it gets the zones of the box, or take it from the box settings.',
        detail: 'ns.example.net (192.0.2.53) has no such TXT record',
      },
    ],
  });
  behind = false;
  await clock.advance(HOUR);
  await box.settle();
  expect(shown().state).toBe('valid');
  expect(made.ca!.log.map(({ kind }) => kind)).toEqual(['order', 'certificate']);
  await box.close();
});
