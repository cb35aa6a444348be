import type { Command } from 'commander';
import { CliError } from '../client.ts';
import { confirm } from '../confirm.ts';
import { contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { fields, table } from '../table.ts';
import { relative, withRelative } from '../times.ts';

interface NextStep {
  step: string;
  at: string | null;
}

interface DkimKey {
  selector: string;
  algorithm: string;
  state: string;
  since: string;
  next: NextStep | null;
}

interface Dkim {
  domain: string;
  keys: DkimKey[];
  rolls: boolean;
  next: (NextStep & { waitsFor: string | null }) | null;
  problem: { reason: string; retryAt: string } | null;
}

interface Schedule {
  every: number;
  troubled: { domain: string; reason: string }[];
  troubledCount: number;
}

/** What a step does, as a person reads it. */
const stepWords: Readonly<Record<string, string>> = {
  publish: 'new keys come into the DNS',
  see: 'every nameserver has the new keys',
  sign: 'the new keys sign',
  retire: 'the old keys sign no more',
  revoke: 'the old keys are revoked',
  remove: 'the revoked keys go',
};

/** `signpost dkim show|rotate|schedule` */
export function addDkim(program: Command): void {
  const dkim = program.command('dkim').description('the keys that sign the mail of a domain');
  dkim
    .command('show <domain>')
    .description('show its keys, what comes next and what that waits for')
    .addHelpText('after', '\nExample:\n  signpost dkim show example.com')
    .action(async (domain: string, _options: object, command: Command) => {
      const { client, show } = contextOf(command);
      const view = (await client({ method: 'GET', path: pathOf(domain) })) as Dkim;
      show(view, () => describe(view));
    });
  dkim
    .command('rotate <domain>')
    .description('replace its keys: the new ones sign when the world has seen them')
    .option('--emergency', 'the keys are in wrong hands: revoke them at once')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost dkim rotate example.com\n  signpost dkim rotate example.com --emergency',
    )
    .action(async (domain: string, options: { emergency?: boolean; yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const emergency = options.emergency ?? false;
      const question = `Revoke the DKIM keys of ${domain} now? Mail under way that they signed will not verify.`;
      if (emergency) await confirm(question, options.yes);
      const path = `${pathOf(domain)}/rotate`;
      const view = (await client({ method: 'POST', path, body: { emergency } })) as Dkim;
      show(view, () => describe(view));
    });
  dkim
    .command('schedule')
    .description('show, or set, how often the keys of all domains are replaced')
    .option('--every <days>', 'days, or never')
    .addHelpText('after', '\nExamples:\n  signpost dkim schedule\n  signpost dkim schedule --every 90')
    .action(async (options: { every?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const schedule = (await client(
        options.every === undefined
          ? { method: 'GET', path: '/dkim' }
          : { method: 'PUT', path: '/dkim', body: { every: secondsOf(options.every) } },
      )) as Schedule;
      show(schedule, () => describeSchedule(schedule));
    });
}

const pathOf = (domain: string): string => `/domains/${segment(nameIn(domain, 'domain'))}/dkim`;

const DAY = 86_400;

/** @throws CliError usage */
function secondsOf(days: string): number {
  if (days === 'never') return 0;
  if (/^\d{1,4}$/.test(days) && Number(days) > 0) return Number(days) * DAY;
  throw new CliError('--every takes a number of days, or never.', exitCodes.usage);
}

function describe({ keys, rolls, next, problem }: Dkim): string {
  const rows = keys.map((key) => [
    key.selector,
    key.algorithm,
    key.state,
    relative(key.since),
    key.next ? (stepWords[key.next.step] ?? key.next.step) : '',
    key.next?.at ? relative(key.next.at) : '',
  ]);
  const keyTable = table(['SELECTOR', 'ALGORITHM', 'STATE', 'SINCE', 'NEXT', 'WHEN'], rows);
  const facts: [string, string][] = [
    ['next', next ? (stepWords[next.step] ?? next.step) : rolls ? 'nothing: the schedule is off' : 'nothing'],
    ...(next?.at ? [['when', withRelative(next.at)] as [string, string]] : []),
    ...(next?.waitsFor && !problem ? [['waits for', next.waitsFor] as [string, string]] : []),
    ...(problem
      ? [
          ['problem', problem.reason] as [string, string],
          ['tried again', withRelative(problem.retryAt)] as [string, string],
        ]
      : []),
    ...(rolls ? [] : [['by itself', 'never: its DNS is elsewhere, or it takes no mail'] as [string, string]]),
  ];
  return `${keyTable}\n\n${fields(facts)}`;
}

function describeSchedule({ every, troubled, troubledCount }: Schedule): string {
  const first = every === 0 ? 'never by itself' : `every ${Math.round((every / DAY) * 10) / 10} days`;
  const facts: [string, string | string[]][] = [['replaced', first]];
  if (troubledCount > 0)
    facts.push([
      `in trouble (${troubledCount})`,
      troubled.map(({ domain, reason }) => `${domain}: ${reason}`),
    ]);
  return fields(facts);
}
