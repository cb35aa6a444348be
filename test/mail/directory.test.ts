import { chownSync, chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { type DirectoryReader, postfixReader } from '../kit/directory-reader.ts';
import { missing } from '../kit/requires.ts';

/*
 * The directory as the mail servers see it: through Postfix's own SQLite driver, as another user who may not write, while the box runs, after it
 * stopped, and after it was killed.
 */

const why = missing({ root: true, commands: ['postmap'] });
const routes = "SELECT target FROM route WHERE source = '%s'";
const nogroup = 65_534;

let folder: string;
let data: string;
let reader: DirectoryReader;
let box: RunningBox | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-directory-'));
  chmodSync(folder, 0o755);
  data = join(folder, 'data');
  // The group of the readers may pass through.
  for (const [path, mode] of [
    [data, 0o710],
    [join(data, 'mail'), 0o2750],
  ] as const) {
    mkdirSync(path);
    chownSync(path, 0, nogroup);
    chmodSync(path, mode);
  }
  reader = postfixReader(join(folder, 'postfix'), join(data, 'mail', 'directory.sqlite'));
});

afterEach(async () => {
  await box?.kill();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  box = await startBox({ data });
}

async function addMailbox(address: string): Promise<void> {
  const body = { address, password: 'four words of nobody' };
  expect(await box!.api('POST', '/mailboxes', body)).toMatchObject({ status: 201 });
}

test.skipIf(why)(
  'what was answered is there for readers, while the box runs, stopped and killed',
  async () => {
    await start();
    await box!.api('POST', '/domains', { name: 'example.com' });
    await addMailbox('anna@example.com');
    expect(reader.find(routes, 'anna@example.com')).toBe('anna@example.com');
    expect(reader.find("SELECT name FROM domain WHERE name = '%s'", 'example.com')).toBe('example.com');
    expect(reader.find(routes, 'postmaster@example.com')).toBe('postmaster@box.example.net');
    expect(() => reader.find("INSERT INTO domain VALUES ('%s') RETURNING name", 'evil.example')).toThrow(
      /readonly/,
    );

    await box!.stop();
    expect(existsSync(join(data, 'mail', 'directory.sqlite-wal'))).toBe(false);
    expect(reader.find(routes, 'anna@example.com')).toBe('anna@example.com');

    await start();
    await addMailbox('otto@example.com');
    await box!.kill();
    expect(existsSync(join(data, 'mail', 'directory.sqlite-wal'))).toBe(true);
    expect(reader.find(routes, 'otto@example.com')).toBe('otto@example.com');

    await start();
    await box!.api('DELETE', '/mailboxes/otto%40example.com');
    expect(reader.find(routes, 'otto@example.com')).toBeUndefined();
  },
  60_000,
);

test.skipIf(why)(
  'a domain is not removed, and goes on with mail, while it has a mailbox; its aliases go with it',
  async () => {
    await start();
    await box!.api('POST', '/domains', { name: 'example.com' });
    await addMailbox('anna@example.com');
    const alias = { address: 'info@example.com', targets: ['otto@elsewhere.example'] };
    expect(await box!.api('POST', '/aliases', alias)).toMatchObject({ status: 201 });
    expect(reader.find(routes, 'info@example.com')).toBe('otto@elsewhere.example');
    const refused = { status: 409, body: { code: 'in-use' } };
    expect(await box!.api('DELETE', '/domains/example.com')).toMatchObject(refused);
    expect(await box!.api('PATCH', '/domains/example.com', { mail: false })).toMatchObject(refused);
    expect(reader.find(routes, 'anna@example.com')).toBe('anna@example.com');
    await box!.api('DELETE', '/mailboxes/anna%40example.com');
    expect(await box!.api('DELETE', '/domains/example.com')).toMatchObject({ status: 200 });
    expect(reader.find(routes, 'info@example.com')).toBeUndefined();
    expect(await box!.api('GET', '/aliases')).toMatchObject({ body: { items: [] } });
  },
  60_000,
);

test.skipIf(why).each([
  ['missing', (file: string) => rmSync(file)],
  ['damaged', (file: string) => writeFileSync(file, Buffer.alloc(8192, 7))],
  ['empty', (file: string) => writeFileSync(file, '')],
])(
  'one that is %s is made anew',
  async (_, harm) => {
    await start();
    await box!.api('POST', '/domains', { name: 'example.com' });
    await addMailbox('anna@example.com');
    await box!.stop();
    harm(join(data, 'mail', 'directory.sqlite'));
    await start();
    // A change waits for it.
    await addMailbox('otto@example.com');
    expect(reader.find(routes, 'anna@example.com')).toBe('anna@example.com');
    expect(reader.find(routes, 'otto@example.com')).toBe('otto@example.com');
    expect(box!.output()).toMatch(/the directory of mail was made anew/);
  },
  60_000,
);
