import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { seededRandom } from '../../core/random.ts';
import { createSealer } from '../../core/seal.ts';
import { type Database, openDatabase } from '../../db/database.ts';
import { openRows } from '../../db/storage.ts';
import { createEvents } from '../../work/events.ts';
import { createUnitOfWork, type UnitOfWork } from '../../work/unit-of-work.ts';
import { createMailSettings, type MailSettingsService } from './service.ts';
import { mailSettingsRows, RELAY_PASSWORD } from './store.ts';

const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;
const sealer = createSealer(new Uint8Array(32), seededRandom(1));
const relay = { host: 'SMTP.Example.net', port: 587, user: 'box', password: 'a secret word' };

let folder: string;
let database: Database;
let work: UnitOfWork;
let settings: MailSettingsService;
let happened: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-settings-'));
  database = openDatabase(join(folder, 'signpost.sqlite'));
  const [clock, log] = [new FakeClock(), createLog({ level: 'silent' })];
  const events = createEvents({ clock, log });
  happened = [];
  events.subscribe(undefined, ({ type }) => happened.push(type));
  work = createUnitOfWork({ storage: openRows(database), events, clock, log });
  settings = createMailSettings({ work, sealer, zones: () => ({ box: () => undefined }), hasWeb: true });
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const sealed = () => work.committed.rows(mailSettingsRows).settings()?.relay?.sealedPassword;

test('a password is sealed, and in no answer', async () => {
  const view = await settings.update(actor, { relay });
  expect(view.relay).toEqual({ host: 'smtp.example.net', port: 587, user: 'box', hasPassword: true });
  expect(Buffer.from(sealed()!).includes(relay.password)).toBe(false);
  expect(Buffer.from(sealer.open(sealed()!, RELAY_PASSWORD)).toString()).toBe(relay.password);
  expect(happened).toEqual(['mail.settings-changed']);
});

test('a password that is kept goes to no other host, and to no other user', async () => {
  await settings.update(actor, { relay });
  const { password: _password, ...without } = relay;
  await settings.update(actor, { relay: without });
  expect(sealed()).toBeDefined();
  for (const other of [{ host: 'smtp.example.org' }, { port: 25 }, { user: 'other' }])
    await expect(settings.update(actor, { relay: { ...without, ...other } })).rejects.toMatchObject({
      code: 'invalid-request',
      errors: [{ path: 'relay.password' }],
    });
  await settings.update(actor, { relay: { host: 'smtp.example.org', port: 25 } });
  expect(sealed()).toBeUndefined();
});

test('what is not said stays, and null is as it comes', async () => {
  await settings.update(actor, { greylisting: true, scores: { junk: 5, reject: 10 }, messageSizeLimit: 2e7 });
  expect(await settings.update(actor, { scores: null })).toEqual({
    relay: undefined,
    greylisting: true,
    messageSizeLimit: 2e7,
    scores: { junk: 6, reject: 15 },
    sendLimit: undefined,
  });
});

test.each([
  [{ relay: { host: '192.0.2.1', port: 25 } }, 'relay.host'],
  [{ relay: { host: 'smtp', port: 25 } }, 'relay.host'],
  [{ relay: { host: 'a b.example', port: 25 } }, 'relay.host'],
  [{ relay: { ...relay, user: undefined } }, 'relay.user'],
  [{ scores: { junk: 15, reject: 15 } }, 'scores.reject'],
])('%j is refused, and nothing changes', async (change, path) => {
  await expect(settings.update(actor, change)).rejects.toMatchObject({ errors: [{ path }] });
  expect(work.committed.rows(mailSettingsRows).settings()).toBeUndefined();
});
