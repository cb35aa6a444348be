import type { Command } from 'commander';
import { addressIn, shownAddress } from '../addresses.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { fields, table } from '../table.ts';
import { oneOf } from '../values.ts';
import { importAliases } from './mail-file.ts';

interface Alias {
  address: string;
  targets: string[];
  senders: string[] | null;
  enabled: boolean;
  source: string;
}

interface Settings {
  sender?: string[];
  to?: string[];
  enabled?: string;
}

const pathOf = (address: string): string => `/aliases/${segment(addressIn(address, 'an alias'))}`;

function describe(alias: Alias): string {
  return fields([
    ['alias', shownAddress(alias.address)],
    ['leads to', alias.targets.length === 0 ? '–' : alias.targets.map(shownAddress)],
    ['may send as it', alias.senders?.map(shownAddress) ?? 'whoever its mail comes to'],
    ['enabled', alias.enabled ? 'yes' : 'no'],
    ['source', alias.source],
  ]);
}

/** The word `all` is for whoever its mail comes to. */
function sendersOf(senders: string[]): string[] | null {
  return senders.join() === 'all' ? null : senders.map((one) => addressIn(one, 'a mailbox'));
}

/** `signpost alias add|list|show|set|remove` */
export function addAlias(program: Command): void {
  const alias = program.command('alias').description('aliases: addresses that lead to others');
  addAdd(alias);
  addImport(alias);
  addList(alias);
  addShow(alias);
  addSet(alias);
  addRemove(alias);
}

function addAdd(alias: Command): void {
  alias
    .command('add <address> <target...>')
    .description('add an alias; @example.com is whatever of the domain is nothing else')
    .option('--sender <mailbox...>', 'who may send as it, instead of all that its mail comes to')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost alias add info@example.com anna@example.com otto@example.org\n' +
        '  signpost alias add @example.com anna@example.com\n  signpost alias add @example.net @example.com',
    )
    .action(async (address: string, targets: string[], { sender }: Settings, command: Command) => {
      const { client, show } = contextOf(command);
      const body = {
        address: addressIn(address, 'an alias'),
        targets: targets.map((target) => addressIn(target, 'a target')),
        ...(sender && { senders: sendersOf(sender) }),
      };
      const added = (await client({ method: 'POST', path: '/aliases', body })) as Alias;
      show(added, () => describe(added));
    });
}

function addImport(alias: Command): void {
  alias
    .command('import <file>')
    .description('add the aliases of a CSV file; - is standard input')
    .addHelpText(
      'after',
      '\nThe first line names the columns: address and targets, and of senders and enabled what you have. Lines that are\n' +
        'refused are named; the others are added.\n' +
        '\nExample:\n  signpost alias import aliases.csv',
    )
    .action((file: string, _options: object, command: Command) => importAliases(contextOf(command), file));
}

function addList(alias: Command): void {
  alias
    .command('list')
    .alias('ls')
    .description('list the aliases; with --domain those too that are there by themselves')
    .option('--domain <domain>', 'those of one domain')
    .option('--search <text>', 'those whose address contains this')
    .addHelpText('after', '\nExample:\n  signpost alias list --domain example.com')
    .action(async (options: { domain?: string; search?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const query = new URLSearchParams({
        ...(options.domain === undefined ? {} : { domain: nameIn(options.domain, 'domain') }),
        ...(options.search === undefined ? {} : { search: options.search }),
      }).toString();
      const items = await allItems<Alias>(client, query === '' ? '/aliases' : `/aliases?${query}`);
      show(items, () =>
        table(
          ['alias', 'leads to', 'enabled', 'source'],
          items.map((item) => [
            shownAddress(item.address),
            item.targets.map(shownAddress).join(', '),
            item.enabled ? 'yes' : 'no',
            item.source,
          ]),
        ),
      );
    });
}

function addShow(alias: Command): void {
  alias
    .command('show <address>')
    .description('show an alias')
    .addHelpText('after', '\nExample:\n  signpost alias show info@example.com')
    .action(async (address: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: pathOf(address) })) as Alias;
      show(found, () => describe(found));
    });
}

function addSet(alias: Command): void {
  alias
    .command('set <address>')
    .description('change an alias; what is not given stays')
    .option('--to <target...>', 'where it leads')
    .option('--sender <mailbox...>', 'who may send as it, or all for whoever its mail comes to')
    .option('--enabled <yes|no>', 'whether it takes mail')
    .addHelpText('after', '\nExample:\n  signpost alias set info@example.com --to anna@example.com')
    .action(async (address: string, { to, sender, enabled }: Settings, command: Command) => {
      const { client, show } = contextOf(command);
      const body = {
        ...(to && { targets: to.map((target) => addressIn(target, 'a target')) }),
        ...(sender && { senders: sendersOf(sender) }),
        ...(enabled === undefined ? {} : { enabled: oneOf(enabled, ['yes', 'no'], '--enabled') === 'yes' }),
      };
      if (Object.keys(body).length === 0)
        throw new CliError('Say what to change: --to, --sender or --enabled.', exitCodes.usage);
      const changed = (await client({ method: 'PATCH', path: pathOf(address), body })) as Alias;
      show(changed, () => describe(changed));
    });
}

function addRemove(alias: Command): void {
  alias
    .command('remove <address>')
    .aliases(['rm', 'delete'])
    .description('remove an alias')
    .addHelpText('after', '\nExample:\n  signpost alias remove info@example.com')
    .action(async (address: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const answer = await client({ method: 'DELETE', path: pathOf(address) });
      show(answer, () => `${address} is removed.`);
    });
}
