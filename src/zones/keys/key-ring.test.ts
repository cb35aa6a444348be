import { afterEach, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { seededRandom } from '../../core/random.ts';
import { createSealer, type Sealer } from '../../core/seal.ts';
import { exportPrivateKey, generateKey } from '../../dns/dnssec/keys.ts';
import type { Reads, ZoneKeyRow, ZoneRow } from '../store.ts';
import { createKeyRing } from './key-ring.ts';

let zones: ZonesBox | undefined;
afterEach(() => zones?.close());

it('keeps the keys open that were used last, and opens others again', async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('a.example'));
  const zone = zones.store.read.zone(name('a.example'))!;
  const { algorithm, flags, keyTag, dnskey, ...key } = generateKey();
  const pkcs8 = exportPrivateKey({ algorithm, flags, keyTag, dnskey, ...key });
  let opened: string[] = [];
  const sealer: Sealer = {
    digest: (text) => text,
    seal: () => new Uint8Array(),
    open(_sealed, context) {
      opened.push(context);
      return pkcs8;
    },
  };
  const ring = createKeyRing(sealer);
  const sign = (id: number): void => {
    const row = { id, algorithm, flags, keyTag, dnskey, role: 'CSK', state: 'active' } as ZoneKeyRow;
    const reads = { keys: () => [row] } as unknown as Reads;
    expect(ring.signingKeys(reads, { ...zone, id })).toHaveLength(1);
  };
  for (let id = 0; id < 1500; id++) {
    sign(id);
    // In use all the time.
    sign(7);
  }
  expect(opened).toHaveLength(1500);
  opened = [];
  for (const id of [7, 1499, 600]) sign(id);
  expect(opened).toEqual([]);
  sign(400);
  expect(opened).toEqual(['zone-key:400:400']);
});

it('RFC 8080 §8: the key of a zone is its own, and opens for no other', async () => {
  zones = await startZones();
  const all: ZoneRow[] = [];
  for (const origin of ['a.example', 'b.example']) {
    await zones.domains.add(person, domain(origin));
    all.push(zones.store.read.zone(name(origin))!);
  }
  const [a, b] = all.map((zone) => zones!.store.read.keys(zone.id));
  expect(Buffer.from(a![0]!.dnskey)).not.toEqual(Buffer.from(b![0]!.dnskey));
  const sealer = createSealer(new Uint8Array(32), seededRandom(1));
  const { dnskey, ...key } = generateKey();
  const row = { id: 1, ...key, dnskey, role: 'CSK', state: 'active' };
  const sealedPrivateKey = sealer.seal(exportPrivateKey({ dnskey, ...key }), `zone-key:${all[0]!.id}:1`);
  const reads = { keys: () => [{ ...row, sealedPrivateKey }] } as unknown as Reads;
  expect(createKeyRing(sealer).signingKeys(reads, all[0]!)).toHaveLength(1);
  expect(() => createKeyRing(sealer).signingKeys(reads, all[1]!)).toThrow();
});
