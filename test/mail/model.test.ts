import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { seededRandom } from '../../src/core/random.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { directoryStorage } from '../../src/db/mail-directory.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { createAliases } from '../../src/mail/aliases/service.ts';
import { createMailDirectory, type MailDirectory } from '../../src/mail/directory/directory.ts';
import { createMailDomains, mailOfDomains } from '../../src/mail/domains.ts';
import { createAppPasswords } from '../../src/mail/mailboxes/app-passwords.ts';
import { createHashing } from '../../src/mail/mailboxes/hashing.ts';
import { createMailboxes } from '../../src/mail/mailboxes/service.ts';
import { crypt } from '../../src/native/crypt.ts';
import type { Domain } from '../../src/zones/model.ts';
import { zoneRows } from '../../src/zones/store.ts';
import { openWork } from '../kit/work.ts';

/*
 * The model of mail over a real database, and what of it is in the directory after each change.
 */

const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;
const clock = new FakeClock();
const log = createLog({ level: 'silent' });
const box = {
  ...{
    hostname: Name.parse('box.example.net'),
    ipv4: ['192.0.2.1'],
    ipv6: [],
    adminEmail: 'anna@example.com',
  },
  ...{ ttl: 3600, secondaries: [], caaIssuer: undefined },
};

let folder: string;
let database: Database;
let directory: MailDirectory;
let mail: ReturnType<typeof open>;

function open() {
  database = openDatabase(join(folder, 'signpost.sqlite'));
  const work = openWork(database);
  const storage = directoryStorage(join(folder, 'mail', 'directory.sqlite'), join(folder, 'signpost.sqlite'));
  directory = createMailDirectory({ work, storage, events: { publish: () => undefined }, clock, log });
  const random = seededRandom(1);
  const tools = {
    ...{ work, directory, clock, random, hashing: createHashing(random, crypt) },
    limits: { usage: () => undefined },
    zones: (state: Pick<typeof work.committed, 'rows'>) => state.rows(zoneRows),
  };
  const parts = [mailOfDomains(tools), directory];
  const put = (before: Domain | undefined, after: Domain | undefined): Promise<void> =>
    work.change({ actor, cause: 'test' }, (change) => {
      for (const part of parts) part.domainChanged(change, before, after);
      const zones = change.rows(zoneRows);
      if (after) zones.putDomain(after);
      else zones.deleteDomain(before!.name);
    });
  return {
    work,
    put,
    mailboxes: createMailboxes(tools),
    aliases: createAliases(tools),
    appPasswords: createAppPasswords(tools),
    domains: createMailDomains(tools),
  };
}

const domainOf = (name: string): Domain => ({
  ...{ name: Name.parse(name), dns: 'local', mail: true, web: true, ttl: undefined },
  createdAt: '2026-01-01T00:00:00Z',
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-mail-'));
  mail = open();
  directory.start();
  await mail.work.change({ actor, cause: 'test' }, (change) => {
    change.rows(zoneRows).putBox(box);
    directory.boxChanged!(change, undefined, box);
  });
  await mail.put(undefined, domainOf('example.com'));
  await mail.put(undefined, domainOf('example.org'));
});

afterEach(async () => {
  await directory.stop();
  await database.close();
  rmSync(folder, { recursive: true });
});

function rows(sql: string): unknown[] {
  const sqlite = new BetterSqlite3(join(folder, 'mail', 'directory.sqlite'), { readonly: true });
  const found = sqlite.prepare(sql).raw().all();
  sqlite.close();
  return found;
}

const routes = (source: string): unknown[] =>
  rows(`SELECT target FROM route WHERE source = '${source}' ORDER BY target`).flat();

const add = (address: string, more: object = {}) => mail.mailboxes.add(actor, { address, ...more });
const alias = (address: string, ...targets: string[]) => mail.aliases.add(actor, { address, targets });
const refused = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string });

describe('mailboxes', () => {
  test('forward, with a copy or without', async () => {
    await add('anna@example.com', { forwardTo: ['Anna@Elsewhere.example'], quota: 5 });
    expect(routes('anna@example.com')).toEqual(['Anna@elsewhere.example', 'anna@example.com']);
    expect(rows('SELECT address, quota, enabled, deliver FROM mailbox')).toEqual([
      ['anna@example.com', 5, 1, 1],
    ]);
    await mail.mailboxes.update(actor, 'anna@example.com', { keepCopy: false, enabled: false });
    expect(routes('anna@example.com')).toEqual(['Anna@elsewhere.example']);
    expect(rows('SELECT address, quota, enabled, deliver FROM mailbox')).toEqual([
      ['anna@example.com', 5, 0, 0],
    ]);
  });

  test('retired: no mail, no sign-in, an alias may have the name; restored as it was', async () => {
    await add('anna@example.com', { password: 'four words of nobody' });
    await add('otto@example.com');
    await mail.mailboxes.retire(actor, 'anna@example.com');
    expect(routes('anna@example.com')).toEqual([]);
    expect(rows("SELECT password, enabled, deliver FROM mailbox WHERE address LIKE 'anna%'")).toEqual([
      [null, 0, 0],
    ]);
    await alias('anna@example.com', 'otto@example.com');
    expect(routes('anna@example.com')).toEqual(['otto@example.com']);
    await expect(mail.mailboxes.restore(actor, 'anna@example.com')).rejects.toEqual(
      refused('in-use', /alias/),
    );
    await mail.aliases.remove(actor, 'anna@example.com');
    await mail.mailboxes.restore(actor, 'anna@example.com');
    expect(rows("SELECT password FROM mailbox WHERE address LIKE 'anna%'")).toEqual([
      [expect.stringMatching(/^\{ARGON2ID\}\$argon2id\$v=19\$m=19456,t=2,p=1\$/)],
    ]);
  });

  test('are not retired while something leads to them', async () => {
    await add('anna@example.com');
    await alias('info@example.com', 'anna@example.com');
    await expect(mail.mailboxes.retire(actor, 'anna@example.com')).rejects.toEqual(
      refused('in-use', /^info@example.com leads to anna@example.com/),
    );
  });

  test('have app passwords: as digests, given once, removed', async () => {
    await add('anna@example.com');
    const { view, password } = await mail.appPasswords.add(actor, 'anna@example.com', 'telephone');
    expect(password).toMatch(/^(?:[a-z2-9]{5}-){5}[a-z2-9]$/);
    const digest = createHash('sha256').update(password).digest('hex');
    expect(rows('SELECT address, digest FROM app_password')).toEqual([['anna@example.com', digest]]);
    await mail.appPasswords.remove(actor, 'anna@example.com', view.id);
    expect(rows('SELECT * FROM app_password')).toEqual([]);
  });

  test('have limits, their own or those of the domain', async () => {
    await add('anna@example.com', { sendLimit: { messages: 5, seconds: 60 } });
    await mail.domains.update(actor, Name.parse('example.com'), {
      sendLimit: { messages: 9, seconds: 3600 },
    });
    expect(rows('SELECT * FROM send_limit ORDER BY scope')).toEqual([
      ['@example.com', 9, 3600],
      ['anna@example.com', 5, 60],
    ]);
  });
});

describe('aliases', () => {
  test('lead to several; whoever gets their mail may send as them, through other aliases, too', async () => {
    await add('anna@example.com');
    await alias('team@example.com', 'anna@example.com', 'otto@elsewhere.example');
    await alias('info@example.org', 'team@example.com');
    const senders = "SELECT login FROM sender WHERE address = 'info@example.org' AND login LIKE 'anna%'";
    expect(rows(senders)).toEqual([['anna@example.com']]);
    await mail.aliases.update(actor, 'team@example.com', { targets: ['otto@elsewhere.example'] });
    expect(rows(senders)).toEqual([]);
    await mail.aliases.update(actor, 'info@example.org', { senders: ['anna@example.com'] });
    expect(rows(senders)).toEqual([['anna@example.com']]);
  });

  test('take all of a domain, or lead one domain to another', async () => {
    await add('anna@example.com');
    await alias('@example.com', 'anna@example.com');
    await alias('@example.org', '@example.com');
    expect(routes('@example.com')).toEqual(['anna@example.com']);
    expect(routes('@example.org')).toEqual(['@example.com']);
    // Its own mail does not go to the catch-all.
    expect(routes('anna@example.com')).toEqual(['anna@example.com']);
  });

  test.each([
    ['info@example.com', ['info@example.com'], 'mail-loop', /lead to itself\.$/],
    ['@example.com', ['nobody@example.com'], 'no-such-target', /no mailbox and no alias/],
    ['@example.com', ['x@example.org'], 'mail-loop', /@example.com/],
    ['info@example.com', ['nobody@example.com'], 'no-such-target', /no mailbox and no alias/],
    ['info@example.com', ['gone@example.com'], 'no-such-target', /retired/],
    ['info@example.com', ['@example.org'], 'invalid-address', /whole domain/],
    ['info@example.com', ['nonsense'], 'invalid-address', /no mail address/],
    ['anna@example.com', ['x@elsewhere.example'], 'already-exists', /mailbox/],
    ['x@example.net', ['anna@example.com'], 'no-mail-domain', /no domain example.net/],
  ])('%s → %j is refused: %s', async (address, targets, code, message) => {
    await add('anna@example.com');
    await add('gone@example.com');
    await mail.mailboxes.retire(actor, 'gone@example.com');
    await alias('c@example.com', 'anna@example.com');
    await alias('b@example.com', 'c@example.com');
    await alias('@example.org', '@example.com');
    await expect(mail.aliases.add(actor, { address, targets })).rejects.toEqual(refused(code, message));
  });

  test('lead in no circle, however long', async () => {
    await add('anna@example.com');
    await alias('a@example.com', 'anna@example.com');
    await alias('b@example.com', 'a@example.com');
    await alias('c@example.com', 'b@example.com');
    const targets = ['anna@example.com', 'c@example.com'];
    const circle = /a@example.com → c@example.com → b@example.com → a@example.com/;
    await expect(mail.aliases.update(actor, 'a@example.com', { targets })).rejects.toEqual(
      refused('mail-loop', circle),
    );
    await expect(
      mail.mailboxes.update(actor, 'anna@example.com', { forwardTo: targets.slice(1) }),
    ).rejects.toEqual(refused('mail-loop', /anna@example.com would lead to itself/));
  });

  test('RFC 5321 §4.5.1: postmaster and other required ones are there by themselves, and give way', async () => {
    await add('anna@example.com');
    expect(routes('postmaster@example.com')).toEqual(['postmaster@box.example.net']);
    expect(routes('postmaster@box.example.net')).toEqual(['anna@example.com']);
    expect(routes('hostmaster@box.example.net')).toEqual(['anna@example.com']);
    expect(routes('root@box.example.net')).toEqual(['anna@example.com']);
    const page = { limit: 10, cursor: undefined };
    const listed = mail.aliases.list(page, { domain: Name.parse('example.com') }).items;
    expect(listed.map(({ address, source }) => [address, source])).toEqual([
      ['postmaster@example.com', 'required'],
      ['abuse@example.com', 'required'],
    ]);
    await alias('abuse@example.com', 'anna@example.com');
    expect(routes('abuse@example.com')).toEqual(['anna@example.com']);
    await mail.aliases.remove(actor, 'abuse@example.com');
    expect(routes('abuse@example.com')).toEqual(['abuse@box.example.net']);
  });
});

describe('a domain', () => {
  test('is not removed, and goes on with mail, while it has mailboxes; retired ones are kept', async () => {
    const domain = domainOf('example.com');
    await add('anna@example.com');
    await alias('info@example.com', 'anna@example.com');
    const withoutMail = { ...domain, mail: false };
    for (const after of [undefined, withoutMail])
      await expect(mail.put(domain, after)).rejects.toEqual(refused('in-use', /mailbox anna@example.com/));
    await mail.aliases.remove(actor, 'info@example.com');
    await mail.mailboxes.retire(actor, 'anna@example.com');
    await alias('info@example.com', 'x@elsewhere.example');
    await mail.put(domain, withoutMail);
    expect(rows("SELECT * FROM domain WHERE name = 'example.com'")).toEqual([]);
    expect(routes('postmaster@example.com')).toEqual([]);
    await mail.put(withoutMail, undefined);
    expect(mail.aliases.get('info@example.com')).toBeUndefined();
    await expect(mail.mailboxes.restore(actor, 'anna@example.com')).rejects.toEqual(
      refused('no-mail-domain', /no domain/),
    );
    await mail.put(undefined, domain);
    await mail.mailboxes.restore(actor, 'anna@example.com');
    expect(routes('anna@example.com')).toEqual(['anna@example.com']);
  });
});

describe('what leads into a domain from another', () => {
  test.each([
    ['info@example.org', 'info@example.com', /^info@example.org leads to info@example.com/],
    ['@example.org', '@example.com', /^@example.org leads to @example.com/],
  ])('%s: the domain is not removed before it is changed', async (source, target, message) => {
    await alias('info@example.com', 'x@elsewhere.example');
    await alias(source, target);
    const domain = domainOf('example.com');
    await expect(mail.put(domain, undefined)).rejects.toEqual(refused('in-use', message));
    await mail.aliases.remove(actor, source);
    await mail.put(domain, undefined);
    expect(routes('info@example.com')).toEqual([]);
  });
});

describe('a crash', () => {
  test('between the commit and the directory is caught up with at the next start', async () => {
    await directory.stop();
    await add('anna@example.com');
    expect(routes('anna@example.com')).toEqual([]);
    await database.close();
    mail = open();
    directory.start();
    await directory.settled();
    expect(routes('anna@example.com')).toEqual(['anna@example.com']);
  });
});
