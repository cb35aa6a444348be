import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { seededRandom } from '../../core/random.ts';
import { openStorage, type Storage } from '../../storage.ts';
import { createEvents } from '../../work/events.ts';
import { factRows } from '../../work/facts.ts';
import { createUnitOfWork } from '../../work/unit-of-work.ts';
import type { InstalledCertificate } from '../model.ts';
import { boxCertificate } from './box-certificate.ts';

const DAY = 86_400_000;
let data: string;
let storage: Storage;
const clock = new FakeClock();
const random = seededRandom(7);

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'signpost-certs-'));
  storage = await openStorage(data, random);
});
afterEach(async () => {
  await storage.close();
  rmSync(data, { recursive: true });
});

async function restart(): Promise<void> {
  await storage.close();
  storage = await openStorage(data, random);
}

const log = createLog({ level: 'silent' });
const work = () =>
  createUnitOfWork({ storage: storage.rows, events: createEvents({ clock, log }), clock, log });

const make = (names: string[]): Promise<InstalledCertificate> =>
  boxCertificate({ work: work(), sealer: storage.sealer, clock, random }, names);

it('stays the same across restarts', async () => {
  const first = await make(['Box.Example.NET']);
  expect(first).toMatchObject({ kind: 'self-signed', names: ['box.example.net'] });
  await restart();
  expect(await make(['box.example.net'])).toEqual(first);
});

it('keeps its key when the names change and when it is near its end', async () => {
  const first = await make(['localhost']);
  const named = await make(['box.example.net']);
  expect(named).toMatchObject({ names: ['box.example.net'], spkiSha256: first.spkiSha256 });
  expect(named.chain).not.toBe(first.chain);
  await clock.advance(700 * DAY);
  const renewed = await make(['box.example.net']);
  expect(renewed.spkiSha256).toBe(first.spkiSha256);
  expect(renewed.notAfter > named.notAfter).toBe(true);
  await restart();
  expect(await make(['box.example.net'])).toEqual(renewed);
});

it('is sealed in the database', async () => {
  const { privateKey, chain } = await make(['box.example.net']);
  const kept = Buffer.from(storage.rows.committed.rows(factRows).fact('self-signed-certificate')!);
  for (const secret of [privateKey, chain]) expect(kept.includes(secret.split('\n')[1]!)).toBe(false);
});
