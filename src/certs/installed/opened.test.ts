import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { certificateRow, storedCertificate } from '../../../test/kit/certificate-row.ts';
import { openWork, writeRows } from '../../../test/kit/work.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { createSealer, type Sealer } from '../../core/seal.ts';
import { type Database, openDatabase } from '../../db/database.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { sealCertificateKey } from '../x509/sealed-key.ts';
import { certificateRows } from '../store.ts';
import { type CertificateKey, createKey } from '../x509/key.ts';
import { openedCertificates } from './opened.ts';
import type { CertificateSource } from './store.ts';

const sealer = createSealer(Buffer.alloc(32, 7), systemRandom);
let directory: string;
let database: Database;
let work: UnitOfWork;
let key: CertificateKey;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'signpost-opened-'));
  database = openDatabase(join(directory, 'signpost.sqlite'));
  work = openWork(database);
  key = await createKey('ecdsa-p256');
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

function put(domain: string, change: { serialNumber?: string; sealedKey?: Uint8Array } = {}): Promise<void> {
  const names = [domain, `*.${domain}`];
  const { serialNumber = '01', sealedKey = sealCertificateKey(sealer, key) } = change;
  const current = storedCertificate({ names, spkiSha256: key.spkiSha256, serialNumber });
  return writeRows(work, certificateRows, (rows) =>
    rows.put({ ...certificateRow({ names }), id: domain, current, sealedKey }),
  );
}

/** The source, with how many keys it has opened so far. */
function open(most: number): { source: CertificateSource; opened: () => number } {
  let count = 0;
  const counting: Sealer = {
    ...sealer,
    open(...given) {
      count++;
      return sealer.open(...given);
    },
  };
  const source = openedCertificates({ work, sealer: counting, log: createLog({ level: 'silent' }), most });
  return { source, opened: () => count };
}

const served = (source: CertificateSource, name: string) => source.open(source.naming([name])[0]!);

test('opens a key when its certificate serves, and keeps those that are used most lately', async () => {
  for (const domain of ['a.example', 'b.example', 'c.example']) await put(domain);
  const { source, opened } = open(2);
  expect(source.naming(['a.example', '*.a.example', 'b.example'])).toHaveLength(2);
  expect(opened()).toBe(0);
  const a = served(source, 'a.example');
  expect(a).toMatchObject({ id: 'a.example', privateKey: key.pkcs8, spkiSha256: key.spkiSha256 });
  served(source, 'b.example');
  expect(served(source, '*.a.example')).toBe(a);
  expect(opened()).toBe(2);
  served(source, 'c.example');
  expect(served(source, 'a.example')).toBe(a);
  expect(opened()).toBe(3);
  served(source, 'b.example');
  expect(opened()).toBe(4);
});

test('takes another one with the same names as soon as it is committed', async () => {
  await put('a.example');
  const { source } = open(2);
  const before = served(source, 'a.example');
  await put('a.example', { serialNumber: '02' });
  expect(served(source, 'a.example')).not.toBe(before);
});

test('tries a key that cannot be read once', async () => {
  await put('a.example', { sealedKey: Buffer.alloc(60) });
  const { source, opened } = open(2);
  expect([served(source, 'a.example'), served(source, 'a.example')]).toEqual([undefined, undefined]);
  expect(opened()).toBe(1);
});

test('says when the next one becomes valid, or is valid no more', async () => {
  const names = ['a.example'];
  const current = storedCertificate({ names, notBefore: 1000, notAfter: 5000 });
  await writeRows(work, certificateRows, (rows) => rows.put({ ...certificateRow({ names }), current }));
  const { source } = open(2);
  expect([0, 999, 1000, 5000, 5001].map((after) => source.nextTurn(after))).toEqual([
    1000,
    1000,
    5001,
    5001,
    undefined,
  ]);
  expect([999, 1000, 5000, 5001].map((at) => source.namesTurning(at))).toEqual([[], names, [], names]);
});
