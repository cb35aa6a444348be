import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const DAY = 86_400_000;
const PERIOD = 6 * 3_600_000;

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-no-ca-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

it(
  'waits without work while no CA is set, and catches up when there is one',
  { timeout: 180_000 },
  async () => {
    const clock = new FakeClock();
    const random = seededRandom(7);
    const served: { now: (name: string, value: string) => boolean } = { now: () => false };
    const ca = createSimulatedCa({
      clock,
      random,
      lifetime: 90 * DAY,
      ari: true,
      served: (name, value) => served.now(name, value),
    });
    const withCa = () =>
      openCerts({
        clock,
        random,
        data,
        ca(asked) {
          served.now = asked.served;
          return ca;
        },
      });
    const pass = async (box: CertsBox, time: number): Promise<void> => {
      for (const end = clock.now() + time; clock.now() < end;) {
        await clock.advance(PERIOD);
        await box.settle();
      }
    };
    const all = (box: CertsBox) => box.certificates.list({ limit: 10, cursor: undefined }).items;

    let box = await withCa();
    await box.certificates.start();
    await box.zones.domains.add(person, domain('example.com'));
    await pass(box, DAY);
    expect(all(box).map(({ state }) => state)).toEqual(['valid', 'valid']);
    await box.close();

    box = await openCerts({ clock, random, data, ca: undefined });
    await box.certificates.start();
    await box.zones.domains.add(person, domain('example.org'));
    await pass(box, DAY);
    const stored = box.certs.certificates(undefined, 100);
    await pass(box, 100 * DAY);
    // Nothing was due, so nothing was touched, and none says that it will be renewed.
    expect(box.certs.certificates(undefined, 100)).toEqual(stored);
    expect(box.certs.nextWake()).toBeUndefined();
    expect(all(box).map(({ state }) => state)).toEqual(['expired', 'expired', 'self-signed']);
    expect(all(box).map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([undefined, undefined, undefined]);
    await box.close();

    box = await withCa();
    await box.certificates.start();
    await pass(box, DAY);
    expect(all(box).map(({ state }) => state)).toEqual(['valid', 'valid', 'valid']);
    await box.close();
  },
);
