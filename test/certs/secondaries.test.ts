import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import { createSecondaries } from '../../src/certs/challenges/secondaries.ts';
import { createSecondaryTroubles } from '../../src/certs/challenges/secondary-troubles.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { seededRandom } from '../../src/core/random.ts';
import { ask } from '../kit/ask.ts';
import { openCerts } from '../kit/certs-box.ts';
import { scratch, startKnot } from '../kit/nameserver-peers.ts';
import { missing } from '../kit/requires.ts';
import { createSimulatedCa, type SimulatedCa } from '../kit/simulated-ca.ts';
import { until } from '../kit/until.ts';
import { domain, name, person } from '../kit/zones-box.ts';

const HOUR = 3_600_000;

it('RFC 8555 §8.2: does not call the CA before every secondary has the record, and goes on with the same order', async () => {
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

const noKnot = missing({ commands: ['knotd'] });

it.skipIf(noKnot)(`orders and publishes while a secondary hangs ${noKnot ?? ''}`, async () => {
  const file = join(scratch(), 'zone');
  writeFileSync(file, '$ORIGIN box.example.net.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\n');
  const knot = await startKnot('box.example.net', file);
  const clock = new FakeClock();
  const random = seededRandom(7);
  const log = createLog({ level: 'silent' });
  const told: string[] = [];
  const events = { publish: (type: string) => void told.push(type) };
  const troubles = createSecondaryTroubles({ isSecondary: () => true, events, clock, log });
  const secondaries = createSecondaries({
    box: () => ({ secondaries: [name('ns.example.net')] }),
    resolve: () => Promise.resolve(['127.0.0.1']),
    zoneOf: () => undefined,
    troubles,
    port: knot.address.port,
    clock,
    random,
    log,
  });
  const box = await openCerts({
    clock,
    random,
    secondaries,
    ca: ({ served }) => createSimulatedCa({ clock, random, lifetime: 90 * 24 * HOUR, ari: false, served }),
  });
  try {
    await until(60, async () => (await ask(knot.address, 'box.example.net.', 'SOA', 300))?.answers[0]);
    knot.pause();
    await box.certificates.start();
    await box.settle();
    for (const text of ['a.example', 'b.example', 'c.example'])
      await box.zones.domains.add(person, domain(text));
    await box.settle();
    const { items } = box.certificates.list({ limit: 9, cursor: undefined });
    expect(items.map(({ state }) => state)).toEqual(['valid', 'valid', 'valid', 'valid']);
    expect(told).toEqual(['secondary.failed']);
    expect(troubles.list()).toMatchObject([{ reason: 'silent' }]);
  } finally {
    await troubles.stop();
    knot.resume();
    await box.close();
    await knot.stop();
  }
});
