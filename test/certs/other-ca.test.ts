import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, type SimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-other-ca-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const clock = new FakeClock();
const random = seededRandom(7);

/** By directory: a CA outlives the box. */
const cas = new Map<string, SimulatedCa>();
let asked: (name: string, value: string) => boolean;

function caAt(directory: string): SimulatedCa {
  const served = (name: string, value: string): boolean => asked(name, value);
  const ca =
    cas.get(directory) ?? createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served });
  cas.set(directory, ca);
  return ca;
}

async function open(directory: string, trouble: boolean): Promise<{ box: CertsBox; ca: SimulatedCa }> {
  const ca = caAt(directory);
  const box = await openCerts({
    clock,
    random,
    data,
    directory,
    ca({ served }) {
      asked = served;
      return ca;
    },
  });
  ca.trouble = trouble
    ? () => new AcmeError({ type: 'unreachable', detail: 'no answer', retryAt: undefined })
    : undefined;
  return { box, ca };
}

const states = (box: CertsBox) =>
  box.certificates.list({ limit: 10, cursor: undefined }).items.map(({ state }) => state);

it('begins with another CA at once, whatever the one before made of it', { timeout: 180_000 }, async () => {
  const first = await open('https://wrong.example/directory', true);
  await first.box.certificates.start();
  await first.box.zones.domains.add(person, domain('example.com'));
  for (let hour = 0; hour < 24; hour++) {
    await clock.advance(60 * MINUTE);
    await first.box.settle();
  }
  expect(states(first.box)).toEqual(['failed', 'failed']);
  await first.box.close();

  // The same CA again keeps its rest: it was asked often enough.
  const same = await open('https://wrong.example/directory', false);
  await same.box.certificates.start();
  await clock.advance(MINUTE);
  await same.box.settle();
  expect(states(same.box)).toEqual(['failed', 'failed']);
  await same.box.close();

  const other = await open('https://right.example/directory', false);
  await other.box.certificates.start();
  await clock.advance(MINUTE);
  await other.box.settle();
  expect(states(other.box)).toEqual(['valid', 'valid']);
  await other.box.close();
});

it('begins anew with every change, back to a CA from before, too', { timeout: 180_000 }, async () => {
  const [good, bad] = ['https://good.example/directory', 'https://bad.example/directory'];
  const first = await open(good, false);
  await first.box.certificates.start();
  await clock.advance(MINUTE);
  await first.box.settle();
  expect(states(first.box)).toEqual(['valid']);
  await first.box.close();

  const between = await open(bad, true);
  await between.box.certificates.start();
  await between.box.zones.domains.add(person, domain('example.com'));
  for (let hour = 0; hour < 24; hour++) {
    await clock.advance(60 * MINUTE);
    await between.box.settle();
  }
  expect(states(between.box)).toEqual(['valid', 'failed']);
  await between.box.close();

  // Zones name the account with this CA already.
  const back = await open(good, false);
  await back.box.certificates.start();
  await clock.advance(MINUTE);
  await back.box.settle();
  expect(states(back.box)).toEqual(['valid', 'valid']);
  await back.box.close();
});

it('plans a renewal that is asked for in the moment after an attempt', { timeout: 180_000 }, async () => {
  const { box, ca } = await open('https://ca.example/directory', false);
  await box.certificates.start();
  await box.zones.domains.add(person, domain('example.com'));
  await clock.advance(MINUTE);
  await box.settle();
  const [{ id } = { id: '' }] = box.certificates.list({ limit: 10, cursor: undefined }).items;
  ca.trouble = () => new AcmeError({ type: 'unreachable', detail: 'no answer', retryAt: undefined });
  await box.certificates.renew(person, id);
  // It fails, and its place rests for a moment.
  for (let turn = 0; turn < 10_000 && box.certificates.get(id)!.attempts[0]!.endedAt === undefined; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 10_000 && box.certificates.get(id)!.step !== 'failed'; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  expect(box.certificates.idle()).toBe(false);
  ca.trouble = undefined;
  const asked = await box.certificates.renew(person, id);
  expect(Date.parse(asked.nextAttemptAt!)).toBeLessThanOrEqual(clock.now());
  await clock.advance(1000);
  await box.settle();
  expect(box.certificates.get(id)).toMatchObject({ step: 'issued', problem: undefined });
  await box.close();
});
