import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { programs } from '../kit/programs.ts';
import { missing } from '../kit/requires.ts';

let folder: string;
let taken: string;
const other = createServer();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-errors-'));
  // For the user without rights, who has to get to what is below.
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'file'), '');
  writeFileSync(join(folder, 'empty.pem'), '');
  symlinkSync('circle', join(folder, 'circle'));
  for (const name of ['closed', 'later']) mkdirSync(join(folder, name), { mode: 0o700 });
  const later = openDatabase(join(folder, 'later/signpost.sqlite'));
  await later.write(({ sqlite }) => {
    sqlite.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9e15)");
  });
  await later.close();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  taken = `127.0.0.1:${(other.address() as AddressInfo).port}`;
});
afterAll(() => {
  other.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Mistake {
  title: string;
  /** After the flags of a start without a mistake; FOLDER and TAKEN stand for what the test has. */
  flags: string;
  code: number;
  /** What is said: parts of the one sentence. */
  says: string[];
  /** As Debian's nobody. */
  unprivileged?: boolean;
}

const mistakes: Mistake[] = [
  {
    title: 'a flag that there is not',
    flags: '--hostnam box.example.net',
    code: 2,
    says: ['--hostnam', '--help'],
  },
  {
    title: 'a log level that there is not',
    flags: '--log-level loud',
    code: 2,
    says: ['"loud"', 'debug, info, warn, error'],
  },
  {
    title: 'no host name',
    flags: '--hostname not_a_name --ipv4 192.0.2.1',
    code: 2,
    says: ['--hostname', 'not_a_name'],
  },
  {
    title: 'half a host name',
    flags: '--hostname box..example --ipv4 192.0.2.1',
    code: 2,
    says: ['--hostname', 'box..example'],
  },
  {
    title: 'root hints that are not there',
    flags: '--root-hints FOLDER/none',
    code: 2,
    says: ['--root-hints', 'no such file'],
  },
  {
    title: 'secrets of cookies that are not there',
    flags: '--dns-cookie-secrets FOLDER/none',
    code: 2,
    says: ['--dns-cookie-secrets', 'no such file'],
  },
  {
    title: 'secrets of cookies that are none',
    flags: '--dns-cookie-secrets FOLDER/file',
    code: 2,
    says: ['--dns-cookie-secrets', 'no secret'],
  },
  {
    title: 'data: a file',
    flags: '--data FOLDER/file',
    code: 3,
    says: ['FOLDER/file', 'no folder', '--data'],
  },
  {
    title: 'data: below a file',
    flags: '--data FOLDER/file/data',
    code: 3,
    says: ['FOLDER/file/data', 'no folder', '--data'],
  },
  {
    title: 'data: where no folder can be made',
    flags: '--data /proc/signpost',
    code: 3,
    says: ['/proc/signpost', 'leads nowhere', '--data'],
  },
  {
    title: 'data: a path too long for a socket',
    flags: `--data FOLDER/${'long'.repeat(30)}`,
    code: 3,
    says: ['socket', '--data', 'shorter'],
  },
  { title: 'data: a circle', flags: '--data FOLDER/circle', code: 3, says: ['FOLDER/circle', '--data'] },
  {
    title: 'data: no right to enter',
    flags: '--data FOLDER/closed',
    code: 3,
    says: ['FOLDER/closed', 'this user may not', '--data'],
    unprivileged: true,
  },
  {
    title: 'data: no right to make it',
    flags: '--data FOLDER/new',
    code: 3,
    says: ['FOLDER/new', 'this user may not', '--data'],
    unprivileged: true,
  },
  {
    title: 'data of a newer version',
    flags: '--data FOLDER/later',
    code: 3,
    says: ['FOLDER/later', 'newer version'],
  },
  { title: 'busy: DNS', flags: '--dns TAKEN', code: 4, says: ['--dns', 'TAKEN', 'another program listens'] },
  { title: 'busy: HTTP', flags: '--http TAKEN', code: 4, says: ['--http', 'another program listens'] },
  {
    title: 'busy: HTTPS',
    flags: '--https TAKEN',
    code: 4,
    says: ['--https', 'TAKEN', 'another program listens'],
  },
  {
    title: 'forbidden: DNS',
    flags: '--dns 127.0.0.1:53',
    code: 4,
    says: ['--dns', '127.0.0.1:53', 'CAP_NET_BIND_SERVICE'],
    unprivileged: true,
  },
  {
    title: 'forbidden: HTTPS',
    flags: '--https 127.0.0.1:443',
    code: 4,
    says: ['--https', '127.0.0.1:443', 'CAP_NET_BIND_SERVICE'],
    unprivileged: true,
  },
  {
    title: 'an address of another machine',
    flags: '--https 192.0.2.1:0',
    code: 4,
    says: ['--https', '192.0.2.1', 'no such address'],
  },
];

/** Starts the box with the mistake; it ends by itself. */
function start({
  title,
  flags,
  unprivileged,
}: Mistake): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const data = join(folder, `data-${title.replaceAll(/\W/g, '-')}`);
  if (unprivileged) mkdirSync(data, { mode: 0o777 });
  if (unprivileged) chmodSync(data, 0o777);
  const sound = `--data ${data} --dns 127.0.0.1:0 --http 127.0.0.1:0 --https 127.0.0.1:0 --acme-directory none`;
  const words = `${sound} ${filled(flags)}`.split(' ');
  const user = unprivileged
    ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all']
    : [];
  const [command, ...args] = [...user, process.execPath, programs.box, ...words];
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

const filled = (text: string): string => text.replaceAll('FOLDER', folder).replaceAll('TAKEN', taken);

/** The log has JSON lines; the person has a sentence. */
const sentences = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));

/** Each ends with its code and one sentence. */
async function refused(mistake: Mistake): Promise<void> {
  const { code, stdout, stderr } = await start(mistake);
  expect(code, stderr).toBe(mistake.code);
  expect(stdout).not.toContain('ready');
  const said = sentences(stderr);
  expect(said, stderr).toHaveLength(1);
  for (const part of mistake.says) expect(said[0]).toContain(filled(part));
  // No stack of the program, neither for the person nor in the log.
  expect(stderr).not.toMatch(/"stack"|\bat .*\.ts:\d+/);
}

it.each(mistakes.filter(({ unprivileged }) => !unprivileged))(
  'a start that cannot be: $title',
  { timeout: 180_000 },
  refused,
);

const reason = missing({ root: true, commands: ['setpriv'] });
it.skipIf(reason).each(mistakes.filter(({ unprivileged }) => unprivileged))(
  `a start that cannot be, without rights: $title ${reason ?? ''}`,
  { timeout: 180_000 },
  refused,
);
