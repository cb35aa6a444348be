import type { Command } from 'commander';
import { allItems, contextOf, segment } from '../context.ts';
import { confirm } from '../confirm.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { shown, shownWithALabels } from '../names.ts';
import { fields, table } from '../table.ts';
import { withRelative } from '../times.ts';
import { oneOf, ttlOrDefault } from '../values.ts';
import { addFromFile } from './domain-file.ts';
import { addDomainWeb } from './domain-web.ts';
import { addDomainMail } from './domain-mail.ts';

interface Domain {
  name: string;
  dns: string;
  mail: boolean;
  web: boolean;
  ttl: number | null;
  zone: string | null;
  serial: number | null;
  parent: string | null;
  createdAt: string;
}

interface DerivedRecord {
  owner: string;
  type: string;
  ttl: number;
  value: string;
  source: string;
  level: string;
  why: string;
  rfc: string | null;
}

interface ListOptions {
  search?: string;
  dns?: string;
  mail?: string;
  parent?: string;
  sort: string;
}

interface AddOptions {
  file?: string;
  external?: boolean;
  mail: boolean;
  web: boolean;
}

function describe(domain: Domain): string {
  return fields([
    ['domain', shownWithALabels(domain.name)],
    ['dns', domain.dns],
    ['mail', domain.mail ? 'yes' : 'no'],
    ['web', domain.web ? 'yes' : 'no'],
    ['ttl', domain.ttl ?? 'default'],
    ['zone', domain.zone === null ? '–' : shown(domain.zone)],
    ['serial', domain.serial ?? '–'],
    ['parent', domain.parent ?? '–'],
    ['added', withRelative(domain.createdAt)],
  ]);
}

/** `signpost domain add|list|show|set|remove|mail|web` */
export function addDomain(program: Command): void {
  const domain = program.command('domain').description('the domains of the box');
  addAdd(domain);
  addList(domain);
  addShow(domain);
  addSet(domain);
  addRemove(domain);
  addDomainMail(domain);
  addDomainWeb(domain);
}

function addAdd(domain: Command): void {
  domain
    .command('add [name]')
    .description('add a domain, or many of a file: their zones are signed and served when this returns')
    .option(
      '--file <file>',
      'one name on each line, or CSV with a first line such as name,dns,mail,web,ttl; - is standard input',
    )
    .option('--external', 'its DNS stays elsewhere; show what to publish there')
    .option('--no-mail', 'it takes no part in mail')
    .option('--no-web', 'it has no web site here')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost domain add example.com && signpost registrar example.com\n' +
        '  signpost domain add example.org --external\n  signpost domain add --file domains.txt',
    )
    .action(async (name: string | undefined, options: AddOptions, command: Command) => {
      const context = contextOf(command);
      const { client, show } = context;
      const dns = options.external ? ('external' as const) : ('local' as const);
      const settings = { dns, mail: options.mail, web: options.web };
      if (options.file !== undefined && name === undefined) {
        await addFromFile(context, options.file, settings);
        return;
      }
      if (name === undefined || options.file !== undefined)
        throw new CliError(
          'Give either a domain or --file: signpost domain add example.com, or signpost domain add --file domains.txt.',
          exitCodes.usage,
        );
      const body = { name: nameIn(name, 'domain'), ...settings };
      const added = (await client({ method: 'POST', path: '/domains', body })) as Domain;
      const next = added.dns === 'local' ? 'registrar' : 'domain show';
      show(added, () => `${describe(added)}\n\nNext: signpost ${next} ${added.name}`);
    });
}

function addList(domain: Command): void {
  domain
    .command('list')
    .alias('ls')
    .description('list the domains')
    .option('--search <text>', 'those whose name contains this')
    .option('--dns <where>', 'those with their DNS here, or elsewhere: local or external')
    .option('--mail <yes|no>', 'those that take part in mail, or do not')
    .option(
      '--parent <states>',
      'those whose parent was last found so: unknown, not-delegated, glue-wrong, insecure, secure, bogus; several with commas between',
    )
    .option('--sort <order>', 'name, newest or oldest', 'name')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost domain list --sort newest\n  signpost domain list --parent glue-wrong,bogus',
    )
    .action(async (options: ListOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const items = await allItems<Domain>(client, `/domains?${listQuery(options)}`);
      show(items, () =>
        table(
          ['domain', 'dns', 'mail', 'web', 'zone', 'serial', 'parent'],
          items.map((item) => [
            shown(item.name),
            item.dns,
            item.mail ? 'yes' : 'no',
            item.web ? 'yes' : 'no',
            item.zone === null ? '–' : shown(item.zone),
            item.serial ?? '–',
            item.parent ?? '–',
          ]),
        ),
      );
    });
}

const orders = new Map([
  ['name', 'name'],
  ['newest', '-createdAt'],
  ['oldest', 'createdAt'],
]);

/** What the list is asked for. @throws CliError usage */
function listQuery({ search, dns, mail, parent, sort }: ListOptions): string {
  return new URLSearchParams({
    sort: orders.get(oneOf(sort, [...orders.keys()], 'The order'))!,
    ...(search !== undefined && { search }),
    ...(dns !== undefined && { dns: oneOf(dns, ['local', 'external'], 'The DNS') }),
    ...(mail !== undefined && { mail: String(oneOf(mail, ['yes', 'no'], 'Mail') === 'yes') }),
    ...(parent !== undefined && { parent }),
  }).toString();
}

function addShow(domain: Command): void {
  domain
    .command('show <name>')
    .description('show a domain and every record it has, with the reason for each')
    .option('--why', 'print the whole records, each with its reason below it')
    .addHelpText('after', '\nExample:\n  signpost domain show example.com --why')
    .action(async (name: string, options: { why?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/domains/${segment(nameIn(name, 'domain'))}`;
      const found = (await client({ method: 'GET', path })) as Domain;
      const records = await allItems<DerivedRecord>(client, `${path}/records`);
      show(
        { ...found, records },
        () => `${describe(found)}\n\n${options.why ? reasons(records) : recordTable(records)}`,
      );
    });
}

function recordTable(records: DerivedRecord[]): string {
  return table(
    ['owner', 'ttl', 'type', 'source', 'value'],
    records.map((record) => [shown(record.owner), record.ttl, record.type, record.source, record.value]),
  );
}

function reasons(records: DerivedRecord[]): string {
  return records
    .map((record) => {
      const { owner, ttl, type, value, why, level, rfc } = record;
      const notes = record.source === 'derived' ? ` (${[level, rfc ?? []].flat().join(', ')})` : '';
      return `${owner} ${ttl} ${type} ${value}\n    ${why}${notes}`;
    })
    .join('\n');
}

interface SetOptions {
  dns?: string;
  mail?: string;
  web?: string;
  ttl?: string;
}

function addSet(domain: Command): void {
  domain
    .command('set <name>')
    .description('change what a domain takes part in; what is not given stays')
    .option('--dns <local|external>', 'served by the box, or elsewhere')
    .option('--mail <yes|no>', 'whether it takes part in mail')
    .option('--web <yes|no>', 'whether it has a web site here')
    .option('--ttl <seconds>', 'time to live of its records, or default')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost domain set example.com --mail no\n  signpost domain set example.com --dns external',
    )
    .action(async (name: string, options: SetOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/domains/${segment(nameIn(name, 'domain'))}`;
      if (Object.keys(options).length === 0)
        throw new CliError('Say what to change: --dns, --mail, --web or --ttl.', exitCodes.usage);
      const changed = (await client({ method: 'PATCH', path, body: changes(options) })) as Domain;
      show(changed, () => describe(changed));
    });
}

function changes({ dns, mail, web, ttl }: SetOptions): Record<string, unknown> {
  const isYes = (text: string, what: string): boolean => oneOf(text, ['yes', 'no'], what) === 'yes';
  return {
    ...(dns === undefined ? {} : { dns: oneOf(dns, ['local', 'external'], '--dns') }),
    ...(mail === undefined ? {} : { mail: isYes(mail, '--mail') }),
    ...(web === undefined ? {} : { web: isYes(web, '--web') }),
    ...(ttl === undefined ? {} : { ttl: ttlOrDefault(ttl) }),
  };
}

function addRemove(domain: Command): void {
  domain
    .command('remove <name>')
    .aliases(['rm', 'delete'])
    .description('remove a domain with its own records')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  signpost domain remove example.com --yes')
    .action(async (name: string, options: { yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/domains/${segment(nameIn(name, 'domain'))}`;
      await confirm(`Remove ${name} with all records written for it? Mail to it stops.`, options.yes);
      const answer = await client({ method: 'DELETE', path });
      show(answer, () => `${name} is removed.`);
    });
}
