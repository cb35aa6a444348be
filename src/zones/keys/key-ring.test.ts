import { afterEach, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { type Sealer } from '../../core/seal.ts';
import { exportPrivateKey, generateKey } from '../../dns/dnssec/keys.ts';
import type { Reads, ZoneKeyRow } from '../store.ts';
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
