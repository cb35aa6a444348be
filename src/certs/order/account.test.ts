import { mkdtempSync, rmSync } from 'node:fs';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWork } from '../../../test/kit/work.ts';
import { seededRandom } from '../../core/random.ts';
import { createSealer } from '../../core/seal.ts';
import { openDatabase } from '../../db/database.ts';
import type { AcmeClient } from '../acme/protocol.ts';
import { createAccount } from './account.ts';

it('RFC 8555 §11.1: makes another key for every account and roll-over, and keeps that of the account it has', async () => {
  const data = mkdtempSync(join(tmpdir(), 'signpost-account-'));
  const database = openDatabase(join(data, 'signpost.sqlite'));
  /** Keys as the CA hears of them. */
  const heard: string[] = [];
  const hear = (key: KeyObject): number =>
    heard.push(createPublicKey(key).export({ type: 'spki', format: 'pem' }));
  const client: Partial<AcmeClient> = {
    caaIdentities: () => Promise.resolve([]),
    register: (key) => Promise.resolve(`https://ca.example/account/${hear(key)}`),
    changeKey: (_, next) => Promise.resolve(void hear(next)),
  };
  const accountWith = (directory: string) =>
    createAccount({
      work: openWork(database),
      sealer: createSealer(Buffer.alloc(32, 1), seededRandom(1)),
      client: client as AcmeClient,
      settings: { directory, caBundle: undefined, email: undefined, eab: undefined, profile: undefined },
      onRegistered: () => Promise.resolve(),
    });
  try {
    const account = accountWith('https://ca.example/directory');
    const first = await account.ensure();
    expect(await account.ensure()).toMatchObject({ url: first.url });
    await account.rollKey();
    await accountWith('https://other.example/directory').ensure();
    expect(heard).toHaveLength(3);
    expect(new Set(heard).size).toBe(3);
    // RFC 8555 §7.3.1: the CA has forgotten it, or only says so; then the key leads to the account that is there.
    await account.forget();
    await account.ensure();
    expect(heard.slice(3)).toEqual([heard[1]]);
  } finally {
    await database.close();
    rmSync(data, { recursive: true });
  }
});
