import type { Context } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { readText } from '../files.ts';
import { allFailures, failureLines, type Failure, followJobs, type Job } from '../job-progress.ts';
import { ttlOrDefault } from '../values.ts';

/** A domain as POST /domains/bulk takes it. */
export interface WantedDomain {
  name: string;
  dns: 'local' | 'external';
  mail: boolean;
  web: boolean;
  ttl?: number | null;
}

type Defaults = Omit<WantedDomain, 'name' | 'ttl'>;

/** What one request may have. */
const MOST = 20_000;
const OCTETS = 2_000_000;

/** `signpost domain add --file`: in as few jobs as the API takes, one after the other. */
export async function addFromFile(
  { client, show }: Context,
  path: string,
  defaults: Defaults,
): Promise<void> {
  const domains = readDomains(await readText(path), defaults);
  if (domains.length === 0) throw new CliError(`There is no domain in ${path}.`, exitCodes.usage);
  const jobs = await followJobs(
    client,
    domains.length,
    batches(domains).map((batch) => async () => {
      const body = { domains: batch };
      return ((await client({ method: 'POST', path: '/domains/bulk', body })) as { job: string }).job;
    }),
  );
  const failed = (await Promise.all(jobs.map((job) => allFailures(client, job)))).flat();
  const added = jobs.reduce((sum, job) => sum + job.done - job.failedCount, 0);
  show({ added, failed, jobs: jobs.map(({ id }) => id) }, () => outcome(added, failed, jobs));
  if (failed.length > 0 || jobs.some(({ state }) => state === 'failed')) process.exitCode = exitCodes.refused;
}

function outcome(added: number, failed: Failure[], jobs: Job[]): string {
  const detail = jobs.map((job) => job.detail).find((text) => text !== null) ?? null;
  return [
    `${added} ${added === 1 ? 'domain was' : 'domains were'} added, ${failed.length} not.`,
    ...failureLines({ failed, failedCount: failed.length, detail }),
  ].join('\n');
}

function batches(domains: WantedDomain[]): WantedDomain[][] {
  const all: WantedDomain[][] = [];
  let octets = Infinity;
  for (const domain of domains) {
    const size = Buffer.byteLength(JSON.stringify(domain)) + 1;
    if (octets + size > OCTETS || all.at(-1)!.length === MOST) {
      all.push([]);
      octets = 0;
    }
    all.at(-1)!.push(domain);
    octets += size;
  }
  return all;
}

/** One name on each line, or CSV whose first line names the columns. Empty lines, and what follows a #, are passed over. @throws CliError usage */
export function readDomains(text: string, defaults: Defaults): WantedDomain[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, text: line.replace(/#.*/, '').trim() }))
    .filter((line) => line.text !== '');
  const header = columnsOf(lines[0]?.text ?? '');
  if (!header) return lines.map((line) => ({ ...defaults, name: oneName(line) }));
  return lines.slice(1).map((line) => fromColumns(header, line, defaults));
}

interface Line {
  number: number;
  text: string;
}

const columns = ['name', 'dns', 'mail', 'web', 'ttl'];

/** Of a first line that names columns. */
function columnsOf(line: string): string[] | undefined {
  const names = cells(line).map((cell) => cell.toLowerCase());
  if (!names.includes('name')) return undefined;
  const strange = names.find((name) => !columns.includes(name));
  if (strange !== undefined)
    throw new CliError(
      `Line 1: there is no column "${strange}"; there are ${columns.join(', ')}.`,
      exitCodes.usage,
    );
  return names;
}

function oneName({ number, text }: Line): string {
  if (!/[,;\s]/.test(text)) return text;
  throw new CliError(
    `Line ${number}: one name on each line, not "${text}"; for more, let the first line name the columns: ${columns.join(',')}.`,
    exitCodes.usage,
  );
}

function fromColumns(header: string[], { number, text }: Line, defaults: Defaults): WantedDomain {
  const values = cells(text);
  if (values.length > header.length)
    throw new CliError(`Line ${number} has more columns than the first line: "${text}".`, exitCodes.usage);
  const given = new Map(header.map((name, index) => [name, values[index] ?? '']));
  const value = (name: string): string | undefined => given.get(name) || undefined;
  const domain: WantedDomain = { ...defaults, name: value('name') ?? '' };
  if (domain.name === '') throw new CliError(`Line ${number} has no name.`, exitCodes.usage);
  const [dns, mail, web, ttl] = ['dns', 'mail', 'web', 'ttl'].map(value);
  if (dns !== undefined) domain.dns = word(dns, { local: 'local', external: 'external' }, 'dns', number);
  if (mail !== undefined) domain.mail = word(mail, yesOrNo, 'mail', number);
  if (web !== undefined) domain.web = word(web, yesOrNo, 'web', number);
  if (ttl !== undefined) domain.ttl = ttlOrDefault(ttl);
  return domain;
}

const yesOrNo = { yes: true, no: false, true: true, false: false };

function word<T>(text: string, words: Record<string, T>, what: string, line: number): T {
  const found = Object.entries(words).find(([name]) => name === text.toLowerCase());
  if (found) return found[1];
  throw new CliError(
    `Line ${line}: ${what} must be ${Object.keys(words).slice(0, 2).join(' or ')}, not "${text}".`,
    exitCodes.usage,
  );
}

/** RFC 4180, without line breaks in a cell. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'),
  );
}
