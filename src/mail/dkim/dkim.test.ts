import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LeapingClock } from '../../../test/kit/leaping-clock.ts';
import { domain as local, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { createSealer, type Sealer } from '../../core/seal.ts';
import { Name } from '../../dns/wire/name.ts';
import { createDkim, type Dkim } from './dkim.ts';
import { generateRsa } from './key-pair.ts';
import { recordKeys } from './keys.ts';
import type { RsaThread } from './rsa-thread.ts';
import { type DkimKeyRow, type DkimReads, dkimRows, keyContext } from './store.ts';

const domain = Name.parse('example.com');
const month = new Date(systemClock.now()).toISOString().slice(2, 7).replace('-', '');

let zones: ZonesBox;
let reads: DkimReads;
let sealer: Sealer;
let causes: string[];
let dkim: Dkim;

function create(key: Uint8Array, others: { rsa?: RsaThread; clock?: Clock } = {}): Dkim {
  sealer = createSealer(key, systemRandom);
  const { work, publisher, clock } = zones;
  return createDkim({
    work,
    publisher,
    sealer,
    clock,
    random: systemRandom,
    log: createLog({ level: 'silent' }),
    ...others,
  });
}

beforeEach(async () => {
  zones = await startZones({
    parts: [{ domainChanged: (...change) => dkim.domainChanged(...change) }],
  });
  reads = zones.work.committed.rows(dkimRows);
  causes = [];
  zones.events.subscribe(undefined, ({ type, data }) => {
    if (type === 'zone.published') causes.push(`${String(data['zone'])}: ${String(data['cause'])}`);
  });
  dkim = create(systemRandom.bytes(32));
});

afterEach(async () => {
  await dkim.stop();
  await zones.close();
});

const pooled = (count: number): Promise<void> =>
  vi.waitFor(() => expect(reads.pooled()).toBeGreaterThanOrEqual(count), { timeout: 15_000 });

const add = (name = 'example.com') => zones.domains.add(person, local(name));
/** Without the letters, which are drawn at random. */
const stem = (selector: string): string => selector.slice(0, -4);
const summary = (): string[] => reads.keys(domain).map(({ selector, state }) => `${stem(selector)} ${state}`);
const ed25519 = `ed${month} active`;
const rsa = `rsa${month} active`;
/** Selectors in the zone that is served. */
const served = (): string[] =>
  reads
    .keys(domain)
    .filter(({ selector }) =>
      zones.served('example.com')?.node(Name.parse(`${selector}._domainkey.example.com`)),
    )
    .map(({ selector }) => stem(selector).replace(month, ''));

test('without a pool a domain has its Ed25519 key at once and its RSA key later', async () => {
  await add();
  expect(summary()).toEqual([ed25519]);
  expect(served()).toEqual(['ed']);
  dkim.start();
  const cause = 'example.com: DKIM key of example.com made';
  await vi.waitFor(() => expect(causes).toContain(cause), { timeout: 15_000 });
  expect(summary()).toEqual([ed25519, rsa]);
  expect(served()).toEqual(['ed', 'rsa']);
});

test('with a pool a domain has both keys at once, and the pool is filled again', async () => {
  dkim.start();
  await pooled(2);
  await add();
  expect(summary()).toEqual([ed25519, rsa]);
  expect(served()).toEqual(['ed', 'rsa']);
  await pooled(2);
  expect(causes.filter((cause) => cause.includes('DKIM'))).toEqual([]);
});

test('keys stay when mail is switched off, and are the same when it is switched on again', async () => {
  await add();
  const before = summary();
  await zones.domains.update(person, domain, { mail: false });
  expect([summary(), served()]).toEqual([before, []]);
  await zones.domains.update(person, domain, { mail: true });
  expect([summary(), served()]).toEqual([before, ['ed']]);
});

test('a domain that comes again has other selectors: resolvers may still know its old keys', async () => {
  const selectors = (): string[] => reads.keys(domain).map(({ selector }) => selector);
  await add();
  const [before] = selectors();
  await zones.domains.remove(person, domain);
  await add();
  expect(selectors()).not.toContain(before);
});

test('private keys are sealed for their place and match the published ones', async () => {
  dkim.start();
  await pooled(1);
  await add();
  const [ed25519, rsa] = reads.keys(domain);
  const open = (row: DkimKeyRow, selector = row.selector): Uint8Array =>
    sealer.open(row.sealedPrivateKey, keyContext(domain, selector));
  const load = (row: DkimKeyRow) =>
    createPrivateKey({ key: Buffer.from(open(row)), format: 'der', type: 'pkcs8' });

  const spki = createPublicKey({ key: Buffer.from(rsa!.publicKey, 'base64'), format: 'der', type: 'spki' });
  expect(spki.asymmetricKeyDetails?.modulusLength).toBe(2048);
  const data = Buffer.from('mail');
  expect(verify('sha256', data, spki, sign('sha256', data, load(rsa!)))).toBe(true);

  const x = Buffer.from(ed25519!.publicKey, 'base64').toString('base64url');
  const raw = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  expect(verify(null, data, raw, sign(null, data, load(ed25519!)))).toBe(true);

  expect(() => open(rsa!, 'rsa2001b')).toThrow();
});

test('records are those of the given domains; a revoked key is published empty', async () => {
  const other = Name.parse('example.net');
  await add();
  await add('example.net');
  await zones.work.change({ actor: person, cause: 'test' }, (change) => {
    const keys = change.rows(dkimRows);
    const [key] = keys.keys(other);
    keys.insertKey({ ...key!, selector: 'ed2601abcd', state: 'revoked' });
  });
  const keys = recordKeys(reads, [other]);
  expect(
    keys.map(({ domain: name, selector, algorithm }) => [name.toText(), stem(selector), algorithm]),
  ).toEqual([
    ['example.net', `ed${month}`, 'ed25519'],
    ['example.net', 'ed2601', 'ed25519'],
  ]);
  expect(keys[0]!.publicKey).toMatch(/^[\w+/]{43}=$/);
  expect(keys[1]!.publicKey).toBe('');
  expect(recordKeys(reads, [])).toEqual([]);
});

test('a domain that waits for its RSA key gets it after a restart; a removed one gets none', async () => {
  await add();
  await add('example.net');
  await zones.domains.remove(person, Name.parse('example.net'));
  dkim = create(systemRandom.bytes(32));
  dkim.start();
  await pooled(1);
  await dkim.stop();
  expect(causes.filter((cause) => cause.includes('DKIM'))).toEqual([
    'example.com: DKIM key of example.com made',
  ]);
  expect(reads.keys(Name.parse('example.net'))).toEqual([]);
});

test('a change that is rolled back gives its key back, and forgets nobody who waits', async () => {
  dkim.start();
  await pooled(1);
  await dkim.stop();
  const before = reads.pooled();
  const publish = zones.work.change({ actor: person, cause: 'test' }, (change) => {
    const at = { dns: 'local' as const, mail: true, web: true, ttl: undefined, createdAt: '' };
    dkim.domainChanged(change, undefined, { ...at, name: domain });
    throw new Error('no');
  });
  await expect(publish).rejects.toThrow('no');
  expect([reads.keys(domain), reads.pooled()]).toEqual([[], before]);
});

test('a removal that is refused leaves the domain waiting for its RSA key', async () => {
  await add();
  const refused = zones.work.change({ actor: person, cause: 'test' }, (change) => {
    const at = { dns: 'local' as const, mail: true, web: true, ttl: undefined, createdAt: '' };
    dkim.domainChanged(change, { ...at, name: domain }, undefined);
    throw new Error('in use');
  });
  await expect(refused).rejects.toThrow('in use');
  dkim.start();
  await vi.waitFor(() => expect(summary()).toEqual([ed25519, rsa]), { timeout: 15_000 });
});

test('pooled keys of a lost secret key are passed over', async () => {
  dkim.start();
  await pooled(1);
  await dkim.stop();
  dkim = create(systemRandom.bytes(32));
  await add();
  expect(summary()).toEqual([ed25519]);
  expect(reads.pooled()).toBe(0);
});

test('a zone that cannot be published keeps no other domain from its RSA key', async () => {
  await add();
  await add('example.net');
  await zones.damageKey('example.com', Buffer.alloc(8));
  dkim.start();
  const keysOf = (name: string): number => reads.keys(Name.parse(name)).length;
  // The first in the queue fails, and the next one has its turn after a rest.
  await vi.waitFor(() => expect(reads.nextWaiting()?.toText()).toBe('example.net'), { timeout: 15_000 });
  await dkim.stop();
  dkim = create(systemRandom.bytes(32));
  dkim.start();
  await vi.waitFor(() => expect(keysOf('example.net')).toBe(2), { timeout: 15_000 });
  expect(keysOf('example.com')).toBe(1);
  expect(reads.nextWaiting()?.toText()).toBe('example.com');
});

test('is stopped while a key is made: nothing rests from that first', async () => {
  let made = (): void => undefined;
  const clock = new LeapingClock();
  const rsa: RsaThread = {
    make: () => new Promise((resolve) => (made = () => resolve(generateRsa()))),
    end: () => Promise.resolve(),
  };
  const other = create(systemRandom.bytes(32), { rsa, clock });
  other.start();
  const stopped = other.stop();
  // It took long.
  clock.leap(3_600_000);
  made();
  await stopped;
  expect(reads.pooled()).toBe(1);
});
