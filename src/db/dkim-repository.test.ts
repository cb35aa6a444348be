import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { systemRandom } from '../core/random.ts';
import { createSealer, type Sealer } from '../core/seal.ts';
import { Name } from '../dns/wire/name.ts';
import { createDkim, type Dkim } from '../mail/dkim/dkim.ts';
import { recordKeys } from '../mail/dkim/keys.ts';
import { keyContext, type DkimKeyRow, type DkimStore } from '../mail/dkim/store.ts';
import { openDatabase, type Database } from './database.ts';
import { dkimRepository } from './dkim-repository.ts';

const domain = Name.parse('Example.com');
const clock = new FakeClock(Date.UTC(2026, 10, 22));

let directory: string;
let database: Database;
let store: DkimStore;
let sealer: Sealer;
let changed: string[];
let dkim: Dkim;

function create(key: Uint8Array): Dkim {
  sealer = createSealer(key, systemRandom);
  const onKeysChanged = (name: Name): void => void changed.push(name.toText());
  return createDkim({ store, sealer, clock, log: createLog({ level: 'silent' }), onKeysChanged });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signpost-dkim-'));
  database = openDatabase(join(directory, 'signpost.sqlite'));
  store = dkimRepository(database);
  changed = [];
  dkim = create(systemRandom.bytes(32));
});

afterEach(async () => {
  await dkim.stop();
  await database.close();
  rmSync(directory, { recursive: true });
});

const pooled = (count: number): Promise<void> =>
  vi.waitFor(() => expect(store.read.pooled()).toBeGreaterThanOrEqual(count), { timeout: 15_000 });

const summary = (keys: DkimKeyRow[]): string[] => keys.map(({ selector, state }) => `${selector} ${state}`);

test('without a pool a domain has its Ed25519 key at once and its RSA key later', async () => {
  await store.write((tx) => dkim.addDomain(tx, domain));
  expect(summary(store.read.keys(domain))).toEqual(['ed2611a active']);
  dkim.start();
  await vi.waitFor(() => expect(changed).toEqual(['example.com']), { timeout: 15_000 });
  expect(summary(store.read.keys(domain))).toEqual(['ed2611a active', 'rsa2611a active']);
});

test('with a pool a domain has both keys at once, once, and the pool is filled again', async () => {
  dkim.start();
  await pooled(2);
  await store.write((tx) => {
    dkim.addDomain(tx, domain);
    dkim.addDomain(tx, domain);
  });
  expect(summary(store.read.keys(domain))).toEqual(['ed2611a active', 'rsa2611a active']);
  await pooled(2);
  expect(changed).toEqual([]);
});

test('private keys are sealed for their place and match the published ones', async () => {
  dkim.start();
  await pooled(1);
  await store.write((tx) => dkim.addDomain(tx, domain));
  const [ed25519, rsa] = store.read.keys(domain);
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

  expect(() => open(rsa!, 'rsa2611b')).toThrow();
});

test('records are those of the given domains; a revoked key is published empty', async () => {
  const other = Name.parse('example.net');
  await store.write((tx) => {
    dkim.addDomain(tx, domain);
    dkim.addDomain(tx, other);
    const [key] = tx.keys(other);
    tx.insertKey({ ...key!, selector: 'ed2601a', state: 'revoked' });
  });
  const keys = recordKeys(store.read, [other]);
  expect(keys.map(({ domain: name, selector, algorithm }) => [name.toText(), selector, algorithm])).toEqual([
    ['example.net', 'ed2611a', 'ed25519'],
    ['example.net', 'ed2601a', 'ed25519'],
  ]);
  expect(keys[0]!.publicKey).toMatch(/^[\w+/]{43}=$/);
  expect(keys[1]!.publicKey).toBe('');
  expect(recordKeys(store.read, [])).toEqual([]);
});

test('a domain that waits for its RSA key gets it after a restart; a removed one gets none', async () => {
  const removed = Name.parse('example.net');
  await store.write((tx) => {
    dkim.addDomain(tx, domain);
    dkim.addDomain(tx, removed);
  });
  await store.write((tx) => dkim.removeDomain(tx, removed));
  const restarted = createDkim({
    store,
    sealer,
    clock,
    log: createLog({ level: 'silent' }),
    onKeysChanged: (name) => void changed.push(name.toText()),
  });
  restarted.start();
  await pooled(1);
  await restarted.stop();
  expect(changed).toEqual(['example.com']);
  expect(store.read.keys(removed)).toEqual([]);
});

test('a change that is rolled back gives its key back', async () => {
  dkim.start();
  await pooled(1);
  await dkim.stop();
  const before = store.read.pooled();
  const failing = store.write((tx) => {
    dkim.addDomain(tx, domain);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect([store.read.keys(domain), store.read.pooled()]).toEqual([[], before]);
});

test('pooled keys of a lost secret key are passed over', async () => {
  dkim.start();
  await pooled(1);
  await dkim.stop();
  dkim = create(systemRandom.bytes(32));
  await store.write((tx) => dkim.addDomain(tx, domain));
  expect(summary(store.read.keys(domain))).toEqual(['ed2611a active']);
  expect(store.read.pooled()).toBe(0);
});
