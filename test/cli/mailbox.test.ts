import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type ApiServer } from '../../src/api/server.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { signpost } from '../kit/cli.ts';
import { memoryServices, testBox, type MemoryServices } from '../kit/memory-services.ts';

/** The commands for mail against the real API over its socket. */
let folder: string;
let services: MemoryServices;
let server: ApiServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-mailbox-'));
  services = memoryServices({ box: testBox });
  server = await startApi({
    services,
    http: { address: '127.0.0.1', port: 0 },
    socketPath: join(folder, 'signpost.sock'),
    log: createLog({ level: 'silent' }),
    clock: systemClock,
    random: systemRandom,
  });
  const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;
  const name = Name.parse('example.com');
  if (!services.domains.get(name))
    await services.domains.add(actor, { name, dns: 'local', mail: true, web: true });
});
afterAll(async () => {
  await server.close();
  await services.close();
  rmSync(folder, { recursive: true });
});

async function ok(...args: string[]): Promise<string> {
  const result = await signpost(folder, ...args);
  expect(result, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

async function refused(code: number, ...args: string[]): Promise<string> {
  const result = await signpost(folder, ...args);
  expect(result, args.join(' ')).toMatchObject({ code, stdout: '' });
  return result.stderr;
}

it('adds mailboxes and aliases, changes them, and takes them away', { timeout: 180_000 }, async () => {
  const file = join(folder, 'password');
  writeFileSync(file, 'four words of nobody\n');
  const anna = 'anna@example.com';
  const added = await ok(
    'mailbox',
    'add',
    anna,
    '--password-file',
    file,
    '--quota',
    '5G',
    '--limit',
    '500/1d',
  );
  expect(added).toMatch(/password: +yes/);
  expect(added).toMatch(/quota: +5 GiB/);
  expect(added).toMatch(/may send: +500 messages in 86400 s/);
  expect(await ok('mailbox', 'set', anna, '--forward', 'a@elsewhere.example', '--copy', 'no')).toMatch(
    /forwards to: +a@elsewhere.example\n.*keeps a copy: +no/,
  );
  expect(await ok('mailbox', 'set', anna, '--forward', 'none')).toMatch(/forwards to: +–/);
  expect(await ok('mailbox', 'setup', anna)).toMatch(
    /user name: anna@example.com\n\n[^]*receive +IMAP +\S+ +993 +SSL\/TLS/,
  );

  expect(await ok('mailbox', 'usage', anna)).toMatch(/anna@example.com +1 MiB +3 +5 MiB +20 %/);
  expect(await ok('mailbox', 'usage', '--domain', 'example.com')).toMatch(/anna@example.com +1 MiB/);
  expect(await refused(2, 'mailbox', 'usage', anna, '--search', 'anna')).toMatch(/not both/);

  const made = await ok('mailbox', 'app-password', 'add', anna, 'telephone');
  const id = /id: +(\w+)/.exec(made)![1]!;
  expect(await ok('mailbox', 'app-password', 'list', anna)).toContain('telephone');
  expect(await ok('mailbox', 'app-password', 'remove', anna, id)).toContain('works no more');

  expect(await ok('alias', 'add', 'info@example.com', anna, 'o@elsewhere.example')).toContain(anna);
  expect(await ok('alias', 'set', 'info@example.com', '--sender', anna)).toMatch(/may send as it: +anna/);
  expect(await ok('alias', 'list', '--domain', 'example.com')).toMatch(/postmaster@example.com.*required/);
  expect(await refused(1, 'mailbox', 'retire', anna, '--yes')).toMatch(/info@example.com leads to anna/);
  await ok('alias', 'remove', 'info@example.com');
  expect(await ok('mailbox', 'retire', anna, '--yes')).toContain('signpost mailbox restore anna@example.com');
  expect(await refused(1, 'mailbox', 'add', anna, '--no-password')).toContain(
    'signpost mailbox restore anna@example.com brings it back',
  );
  expect(await ok('mailbox', 'list', '--retired')).toContain(anna);
  expect(await ok('mailbox', 'restore', anna)).toMatch(/state: +active/);
});

it('says what is wrong in words of the command line', { timeout: 180_000 }, async () => {
  expect(await refused(2, 'mailbox', 'add', 'otto')).toContain('write it as name@example.com');
  expect(await refused(2, 'mailbox', 'add', 'otto@example.com')).toContain('--password-file');
  expect(await refused(2, 'mailbox', 'set', 'otto@example.com', '--quota', 'much')).toContain('500M or 5G');
  expect(await refused(1, 'mailbox', 'add', 'otto@example.net', '--no-password')).toContain(
    'signpost domain add adds it',
  );
  expect(await refused(4, 'alias', 'set', 'abuse@example.com', '--enabled', 'no')).toContain(
    'signpost alias add with targets of your own',
  );
});

it(
  'imports mailboxes and aliases from CSV, as Mail-in-a-Box has them, and names the lines that are refused',
  { timeout: 180_000 },
  async () => {
    const write = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    const hash = `{SHA512-CRYPT}$6$rounds=5000$saltsalt$${'a'.repeat(86)}`;
    const mailboxes = write(
      'mailboxes.csv',
      `email,password,name,quota\r\nberta@example.com,${hash},"Berta, of Example",5G\r\ncarl@example.com,,,\r\n`,
    );
    expect(await ok('mailbox', 'import', mailboxes)).toMatch(/^2 mailboxes were added, 0 not\./);
    expect(await ok('mailbox', 'show', 'berta@example.com')).toMatch(/Berta, of Example[^]*yes[^]*5 GiB/);
    const again = await signpost(folder, 'mailbox', 'import', mailboxes);
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(
      /0 mailboxes were added, 2 not\.\n {2}line 2, berta@example\.com: .*there already/,
    );
    const aliases = write(
      'aliases.csv',
      'source,destination,permitted_senders\nteam@example.com,"berta@example.com,carl@example.com",berta@example.com\n',
    );
    expect(await ok('alias', 'import', aliases)).toMatch(/^1 alias was added, 0 not\./);
    expect(await ok('alias', 'show', 'team@example.com')).toMatch(/berta@example\.com[^]*carl@example\.com/);
    const wrong = write('wrong.csv', 'address,quota\na@example.com,much\n');
    expect(await refused(2, 'mailbox', 'import', wrong)).toContain('Line 2: The quota must be a size');
  },
);
