import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Clock, FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa } from '../kit/simulated-ca.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const H = 'box.example.net';

const random = seededRandom(7);
let folder: string;
let clock = new FakeClock();
let served: (name: string, value: string) => boolean;
/** The CA lives on while boxes die. */
const time: Clock = {
  now: () => clock.now(),
  monotonic: () => clock.monotonic(),
  after: (delay, action) => clock.after(delay, action),
};
const ca = createSimulatedCa({
  clock: time,
  random,
  lifetime: 90 * DAY,
  ari: true,
  served: (name, value) => served(name, value),
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-certs-crash-'));
  clock = new FakeClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(data: string, at?: () => Promise<void>): Promise<CertsBox> {
  const more = at ? { at } : {};
  return openCerts({
    ...{ clock, random, data, ...more },
    ca(asked) {
      served = asked.served;
      return ca;
    },
  });
}

/** Lets the box work for half a day, if it lives as long. */
async function live(box: CertsBox, dead: () => boolean = () => false): Promise<void> {
  await box.certificates.start();
  for (let hour = 0; hour < 12 && !dead(); hour++) {
    await box.settle(dead);
    if (!dead()) await clock.advance(HOUR);
  }
  await box.settle(dead);
}

/** Lets a box work until its moment of death has come, if it does. @returns whether it did */
async function liveUntil(data: string, moment: number): Promise<boolean> {
  let moments = 0;
  const never = Promise.withResolvers<never>();
  const death = Promise.withResolvers<undefined>();
  const dead = (): boolean => moments >= moment;
  const box = await open(data, () => {
    moments++;
    if (!dead()) return Promise.resolve();
    death.resolve(undefined);
    return never.promise;
  });
  await Promise.race([live(box, dead), death.promise]);
  // No part of it is told: it is gone, with what it had in mind.
  box.installed.close();
  await box.zones.close();
  return dead();
}

/** Whether the box knows of the order that the CA has made. */
function knowsOrder(box: CertsBox): boolean {
  const [row] = box.certs.certificates(undefined, 100);
  const renewed = row?.current !== undefined && row.current.notAfter > clock.now() + 60 * DAY;
  return row?.pending?.kind === 'ordered' || row?.pending?.kind === 'issued' || renewed;
}

function expectAllWell(box: CertsBox, where: string): void {
  const { items } = box.certificates.list({ limit: 9, cursor: undefined });
  expect(items, where).toMatchObject([{ state: 'valid' }]);
  // RFC 8555 §8.4: what was put there for the CA is gone.
  expect(box.certs.challenges(), where).toEqual([]);
  expect(box.texts(`_acme-challenge.${H}`, Type.TXT), where).toEqual([]);
  const { chain, privateKey, spkiSha256 } = box.installed.forName(H);
  expect(new X509Certificate(chain).checkPrivateKey(createPrivateKey(privateKey)), where).toBe(true);
  expect(box.texts(`_25._tcp.${H}`, Type.TLSA), where).toContain(`3 1 1 ${spkiSha256.toUpperCase()}`);
}

it.each([
  { what: 'the first certificate', renewal: false },
  { what: 'a renewal', renewal: true },
])('gets $what, once, wherever it was cut off on the way', { timeout: 300_000 }, async ({ renewal }) => {
  const base = join(folder, 'base');
  mkdirSync(base);
  if (renewal) {
    const box = await open(base);
    await live(box);
    await box.close();
    await clock.advance(62 * DAY);
  }
  const begun = clock.now();
  let moment = 0;
  let unheard = 0;
  let all = 0;
  for (let died = true; died;) {
    const data = join(folder, String(++moment));
    cpSync(base, data, { recursive: true });
    clock = new FakeClock(begun);
    const before = ca.log.length;
    const seen = (kind: string) => ca.log.slice(before).filter((one) => one.kind === kind).length;
    died = await liveUntil(data, moment);
    clock = new FakeClock(clock.now() + MINUTE);
    const box = await open(data);
    if (seen('order') === 1 && !knowsOrder(box)) unheard++;
    await live(box);
    expectAllWell(box, `moment ${moment}`);
    expect(seen('failure')).toBe(0);
    all += seen('order');
    await box.close();
    rmSync(data, { recursive: true });
  }
  expect(moment).toBeGreaterThan(50);
  // A second order is made only where the box had not written down the first: its answer was under way, or about to be written.
  expect(all).toBe(moment + unheard);
  expect(unheard).toBe(2);
});
