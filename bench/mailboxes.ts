import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { createLog } from '../src/core/log.ts';
import { directoryStorage } from '../src/db/mail-directory.ts';
import { createMailDirectory } from '../src/mail/directory/directory.ts';
import { startBox } from '../test/kit/box.ts';
import { startAgent } from '../test/kit/mail-agent.ts';
import { createMailMachine, type MailMachine } from '../test/kit/mail-machine.ts';
import { domain, person, startZones } from '../test/kit/zones-box.ts';
import { print, quantile, rest } from './kit/child-box.ts';
import { fillDkimPool } from './kit/dkim-pool.ts';
import { insertMailboxes } from './kit/many-mailboxes.ts';

export const name =
  'Many mailboxes, with real mail servers (needs root and the Debian packages of docs/mail.md)';

const DOMAINS = Number(process.env['DOMAINS'] ?? 1000);
const MAILBOXES = Number(process.env['MAILBOXES'] ?? 10_000);
/** Of the directory that is made anew. */
const MANY = Number(process.env['MANY'] ?? 100_000);

/** Inside the machine. */
const data = '/srv/signpost';
const domainName = (n: number): string => `d${n}.example`;

export async function run(): Promise<void> {
  await rebuilding();
  const machine = await createMailMachine('box.example.net');
  try {
    await onMachine(machine);
  } finally {
    await machine.close();
  }
}

/** The longest time for which the thread of the control plane does nothing else while a thread makes the directory anew. */
async function rebuilding(): Promise<void> {
  const zones = await startZones();
  try {
    await zones.domains.add(person, domain(domainName(0)));
    await zones.database.write(({ sqlite }) => insertMailboxes(sqlite, MANY, [domainName(0)]));
    const { work, events, clock, data: folder } = zones;
    const storage = directoryStorage(
      join(folder, 'mail', 'directory.sqlite'),
      join(folder, 'signpost.sqlite'),
    );
    const directory = createMailDirectory({
      work,
      storage,
      events,
      clock,
      log: createLog({ level: 'error' }),
    });
    const stop = watchTurns();
    const began = performance.now();
    directory.start();
    await directory.settled();
    print(`directory of ${MANY} mailboxes made anew`, (performance.now() - began) / 1000, 's');
    print('  the longest that the control plane’s thread worked at it at a time', stop(), 'ms', '≤ 50');
    await directory.stop();
  } finally {
    await zones.close();
  }
}

/**
 * Counts the CPU time of this thread between two of its turns: what else runs on the machine does not count. @returns ends it, with the longest,
 * in milliseconds
 */
function watchTurns(): () => number {
  const used = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let [longest, last] = [0, used()];
  const turn = (): void => {
    const now = used();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(turn, 1);
  return () => {
    turn();
    clearInterval(timer);
    return longest;
  };
}

async function onMachine(machine: MailMachine): Promise<void> {
  const seed = await seeded();
  machine.run('cp', '-a', seed, data);
  rmSync(seed, { recursive: true });
  const box = await startBox({ data, prefix: machine.prefix, workers: 1, patience: 120_000 });
  /** The same folder, from here. */
  const socket = `/proc/${machine.prefix[2]}/root${data}/signpost.sock`;
  const api = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    ask(socket, method, path, body);
  const agent = await startAgent(machine);

  const apply = async (): Promise<number> => {
    const began = performance.now();
    const { servers } = await api<{ servers: { outcome: string; detail?: string }[] }>(
      'POST',
      '/mail/apply',
      {},
    );
    const wrong = servers.find(({ outcome }) => outcome === 'refused' || outcome === 'rolled-back');
    if (wrong) throw new Error(wrong.detail);
    return (performance.now() - began) / 1000;
  };
  console.log(`${DOMAINS} domains with ${2 * DOMAINS} DKIM keys, ${MAILBOXES} mailboxes`);
  print('first apply: all files and keys, the daemons started', await apply(), 's');
  machine.write('/etc/signpost/postfix-main.cf', 'delay_warning_time = 5h\n');
  print('render and apply after a change of Postfix, which reloads', await apply(), 's', '≤ 5');
  print('render and apply where nothing changed', await apply(), 's', '≤ 5');

  const seconds: number[] = [];
  for (let n = 0; n < 20; n++) seconds.push(await usable(machine, api, `new${n}@${domainName(n % DOMAINS)}`));
  print('POST /mailboxes to look-ups by Postfix and Dovecot, median', quantile(seconds, 0.5), 's', '≤ 1');
  print('  the longest of 20', Math.max(...seconds), 's', '≤ 1');
  await agent.stop();
  await box.stop();
}

/** The data of a box with all that, made on this machine. */
async function seeded(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-bench-'));
  await (await startBox({ data: folder })).stop();
  fillDkimPool(folder, DOMAINS);
  const box = await startBox({ data: folder });
  const api = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    ask(join(folder, 'signpost.sock'), method, path, body);
  const domains = Array.from({ length: DOMAINS }, (_, n) => ({ name: domainName(n) }));
  const { job } = await api<{ job: string }>('POST', '/domains/bulk', { domains });
  while ((await api<{ state: string }>('GET', `/jobs/${job}`)).state === 'running') await rest(200);
  await box.stop();
  const database = new BetterSqlite3(join(folder, 'signpost.sqlite'));
  database.transaction(() =>
    insertMailboxes(
      database,
      MAILBOXES,
      domains.map(({ name }) => name),
    ),
  )();
  database.close();
  rmSync(join(folder, 'mail', 'directory.sqlite'));
  return folder;
}

/** An RSA key for each domain, so that none has to be made: they may be the same here. */

/** Seconds from the request until Postfix delivers to the mailbox, and Dovecot takes its password. */
async function usable(
  machine: MailMachine,
  api: (method: string, path: string, body: unknown) => Promise<unknown>,
  address: string,
): Promise<number> {
  const password = 'four words of nobody';
  const began = performance.now();
  await api('POST', '/mailboxes', { address, password });
  for (;;) {
    const delivers = machine.ask('postmap', ['-q', address, 'sqlite:/etc/postfix/signpost/mailboxes.cf']);
    const lets = machine.ask('doveadm', ['auth', 'test', address, password]);
    if (delivers.output.trim() === address && lets.status === 0) return (performance.now() - began) / 1000;
    await rest(10);
  }
}

function ask<T>(socketPath: string, method: string, path: string, body: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const asked = request({ socketPath, method, path: `/api/v1${path}`, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        if (answer.statusCode! < 300) resolve(JSON.parse(text) as T);
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
      });
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
