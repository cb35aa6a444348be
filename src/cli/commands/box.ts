import { isIP } from 'node:net';
import type { Command } from 'commander';
import { CliError } from '../client.ts';
import { confirm } from '../confirm.ts';
import { contextOf, segment } from '../context.ts';
import { failureLines, followJob, type Job, noteExitCode } from '../job-progress.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { shownWithALabels } from '../names.ts';
import { fields } from '../table.ts';
import { relative, withRelative } from '../times.ts';
import { days, listOrNone, seconds, wholeNumber } from '../values.ts';

interface Box {
  hostname: string | null;
  ipv4: string[];
  ipv6: string[];
  adminEmail: string | null;
  ttl: number;
  secondaries: string[];
  caaIssuer: string | null;
  retention: Retention;
  formerHostnames: FormerHostname[];
  detected: { ipv4: string[]; ipv6: string[] };
}

/** A hostname of before that still answers. */
export interface FormerHostname {
  hostname: string;
  parents: { askedAt: string; zones: number; leading: number; some: string[]; unknown: number } | null;
  /** RFC 3339. */
  until: string | null;
}

/** Seconds, but for the number of versions. */
interface Retention {
  versions: number;
  versionsAtLeast: number;
  audit: number;
  jobs: number;
  removedZones: number | null;
}

interface SetOptions {
  wait: boolean;
  keepVersions?: string;
  keepAtLeast?: string;
  keepAudit?: string;
  keepJobs?: string;
  keepRemoved?: string;
  hostname?: string;
  ipv4?: string[];
  ipv6?: string[];
  adminEmail?: string;
  ttl?: string;
  secondary?: string[];
  caa?: string;
  force?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

function describe(box: Box): string {
  const settings = fields([
    ['hostname', box.hostname === null ? 'not set' : shownWithALabels(box.hostname)],
    ['ipv4', box.ipv4],
    ['ipv6', box.ipv6],
    ['admin', box.adminEmail ?? '–'],
    ['ttl', box.ttl],
    ['secondaries', box.secondaries.map(shownWithALabels)],
    ['CAA', caaText(box)],
    ['history', historyText(box)],
    ['answers still', box.formerHostnames.length > 0 ? box.formerHostnames.map(formerText) : undefined],
  ]);
  if (box.hostname !== null) return settings;
  const found = [...box.detected.ipv4, ...box.detected.ipv6];
  return `${settings}\n\nPublic addresses found on this machine: ${found.join(', ') || 'none'}`;
}

/** What a hostname of before waits for. */
export function formerText({ hostname, parents, until }: FormerHostname): string {
  const name = shownWithALabels(hostname);
  if (until !== null) return `${name}, until ${withRelative(until)}: no parent names it any more`;
  if (!parents) return `${name}: the parents of all zones are being asked`;
  const { zones, leading, some, unknown, askedAt } = parents;
  const names = some.map(shownWithALabels).join(', ') + (leading > some.length ? ', …' : '');
  const waits = [
    ...(leading > 0 ? [`parents of ${leading} of ${zones} zones name it (${names})`] : []),
    ...(unknown > 0 ? [`of ${unknown} of ${zones} zones it is not known`] : []),
  ];
  return `${name}: ${waits.join('; ')}, asked ${relative(askedAt)}`;
}

function caaText({ caaIssuer }: Box): string {
  if (caaIssuer === null) return 'none: any CA may issue';
  return caaIssuer === 'auto' ? 'auto: the CA that the box uses' : caaIssuer;
}

const DAY = 86_400;

function historyText({ retention }: Box): string {
  const { versions, versionsAtLeast, audit, jobs, removedZones } = retention;
  const days = (seconds: number): string => `${Math.round((seconds / DAY) * 100) / 100} days`;
  const removed = removedZones === null ? 'for ever' : days(removedZones);
  return `versions ${days(versions)}, at least ${versionsAtLeast}; audit ${days(audit)}; jobs ${days(jobs)}; what is not served any more ${removed}`;
}

/** `signpost box show|set|retire` */
export function addBox(program: Command): void {
  const box = program.command('box').description('the box itself: host name and public addresses');
  box
    .command('show')
    .description('show the settings of the box')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: '/box' })) as Box;
      show(found, () => describe(found));
    });
  addSet(box);
  addRetire(box);
}

function addRetire(box: Command): void {
  box
    .command('retire <hostname>')
    .description('end a former hostname, which answers until no parent names it any more, at once')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  signpost box retire old.example.com')
    .action(async (given: string, { yes }: { yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const hostname = nameIn(given, 'host');
      const { formerHostnames } = (await client({ method: 'GET', path: '/box' })) as Box;
      const former = formerHostnames.find((one) => one.hostname === hostname);
      if (former?.until === null && !yes) {
        console.error(formerText(former));
        console.error('Domains whose parents still name it are not found any more when it has ended.');
        await confirm(`End ${hostname}?`, false);
      }
      const path = `/box/former-hostnames/${segment(hostname)}`;
      const left = (await client({ method: 'DELETE', path })) as Box;
      show(left, () => `${hostname} answers no more.`);
    });
}

function addSet(box: Command): void {
  box
    .command('set')
    .description('set the host name and the public addresses; what is not given stays')
    .option('--hostname <name>', "the box's own host name, such as box.example.com")
    .option('--ipv4 <address...>', 'public IPv4 addresses, or none')
    .option('--ipv6 <address...>', 'public IPv6 addresses, or none')
    .option('--admin-email <address>', 'where people reach you')
    .option('--ttl <seconds>', 'default time to live')
    .option(
      '--secondary <name...>',
      'secondary nameservers in the place of ns2, when they have the zones; or none',
    )
    .option('--force', 'publish new secondaries at once, whether they have the zones or not')
    .option(
      '--caa <issuer>',
      'the CA that may issue certificates: auto (the one in use), a name such as letsencrypt.org, or none',
    )
    .option('--keep-versions <days>', 'keep versions of zones for so long')
    .option('--keep-at-least <count>', 'keep so many versions of each zone whatever their age')
    .option('--keep-audit <days>', 'keep the audit log for so long')
    .option('--keep-jobs <days>', 'keep jobs that ended for so long')
    .option(
      '--keep-removed <days>',
      'keep keys and versions of what is not served any more: days, or forever',
    )
    .option('--dry-run', 'say what would change, and what is to do at registrars; change nothing')
    .option('--yes', 'do not ask before nameservers get other names or addresses')
    .option('--no-wait', 'return as soon as the box is changed, while its zones are being published')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost box set --hostname box.example.com --ipv4 192.0.2.1\n' +
        '  signpost box set --ipv6 2001:db8::1 2001:db8::2 --dry-run',
    )
    .action(async (options: SetOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const current = (await client({ method: 'GET', path: '/box' })) as Box;
      const body = settings(current, options);
      const preview = (await client({ method: 'POST', path: '/box/preview', body })) as Preview;
      if (options.dryRun) {
        show(preview, () => `${previewText(preview)}\n\nNothing was changed.`);
        return;
      }
      if (preview.delegations && !options.yes) await agree(preview);
      const remarked = preview.delegations || current.hostname === null;
      const saved = (await client({ method: 'PUT', path: '/box', body })) as Box & { job: string | null };
      const { job: id } = saved;
      const job = id !== null && options.wait ? await followJob(client, id) : undefined;
      show(saved, () =>
        [describe(saved), ...publicationLines(id, job), ...(remarked ? noteLines(preview) : [])].join('\n'),
      );
      if (job) noteExitCode(job);
    });
}

interface Preview {
  zones: number;
  delegations: boolean;
  nameservers: string[];
  glue: { name: string; addresses: string[] }[];
  certificates: string[];
  steps: string[];
  remarks: string[];
}

function previewText({
  zones,
  delegations,
  nameservers,
  glue,
  certificates,
  steps,
  remarks,
}: Preview): string {
  return [
    zones === 0 ? 'No zone changes.' : `${zones === 1 ? '1 zone changes' : `${zones} zones change`}.`,
    ...(delegations
      ? [
          fields([
            ['nameservers', nameservers.map(shownWithALabels)],
            ['glue', glue.map(({ name, addresses }) => `${name} ${addresses.join(' ')}`)],
          ]),
        ]
      : []),
    ...certificates,
    ...(steps.length > 0 ? ['To do, in this order:', ...steps.map((step, i) => `  ${i + 1}. ${step}`)] : []),
    ...remarks.map((remark) => `Note: ${remark}`),
  ].join('\n');
}

/** Registrars have to follow other names and addresses of nameservers: nobody should come to that by the way. */
async function agree(preview: Preview): Promise<void> {
  console.error(previewText(preview));
  await confirm('Change the box?', false);
}

function noteLines({ remarks }: Preview): string[] {
  return remarks.length === 0 ? [] : ['', ...remarks.map((remark) => `Note: ${remark}`)];
}

/** What came of the zones that change with the box. */
function publicationLines(id: string | null, job: Job | undefined): string[] {
  if (id === null) return [];
  if (!job) return ['', `The zones are being published: signpost job show ${id} --follow`];
  const { done, failedCount } = job;
  const failed = failedCount > 0 ? `, ${failedCount} not; these are served as before and tried again` : '';
  const published = done - failedCount;
  const what = published === 1 ? '1 zone was' : `${published} zones were`;
  return ['', `${what} published${failed}.`, ...failureLines(job)];
}

/** @throws CliError usage for one of the other family; what is none at all is the box's to refuse */
function addresses(given: string[], family: 4 | 6): string[] {
  const other = given.find((address) => isIP(address) === 10 - family);
  if (other === undefined) return given;
  throw new CliError(
    `--ipv${family} ${other}: this is an IPv${10 - family} address; give it with --ipv${10 - family}.`,
    exitCodes.usage,
  );
}

/** @throws CliError usage when there is nothing to do, or no hostname */
function settings(current: Box, options: SetOptions): Partial<Box> & { unverified: boolean } {
  const { hostname, adminEmail, ttl, caa } = options;
  if (Object.keys(options).every((name) => ['wait', 'yes', 'force', 'dryRun'].includes(name)))
    throw new CliError(
      'Say what to change, such as --ipv4 192.0.2.1; signpost box set --help lists it all.',
      exitCodes.usage,
    );
  if (current.hostname === null && hostname === undefined)
    throw new CliError(
      'The box has no hostname yet: add --hostname, as in --hostname box.example.com.',
      exitCodes.usage,
    );
  return {
    ...current,
    ...(hostname === undefined ? {} : { hostname: nameIn(hostname, 'host') }),
    ipv4: addresses(listOrNone(options.ipv4, current.ipv4), 4),
    ipv6: addresses(listOrNone(options.ipv6, current.ipv6), 6),
    ...(adminEmail === undefined ? {} : { adminEmail }),
    ...(ttl === undefined ? {} : { ttl: seconds(ttl, '--ttl') }),
    secondaries: listOrNone(options.secondary, current.secondaries).map((name) => nameIn(name, 'host')),
    unverified: options.force ?? false,
    retention: retentionOf(current.retention, options),
    ...(caa === undefined ? {} : { caaIssuer: caa === 'none' ? null : caa }),
  };
}

function retentionOf(current: Retention, options: SetOptions): Retention {
  const time = (text: string | undefined, before: number, option: string): number =>
    text === undefined ? before : days(text, option);
  const { keepVersions, keepAtLeast, keepAudit, keepJobs, keepRemoved } = options;
  return {
    versions: time(keepVersions, current.versions, '--keep-versions'),
    versionsAtLeast:
      keepAtLeast === undefined ? current.versionsAtLeast : wholeNumber(keepAtLeast, '--keep-at-least'),
    audit: time(keepAudit, current.audit, '--keep-audit'),
    jobs: time(keepJobs, current.jobs, '--keep-jobs'),
    removedZones: removedOf(keepRemoved, current.removedZones),
  };
}

function removedOf(text: string | undefined, before: number | null): number | null {
  if (text === undefined) return before;
  return text === 'forever' ? null : days(text, '--keep-removed');
}
