import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { MailMachine } from './mail-machine.ts';
import { directoryPath } from './mail-model.ts';

const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE domain (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE mailbox (address TEXT PRIMARY KEY, domain TEXT NOT NULL, password TEXT, quota INTEGER NOT NULL,
  enabled INTEGER NOT NULL, deliver INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE route (source TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (source, target)) WITHOUT ROWID;
CREATE TABLE sender (login TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (address, login)) WITHOUT ROWID;
CREATE TABLE app_password (address TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (address, digest)) WITHOUT ROWID;
CREATE TABLE send_limit (scope TEXT PRIMARY KEY, messages INTEGER NOT NULL, seconds INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE next_hop (domain TEXT PRIMARY KEY, host TEXT NOT NULL, port INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema', 2), ('generation', 1);
`;

export interface DirectoryMailbox {
  address: string;
  password: string;
  quota?: number;
  appPassword?: string;
}

/** The octets of a directory with these mailboxes and aliases, as the box would write it. */
export function mailDirectory(
  mailboxes: readonly DirectoryMailbox[],
  aliases: readonly [string, string][],
): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-directory-'));
  try {
    const path = join(folder, 'directory.sqlite');
    const database = new Database(path);
    database.exec(schema);
    const add = (table: string, ...values: unknown[]): void =>
      void database
        .prepare(`INSERT OR IGNORE INTO ${table} VALUES (${values.map(() => '?').join(', ')})`)
        .run(...values);
    for (const { address, password, quota = 0, appPassword } of mailboxes) {
      const domain = address.split('@')[1]!;
      const hash = execFileSync('doveadm', ['pw', '-s', 'ARGON2ID', '-p', password], {
        encoding: 'utf8',
      }).trim();
      add('domain', domain);
      add('mailbox', address, domain, hash, quota, 1, 1);
      add('route', address, address);
      add('sender', address, address);
      if (appPassword !== undefined)
        add('app_password', address, createHash('sha256').update(appPassword).digest('hex'));
    }
    for (const [source, target] of aliases) add('route', source, target);
    database.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts a directory where the test models say it is, readable as on a real box. */
export function installDirectory(
  machine: MailMachine,
  mailboxes: readonly DirectoryMailbox[],
  aliases: readonly [string, string][],
): void {
  const folder = dirname(directoryPath);
  machine.run('install', '-d', '-m', '750', '-o', 'root', '-g', 'postfix', folder);
  const octets = mailDirectory(mailboxes, aliases).toString('base64');
  const script =
    'base64 -d > "$1.new" && chmod 640 "$1.new" && chown root:postfix "$1.new" && mv "$1.new" "$1"';
  const { status, output } = machine.ask('sh', ['-c', script, 'sh', directoryPath], octets);
  if (status !== 0) throw new Error(output);
}
