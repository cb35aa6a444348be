import type { Command } from 'commander';
import { allItems, contextOf, segment } from '../context.ts';
import { confirm } from '../confirm.ts';
import { fields, table } from '../table.ts';

interface Domain {
  name: string;
  dns: string;
  mail: boolean;
  web: boolean;
  zone: string | null;
  serial: number | null;
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
}

interface AddOptions {
  external?: boolean;
  mail: boolean;
  web: boolean;
}

function describe(domain: Domain): string {
  return fields([
    ['domain', domain.name],
    ['dns', domain.dns],
    ['mail', domain.mail ? 'yes' : 'no'],
    ['web', domain.web ? 'yes' : 'no'],
    ['zone', domain.zone ?? '–'],
    ['serial', domain.serial ?? '–'],
    ['added', domain.createdAt],
  ]);
}

/** `signpost domain add|list|show|remove` */
export function addDomain(program: Command): void {
  const domain = program.command('domain').description('the domains of the box');
  addAdd(domain);
  addList(domain);
  addShow(domain);
  addRemove(domain);
}

function addAdd(domain: Command): void {
  domain
    .command('add <name>')
    .description('add a domain: its zone is signed and served when this returns')
    .option('--external', 'its DNS stays elsewhere; show what to publish there')
    .option('--no-mail', 'it takes no part in mail')
    .option('--no-web', 'it has no web site here')
    .addHelpText('after', '\nExample:\n  signpost domain add example.com && signpost registrar example.com')
    .action(async (name: string, options: AddOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const body = {
        name,
        dns: options.external ? 'external' : 'local',
        mail: options.mail,
        web: options.web,
      };
      const added = (await client({ method: 'POST', path: '/domains', body })) as Domain;
      show(added, () => `${describe(added)}\n\nNext: signpost registrar ${added.name}`);
    });
}

function addList(domain: Command): void {
  domain
    .command('list')
    .description('list the domains')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const items = await allItems<Domain>(client, '/domains');
      show(items, () =>
        table(
          ['domain', 'dns', 'mail', 'web', 'zone', 'serial'],
          items.map((item) => [
            item.name,
            item.dns,
            item.mail ? 'yes' : 'no',
            item.web ? 'yes' : 'no',
            item.zone ?? '–',
            item.serial ?? '–',
          ]),
        ),
      );
    });
}

function addShow(domain: Command): void {
  domain
    .command('show <name>')
    .description('show a domain and every record it has, with the reason for each')
    .option('--why', 'print the reasons below the records')
    .action(async (name: string, options: { why?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: `/domains/${segment(name)}` })) as Domain;
      const records = await allItems<DerivedRecord>(client, `/domains/${segment(name)}/records`);
      show(
        { ...found, records },
        () => `${describe(found)}\n\n${options.why ? reasons(records) : recordTable(records)}`,
      );
    });
}

function recordTable(records: DerivedRecord[]): string {
  return table(
    ['owner', 'ttl', 'type', 'source', 'level', 'value'],
    records.map((record) => [
      record.owner,
      record.ttl,
      record.type,
      record.source,
      record.level,
      record.value,
    ]),
  );
}

function reasons(records: DerivedRecord[]): string {
  return records
    .map((record) => `${record.owner} ${record.ttl} ${record.type} ${record.value}\n    ${record.why}`)
    .join('\n');
}

function addRemove(domain: Command): void {
  domain
    .command('remove <name>')
    .description('remove a domain with its own records')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: { yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      await confirm(`Remove ${name} with all records written for it? Mail to it stops.`, options.yes);
      const answer = await client({ method: 'DELETE', path: `/domains/${segment(name)}` });
      show(answer === '' ? { removed: name } : answer, () => `${name} is removed.`);
    });
}
