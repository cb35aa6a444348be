import { type SendLimit, sendLimitIn } from '../addresses.ts';
import type { Context } from '../context.ts';
import { type CsvRow, readTable } from '../csv.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { readText } from '../files.ts';
import { allFailures, failureLines, followJobs } from '../job-progress.ts';
import { octets } from '../octets.ts';
import { oneOf } from '../values.ts';

/** What one request may have. */
const MOST = 10_000;
const OCTETS = 2_000_000;

/** Columns, and the names that Mail-in-a-Box's databases have for them (docs/mailboxes.md). */
const mailboxColumns = {
  address: ['email'],
  password: [],
  name: [],
  quota: [],
  forward: [],
  copy: [],
  limit: [],
  enabled: [],
} as const;
const aliasColumns = {
  address: ['source'],
  targets: ['destination'],
  senders: ['permitted_senders'],
  enabled: [],
} as const;

interface WantedMailbox {
  line: number;
  address: string;
  password?: string;
  passwordHash?: string;
  displayName?: string;
  quota?: number;
  forwardTo?: string[];
  keepCopy?: boolean;
  sendLimit?: SendLimit | null;
  enabled?: boolean;
}

interface WantedAlias {
  line: number;
  address: string;
  targets: string[];
  senders?: string[];
  enabled?: boolean;
}

/** `signpost mailbox import` */
export async function importMailboxes(context: Context, path: string): Promise<void> {
  const rows = readTable(await readText(path), mailboxColumns).map((row) => inLine(row, mailboxIn));
  await importAll(context, path, rows, { what: 'mailbox', many: 'mailboxes' });
}

/** `signpost alias import` */
export async function importAliases(context: Context, path: string): Promise<void> {
  const rows = readTable(await readText(path), aliasColumns).map((row) => inLine(row, aliasIn));
  await importAll(context, path, rows, { what: 'alias', many: 'aliases' });
}

/** @throws CliError usage, with the line */
function inLine<T>(row: CsvRow, read: (row: CsvRow) => T): T {
  try {
    return read(row);
  } catch (error) {
    if (error instanceof CliError) throw new CliError(`Line ${row.line}: ${error.message}`, exitCodes.usage);
    throw error;
  }
}

function mailboxIn({ line, cells }: CsvRow): WantedMailbox {
  const [password, name, quota, forward] = ['password', 'name', 'quota', 'forward'].map((cell) =>
    cells.get(cell),
  );
  const [copy, limit, enabled] = ['copy', 'limit', 'enabled'].map((cell) => cells.get(cell));
  return {
    line,
    address: addressOf(cells),
    // As Dovecot writes a hash: a password does not begin with the name of a scheme.
    ...(password !== undefined &&
      (/^\{[A-Z0-9.-]+\}/.test(password) ? { passwordHash: password } : { password })),
    ...(name !== undefined && { displayName: name }),
    ...(quota !== undefined && { quota: octets(quota, 'The quota') }),
    ...(forward !== undefined && { forwardTo: addresses(forward) }),
    ...(copy !== undefined && { keepCopy: yes(copy, 'copy') }),
    ...(limit !== undefined && { sendLimit: sendLimitIn(limit) }),
    ...(enabled !== undefined && { enabled: yes(enabled, 'enabled') }),
  };
}

function aliasIn({ line, cells }: CsvRow): WantedAlias {
  const [targets, senders, enabled] = ['targets', 'senders', 'enabled'].map((cell) => cells.get(cell));
  return {
    line,
    address: addressOf(cells),
    targets: addresses(targets ?? ''),
    ...(senders !== undefined && { senders: addresses(senders) }),
    ...(enabled !== undefined && { enabled: yes(enabled, 'enabled') }),
  };
}

function addressOf(cells: CsvRow['cells']): string {
  const address = cells.get('address');
  if (address === undefined) throw new CliError('there is no address.', exitCodes.usage);
  return address;
}

/** Separated by commas, semicolons, spaces or line breaks. */
const addresses = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');

const yes = (text: string, what: string): boolean => oneOf(text.toLowerCase(), ['yes', 'no'], what) === 'yes';

async function importAll(
  { client, show }: Context,
  path: string,
  rows: readonly object[],
  { what, many }: { what: string; many: string },
): Promise<void> {
  if (rows.length === 0) throw new CliError(`There is no ${what} in ${path}.`, exitCodes.usage);
  const jobs = await followJobs(
    client,
    rows.length,
    batches(rows).map((batch) => async () => {
      const body = { [many]: batch };
      return ((await client({ method: 'POST', path: `/${many}/bulk`, body })) as { job: string }).job;
    }),
  );
  const failed = (await Promise.all(jobs.map((job) => allFailures(client, job)))).flat();
  const added = jobs.reduce((sum, job) => sum + job.done - job.failedCount, 0);
  const detail = jobs.map((job) => job.detail).find((text) => text !== null) ?? null;
  show({ added, failed, jobs: jobs.map(({ id }) => id) }, () =>
    [
      `${added} ${added === 1 ? `${what} was` : `${many} were`} added, ${failed.length} not.`,
      ...failureLines({ failed, failedCount: failed.length, detail }),
    ].join('\n'),
  );
  if (failed.length > 0 || jobs.some(({ state }) => state === 'failed')) process.exitCode = exitCodes.refused;
}

function batches(rows: readonly object[]): object[][] {
  const all: object[][] = [];
  let size = Infinity;
  for (const row of rows) {
    const octets = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (size + octets > OCTETS || all.at(-1)!.length === MOST) {
      all.push([]);
      size = 0;
    }
    all.at(-1)!.push(row);
    size += octets;
  }
  return all;
}
