import { afterEach, describe, expect, it } from 'vitest';
import type { CertificateRow } from '../../src/certs/store.ts';
import type { CacheKind, Sight } from '../kit/dane-clients.ts';
import { missing } from '../kit/requires.ts';
import { openRollingBox, type RollingBox } from '../kit/rolling-box.ts';
import { opensslTrusts } from '../kit/tls-clients.ts';
import { name, person } from '../kit/zones-box.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The TTL of the box's records. */
const TTL = HOUR;

const needs = missing({ commands: ['unbound', 'unbound-control', 'faketime', 'openssl'] });

describe.skipIf(needs)(`RFC 6698 §A.4: a roll of the box's key, seen through Unbound ${needs ?? ''}`, () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it(
    'lets clients by TLSA, with old and new caches, and clients by CA succeed at every instant',
    { timeout: 180_000 },
    async () => {
      const rolling = await openRollingBox({ lifetime: 6 * DAY }, ends);
      const { box, ca, clients } = rolling;
      const row = (): CertificateRow => box.certs.certificates(undefined, 100)[0]!;
      const { names } = row();

      await walk(rolling, row().schedule!.at - HOUR, 12 * HOUR);
      await roll(rolling, () => rolling.advanceTo(row().schedule!.at));

      await roll(rolling, async () => {
        const { csr } = await box.certificates.request(person, [...names]);
        const chain = `${await ca.sign(csr)}${await ca.root()}`;
        await box.certificates.install(person, chain, undefined);
      });

      await roll(rolling, async () => {
        await box.certificates.issue(person, [...names], 'rsa-2048');
        await box.settle();
      });

      expect(clients.failures).toEqual([]);
      expect(rolling.published).toHaveLength(6);
    },
  );

  it(
    'waits for TLSA that are in caches with a longer TTL than they have now',
    { timeout: 180_000 },
    async () => {
      const rolling = await openRollingBox({ lifetime: 6 * DAY }, ends);
      const { box, clients, clock } = rolling;
      const [{ id }] = box.certs.certificates(undefined, 100) as [CertificateRow];
      const began = clock.now();
      await clients.fill('lasting');
      await box.zones.zones.update(person, name('box.example.net'), { ttl: 300 });
      await rolling.advanceTo(began + 20 * MINUTE);
      await box.certificates.renew(person, id);
      await box.settle();

      const before = box.installed.forName('').spkiSha256;
      const { lasting, oldest } = await lookAt(rolling, began + 59 * MINUTE);
      expect(lasting).toMatchObject({ ttl: 60, tlsa: { length: 1 }, found: true });
      expect(oldest).toMatchObject({ tlsa: { length: 2 } });
      const after = await lookAt(rolling, rolling.installAt());
      expect(rolling.installAt()).toBeLessThan(began + TTL + 2 * MINUTE);
      expect(box.installed.forName('').spkiSha256).not.toBe(before);
      expect(after.lasting).toMatchObject({ tlsa: { length: 2 } });
      await walk(rolling, rolling.installAt() + TTL, 15 * MINUTE);
      expect(clients.failures).toEqual([]);
    },
  );
});

/** What the clients see at a moment, by cache; each of them succeeds. */
async function lookAt(rolling: RollingBox, time: number): Promise<Record<CacheKind, Sight>> {
  const { clients } = rolling;
  await rolling.advanceTo(time);
  await clients.look('at an edge', true);
  expect(clients.failures).toEqual([]);
  const [fresh, lasting, oldest] = clients.sights.slice(-3);
  return { fresh: fresh!, lasting: lasting!, oldest: oldest! };
}

/** Rolls the key once, and follows it until all is still again. */
async function roll(rolling: RollingBox, begin: () => Promise<void>): Promise<void> {
  const { clock, published } = rolling;
  const count = published.length;
  const before = rolling.box.installed.forName('').spkiSha256;
  await begin();
  const announced = published[count]!;
  const halfway = await lookAt(rolling, announced + TTL / 2);
  expect(halfway).toMatchObject({
    fresh: { ttl: 3600, tlsa: { length: 2 }, foundHasty: true },
    oldest: { ttl: 1800, tlsa: { length: 1 }, foundHasty: false },
  });
  const { oldest } = await lookAt(rolling, announced + TTL - SECOND);
  expect(oldest).toMatchObject({ ttl: 1, foundHasty: false });
  const client = { host: 'box.example.net', now: clock.now(), by: { tlsa: oldest.tlsa } };
  await expect(opensslTrusts(rolling.hastyUrl, client)).rejects.toThrow(/no matching DANE TLSA records/i);
  const later = await lookAt(rolling, announced + TTL + SECOND);
  expect(later.oldest).toMatchObject({ tlsa: { length: 2 }, foundHasty: true });

  const installed = rolling.installAt();
  await lookAt(rolling, installed - SECOND);
  expect(rolling.box.installed.forName('').spkiSha256).toBe(before);
  await lookAt(rolling, installed);
  expect(rolling.box.installed.forName('').spkiSha256).not.toBe(before);
  await walk(rolling, installed + TTL, 15 * MINUTE);
  await walk(rolling, installed + 2 * TTL, 15 * MINUTE);
  const { fresh } = await lookAt(rolling, clock.now() + SECOND);
  expect(fresh.tlsa).toHaveLength(1);
  expect(published).toHaveLength(count + 2);
}

/** Goes on to `end` and has the clients look again and again. */
async function walk(rolling: RollingBox, end: number, step: number): Promise<void> {
  const { clock, clients } = rolling;
  while (clock.now() < end) {
    await rolling.advanceTo(Math.min(clock.now() + step, end));
    await clients.look('in between');
  }
}
