import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../../core/clock.ts';
import type { Machine } from '../drivers/driver.ts';
import type { AgentAnswer } from './protocol.ts';

/** Mailboxes of one request: a page of a list. */
export const MOST_ADDRESSES = 500;

/** What a mailbox is called: what Dovecot takes in the name of a user, at a name of a host. It is a line of a file for doveadm(1). */
export const MAILBOX_ADDRESS =
  /^[a-z0-9_](?:[a-z0-9_-]|\.(?!\.)){0,63}(?<!\.)@(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?$/;

/** What a mailbox holds, by what Dovecot counts of it. */
export interface MailboxUsage {
  address: string;
  /** In steps of 1,024. */
  octets: number;
  messages: number;
  /** Octets that it may hold, in the same steps; undefined: Dovecot knows of no limit. */
  limit?: number;
}

/** Where Dovecot tells root of its users, as soon as it runs. */
const USERS = '/run/dovecot/auth-userdb';

/** Milliseconds: a mailbox that Dovecot never counted is counted then, message by message. */
const LONGEST = 20_000;
/** Milliseconds in which it may end with the mailbox that it is at. */
const LAST_MAILBOX = 2000;

const NOT_RUNNING =
  'Dovecot does not run, so that nobody knows what mailboxes hold; signpost mail status says why.';

/** What doveadm(1) says of these, and why not of all of them. */
export type ReadUsage = (addresses: readonly string[]) => Promise<{ found: MailboxUsage[]; why: string }>;

/** Asks for all of them in one process, which looks each of them up and no others. */
export function readUsage(clock: Clock): ReadUsage {
  return async (addresses) => {
    const folder = mkdtempSync(join(tmpdir(), 'signpost-usage-'));
    try {
      const file = join(folder, 'users');
      writeFileSync(file, `${addresses.join('\n')}\n`, { mode: 0o600 });
      return await quotaOf(file, clock);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

function quotaOf(file: string, clock: Clock): ReturnType<ReadUsage> {
  return new Promise((resolve) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn('doveadm', ['-f', 'tab', 'quota', 'get', '-F', file], { cwd: '/', env, stdio });
    const reader = usageReader();
    let why = '';
    child.stderr.on('data', (chunk: Buffer) => (why = (why + chunk.toString()).slice(0, 4096)));
    createInterface({ input: child.stdout }).on('line', (line) => reader.line(line));
    // It ends after the mailbox that it is at; what it knows by then is said.
    let killing = clock.after(LONGEST, () => {
      why = `Dovecot took longer than ${LONGEST / 1000} seconds to say what mailboxes hold.`;
      child.kill('SIGTERM');
      killing = clock.after(LAST_MAILBOX, () => child.kill('SIGKILL'));
    });
    child.on('error', () => (why = 'Dovecot is not installed.'));
    child.on('close', () => {
      killing.cancel();
      resolve({ found: reader.found(), why: why.trim() });
    });
  });
}

/** Reads what `doveadm -f tab quota get` prints, which is the same in 2.3 and 2.4: two lines for each mailbox. */
export function usageReader(): { line(line: string): void; found(): MailboxUsage[] } {
  const found = new Map<string, Partial<MailboxUsage>>();
  return {
    line(line) {
      const [address, , type, value, limit] = line.split('\t');
      if (address === undefined || value === undefined || !/^\d+$/.test(value)) return;
      const usage = found.get(address) ?? {};
      if (type === 'STORAGE') {
        usage.octets = Number(value) * 1024;
        if (limit !== undefined && /^\d+$/.test(limit)) usage.limit = Number(limit) * 1024;
      } else if (type === 'MESSAGE') usage.messages = Number(value);
      found.set(address, usage);
    },
    found: () =>
      [...found].flatMap(([address, { octets, messages, limit }]) =>
        octets === undefined || messages === undefined
          ? []
          : [{ address, octets, messages, ...(limit !== undefined && { limit }) }],
      ),
  };
}

/** Says what mailboxes hold, one request at a time, and beside what else the agent does: it changes nothing. */
export function mailboxUsage(
  machine: Machine,
  read: ReadUsage,
): (addresses: readonly string[]) => Promise<AgentAnswer> {
  let last: Promise<unknown> = Promise.resolve();

  async function usage(addresses: readonly string[]): Promise<AgentAnswer> {
    // Asked while Dovecot is stopped, doveadm of 2.3 fails an assertion of its own.
    if ((await machine.greeting({ path: USERS })) === undefined) return { ok: false, problem: NOT_RUNNING };
    const { found, why } = await read(addresses);
    const complaint = why.split('\n').findLast((line) => line !== '' && !line.includes(': Info: '));
    return found.length > 0 || complaint === undefined
      ? { ok: true, usage: found }
      : { ok: false, problem: complaint };
  }

  return (addresses) => {
    const mine = last.then(() => usage(addresses));
    last = mine.catch(() => undefined);
    return mine;
  };
}
