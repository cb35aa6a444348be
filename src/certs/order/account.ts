import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Mutex } from '../../core/mutex.ts';
import type { Sealer } from '../../core/seal.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { AcmeSettings } from '../model.ts';
import { system } from '../actor.ts';
import { type AccountRow, certificateRows } from '../store.ts';
import { identitiesBefore } from '../published/caa-identity.ts';
import type { AcmeAccount, AcmeClient } from '../acme/protocol.ts';

export interface AccountOptions {
  work: UnitOfWork;
  sealer: Sealer;
  client: AcmeClient;
  settings: AcmeSettings & { directory: string };
  /** The CAA of all zones are to name the CA and the account, as they are kept, from now on. */
  onRegistered: () => Promise<void>;
}

export interface Account {
  /** Registers on the first call. @throws AcmeError */
  ensure(): Promise<AcmeAccount>;
  /** The CA knows it no more: the next `ensure` registers the key again, which gives the account back if the CA was wrong (RFC 8555 §7.3.1). */
  forget(): Promise<void>;
  /** Takes a new key (RFC 8555 §7.3.5). @throws AcmeError */
  rollKey(): Promise<void>;
}

/** The account with the CA. Its key is on the disk before the CA hears of it, so that none is lost. */
export function createAccount(options: AccountOptions): Account {
  const { work, sealer, client, settings } = options;
  const reads = work.committed.rows(certificateRows);
  const { directory, email, eab } = settings;
  const mutex = new Mutex();
  const context = `acme-account:${directory}`;
  const open = (sealed: Uint8Array): KeyObject =>
    createPrivateKey({ key: Buffer.from(sealer.open(sealed, context)), format: 'der', type: 'pkcs8' });
  const put = (row: AccountRow): Promise<void> =>
    work.change({ actor: system, cause: 'account with the CA kept' }, (unit) =>
      unit.rows(certificateRows).putAccount(row),
    );

  function newKey(): { key: KeyObject; sealed: Uint8Array } {
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { key, sealed: sealer.seal(key.export({ format: 'der', type: 'pkcs8' }), context) };
  }

  async function stored(): Promise<AccountRow> {
    const row = reads.account(directory);
    if (row) return row.sealedNextKey ? await settleKey(row, row.sealedNextKey) : row;
    const fresh = {
      directory,
      url: undefined,
      caaIdentities: identitiesBefore(directory),
      named: false,
      sealedKey: newKey().sealed,
      sealedNextKey: undefined,
    };
    await put(fresh);
    return fresh;
  }

  /** A roll-over was cut short: the CA says which key the account has. */
  async function settleKey(row: AccountRow, sealedNextKey: Uint8Array): Promise<AccountRow> {
    const done = (await client.find(open(sealedNextKey))) !== undefined;
    const settled = { ...row, sealedKey: done ? sealedNextKey : row.sealedKey, sealedNextKey: undefined };
    await put(settled);
    return settled;
  }

  async function ensure(): Promise<AcmeAccount> {
    const row = await stored();
    const key = open(row.sealedKey);
    // Asked each time: before an order, CAA must name the CA as it calls itself now.
    const caaIdentities = await client.caaIdentities();
    const url = row.url ?? (await client.register(key, { email, eab }));
    const same = row.url === url && row.caaIdentities.join() === caaIdentities.join();
    if (!same) await put({ ...row, url, caaIdentities, named: false });
    if (!same || !row.named) await options.onRegistered();
    return { url, key };
  }

  return {
    ensure: () => mutex.run(ensure),
    forget: () =>
      mutex.run(async () => {
        const row = reads.account(directory);
        if (row) await put({ ...row, url: undefined });
      }),
    rollKey: () =>
      mutex.run(async () => {
        const account = await ensure();
        const row = reads.account(directory)!;
        const { key, sealed } = newKey();
        await put({ ...row, sealedNextKey: sealed });
        await client.changeKey(account, key);
        await put({ ...row, sealedKey: sealed, sealedNextKey: undefined });
      }),
  };
}
