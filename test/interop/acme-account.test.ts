import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAccount } from '../../src/certs/order/account.ts';
import { createAcmeClient } from '../../src/certs/acme/client.ts';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import type { AcmeClient } from '../../src/certs/acme/protocol.ts';
import { createTransport } from '../../src/certs/acme/transport.ts';
import { certificateRows } from '../../src/certs/store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import { createSealer } from '../../src/core/seal.ts';
import { openDatabase } from '../../src/db/database.ts';
import { startPebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';
import { openWork, writeRows } from '../kit/work.ts';

const reason = missing({ commands: ['pebble', 'openssl'] });

// RFC 8555 §7.3.5
it.skipIf(reason)(`rolls the key of its account over, also when cut short ${reason ?? ''}`, async () => {
  const data = mkdtempSync(join(tmpdir(), 'signpost-account-'));
  const pebble = await startPebble({ dns: '127.0.0.1:9', nonceReject: 20 });
  const database = openDatabase(join(data, 'signpost.sqlite'));
  const work = openWork(database);
  const rows = work.committed.rows(certificateRows);
  const roots = readFileSync(pebble.ca, 'utf8');
  const transport = createTransport({ roots, userAgent: 'signpost/test', clock: systemClock });
  const { directory } = pebble;
  const client = createAcmeClient({ directory, transport, clock: systemClock });
  const sealer = createSealer(Buffer.alloc(32, 1), systemRandom);
  const settings = { directory, caBundle: roots, email: 'a@example.com', eab: undefined, profile: undefined };
  let named = 0;
  const accountWith = (by: AcmeClient) =>
    createAccount({
      work,
      sealer,
      client: by,
      settings,
      async onRegistered() {
        named++;
        await writeRows(work, certificateRows, (tx) => tx.nameAccount(directory));
      },
    });
  const order = async (): Promise<string> => {
    const account = await accountWith(client).ensure();
    const made = await client.newOrder(account, {
      names: ['example.com'],
      profile: undefined,
      replaces: undefined,
    });
    return `${made.status} ${account.url}`;
  };
  const lost = new AcmeError({ type: 'unreachable', detail: 'cut short', retryAt: undefined });
  try {
    const first = await order();
    expect(first).toMatch(/^pending https:/);
    const keys = [rows.account(directory)!.sealedKey];
    await accountWith(client).rollKey();
    keys.push(rows.account(directory)!.sealedKey);
    expect(keys[1]).not.toEqual(keys[0]);
    expect(await order()).toBe(first);

    // The CA never heard of the next key: the old one stays.
    const deaf = { ...client, changeKey: () => Promise.reject(lost) };
    await expect(accountWith(deaf).rollKey()).rejects.toThrow('cut short');
    expect(await order()).toBe(first);
    expect(rows.account(directory)).toMatchObject({ sealedKey: keys[1], sealedNextKey: undefined });

    // The CA has taken it, and its answer was lost: the next one is the key.
    const mute: AcmeClient = {
      ...client,
      async changeKey(account, next) {
        await client.changeKey(account, next);
        throw lost;
      },
    };
    await expect(accountWith(mute).rollKey()).rejects.toThrow('cut short');
    expect(await order()).toBe(first);
    expect(rows.account(directory)!.sealedKey).not.toEqual(keys[1]);
    expect(named).toBe(1);
  } finally {
    transport.close();
    await database.close();
    await pebble.stop();
    rmSync(data, { recursive: true, force: true });
  }
});
