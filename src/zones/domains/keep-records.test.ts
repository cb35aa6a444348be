import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { systemRandom } from '../../core/random.ts';
import { createImport } from '../import/service.ts';

const zone = name('example.com');
const shop = domain('shop.example.com');
let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

const add = (owner: string, type: string, value: string) =>
  zones.records.add(person, zone, [{ owner, type, value }]);
const remove = (owner: string) => zones.records.remove(person, zone, { owner });
const domains = () =>
  zones.domains.list({ limit: 10, cursor: undefined }, {}).items.map((one) => one.name.toText());

describe('a domain where the person has records', () => {
  it.each([
    ['a CNAME', 'CNAME', 'shops.example.net.', 'shop.example.com has a CNAME record of yours'],
    ['a delegation', 'NS', 'ns.example.net.', 'Your NS record at shop.example.com'],
    ['a DNAME', 'DNAME', 'example.net.', 'Your DNAME record at shop.example.com'],
  ])('is refused over %s, until that is gone', async (_, type, value, words) => {
    await add('shop.example.com', type, value);
    await expect(zones.domains.add(person, shop)).rejects.toMatchObject({
      code: 'record-conflict',
      message: expect.stringContaining(words) as string,
    });
    expect(domains()).toEqual(['example.com']);
    await remove('shop.example.com');
    await zones.domains.add(person, shop);
    expect(domains()).toEqual(['example.com', 'shop.example.com']);
  });

  it.each([
    ['a delegation', 'NS', 'ns.example.net.'],
    // RFC 6672 §2.4: a server ought to refuse what a DNAME occludes.
    ['a DNAME', 'DNAME', 'example.net.'],
  ])('is refused below %s', async (_, type, value) => {
    await add('shop.example.com', type, value);
    const below = domain('deep.shop.example.com');
    await expect(zones.domains.add(person, below)).rejects.toMatchObject({ code: 'record-conflict' });
  });

  it('is taken over a CNAME without mail, which then cannot be switched on', async () => {
    await add('shop.example.com', 'CNAME', 'shops.example.net.');
    await zones.domains.add(person, { ...shop, mail: false });
    const change = zones.domains.update(person, shop.name, { mail: true });
    await expect(change).rejects.toMatchObject({ code: 'record-conflict' });
    await zones.domains.update(person, shop.name, { ttl: 60 });
    expect(zones.domains.get(shop.name)).toMatchObject({ mail: false, ttl: 60 });
  });

  it('is refused when its DNS comes here, and when it is imported', async () => {
    await zones.domains.add(person, { ...shop, dns: 'external' });
    await add('shop.example.com', 'CNAME', 'shops.example.net.');
    const change = zones.domains.update(person, shop.name, { dns: 'local' });
    await expect(change).rejects.toMatchObject({ code: 'record-conflict' });
    await zones.domains.remove(person, shop.name);
    const { store, publisher, sources, parts, clock } = zones;
    const resolve = () => Promise.reject(new Error('no resolver'));
    const take = createImport({ store, publisher, sources, parts, clock, random: systemRandom, resolve });
    const from = { kind: 'zonefile' as const, text: 'a A 192.0.2.9\n' };
    const taken = take(person, { zone: shop.name, from, dryRun: false, mail: true, web: true });
    await expect(taken).rejects.toMatchObject({ code: 'record-conflict' });
  });
});

describe('an address that records lead to', () => {
  const inUse = { code: 'in-use', message: expect.stringContaining('www.shop.example.com') as string };

  it('is not lost by switching the web off, or with its domain', async () => {
    await zones.domains.add(person, shop);
    await add('list.example.com', 'MX', '10 www.shop.example.com.');
    await expect(zones.domains.update(person, shop.name, { web: false })).rejects.toMatchObject(inUse);
    await expect(zones.domains.update(person, shop.name, { dns: 'external' })).rejects.toMatchObject(inUse);
    await expect(zones.domains.remove(person, shop.name)).rejects.toMatchObject(inUse);
    await zones.domains.update(person, shop.name, { mail: false });
    await remove('list.example.com');
    await zones.domains.remove(person, shop.name);
    expect(domains()).toEqual(['example.com']);
  });

  it('may go with the records themselves, or with the zone', async () => {
    await zones.domains.add(person, shop);
    await add('list.shop.example.com', 'MX', '10 www.shop.example.com.');
    await zones.domains.remove(person, shop.name);
    await add('list.example.com', 'MX', '10 www.example.com.');
    await zones.domains.remove(person, zone);
    expect(domains()).toEqual([]);
  });
});
