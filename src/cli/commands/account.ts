import type { Command } from 'commander';
import { confirm } from '../confirm.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { readPassword } from '../password.ts';
import { fields, table } from '../table.ts';
import { withRelative } from '../times.ts';
import { nameIn } from '../input.ts';
import { oneOf } from '../values.ts';

const roles = ['owner', 'administrator', 'domain-administrator'] as const;

interface Account {
  name: string;
  displayName: string | null;
  role: string;
  domains: string[];
  disabled: boolean;
  hasPassword: boolean;
  secondFactor: boolean;
  passkeys: number;
  createdAt: string;
}

interface Link {
  url: string;
  expiresAt: string;
}

interface Settings {
  role?: string;
  domain?: string[];
  displayName?: string;
}

const pathOf = (name: string): string => `/accounts/${segment(name)}`;

/** `signpost account add|list|show|set|reset|disable|enable|remove` */
export function addAccount(program: Command): void {
  const account = program.command('account').description('people who may sign in, and what they may do');
  addAdd(account);
  addList(account);
  addShow(account);
  addSet(account);
  addReset(account);
  addSwitch(account, 'disable', true);
  addSwitch(account, 'enable', false);
  addRemove(account);
}

function withSettings(command: Command): Command {
  return command
    .option('--role <role>', `what they are: ${roles.join(', ')}`)
    .option('--domain <domain...>', 'a domain that a domain administrator administers')
    .option('--display-name <name>', 'the name of the person, for people');
}

function settingsOf({ role, domain, displayName }: Settings): Record<string, unknown> {
  return {
    role: role === undefined ? undefined : oneOf(role, [...roles], 'The role'),
    domains: domain?.map((one) => nameIn(one, 'domain')),
    displayName,
  };
}

function describe(account: Account): string {
  return fields([
    ['account', account.name],
    ['person', account.displayName ?? '–'],
    ['role', account.role],
    ...(account.domains.length > 0 ? [['domains', account.domains] as [string, string[]]] : []),
    ['sign-in', account.disabled ? 'no, it is disabled' : account.hasPassword ? 'yes' : 'no password yet'],
    ['second factor', account.secondFactor ? 'yes' : 'no'],
    ['passkeys', String(account.passkeys)],
    ['added', withRelative(account.createdAt)],
  ]);
}

function describeLink(link: Link): string {
  return fields([
    ['link', link.url],
    ['works until', withRelative(link.expiresAt)],
  ]);
}

function addAdd(account: Command): void {
  withSettings(account.command('add <name>'))
    .description('add one; without a password there is a link by which the person sets it')
    .option('--password-file <file>', 'holds the password; - is standard input')
    .addHelpText(
      'after',
      '\nExample:\n  signpost account add anna@example.com --role owner\n  signpost account add bert --role domain-administrator --domain example.com',
    )
    .action(async (name: string, options: Settings & { passwordFile?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const { passwordFile: file } = options;
      const password = file === undefined ? undefined : await readPassword(file);
      const body = { name, ...settingsOf({ ...options, role: options.role ?? 'administrator' }), password };
      const answer = (await client({ method: 'POST', path: '/accounts', body })) as {
        account: Account;
        link: Link | null;
      };
      show(answer, () =>
        [describe(answer.account), ...(answer.link ? ['', describeLink(answer.link)] : [])].join('\n'),
      );
    });
}

function addList(account: Command): void {
  account
    .command('list')
    .alias('ls')
    .description('list the accounts')
    .option('--search <text>', 'those whose name, or that of the person, contains this')
    .addHelpText('after', '\nExample:\n  signpost account list --search anna')
    .action(async ({ search }: { search?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const query = search === undefined ? '' : `?${new URLSearchParams({ search }).toString()}`;
      const items = await allItems<Account>(client, `/accounts${query}`);
      show(items, () =>
        table(
          ['name', 'person', 'role', 'domains', 'sign-in'],
          items.map((item) => [
            item.name,
            item.displayName ?? '–',
            item.role,
            item.domains.join(', '),
            item.disabled ? 'disabled' : item.hasPassword ? 'yes' : 'no password yet',
          ]),
        ),
      );
    });
}

function addShow(account: Command): void {
  account
    .command('show <account>')
    .description('show one')
    .addHelpText('after', '\nExample:\n  signpost account show anna@example.com')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: pathOf(name) })) as Account;
      show(found, () => describe(found));
    });
}

function addSet(account: Command): void {
  withSettings(account.command('set <account>'))
    .description('change what one is and may do')
    .addHelpText('after', '\nExample:\n  signpost account set bert --role administrator')
    .action(async (name: string, options: Settings, command: Command) => {
      const { client, show } = contextOf(command);
      const changed = (await client({
        method: 'PATCH',
        path: pathOf(name),
        body: settingsOf(options),
      })) as Account;
      show(changed, () => describe(changed));
    });
}

function addReset(account: Command): void {
  account
    .command('reset <account>')
    .description('make a link by which the person sets a new password, once; sessions end now')
    .option('--remove-second-factor', 'for a lost device: the passkeys go with it')
    .addHelpText('after', '\nExample:\n  signpost account reset anna@example.com')
    .action(async (name: string, options: { removeSecondFactor?: true }, command: Command) => {
      const { client, show } = contextOf(command);
      const body = { secondFactor: options.removeSecondFactor ? 'remove' : 'keep' };
      const answer = (await client({ method: 'POST', path: `${pathOf(name)}/reset`, body })) as {
        link: Link;
      };
      show(answer, () => describeLink(answer.link));
    });
}

function addSwitch(account: Command, word: 'disable' | 'enable', disabled: boolean): void {
  account
    .command(`${word} <account>`)
    .description(disabled ? 'shut one out, and end its sessions' : 'let one in again')
    .addHelpText('after', `\nExample:\n  signpost account ${word} bert`)
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const changed = (await client({ method: 'PATCH', path: pathOf(name), body: { disabled } })) as Account;
      show(changed, () => describe(changed));
    });
}

function addRemove(account: Command): void {
  account
    .command('remove <account>')
    .aliases(['rm', 'delete'])
    .description('remove one, and end its sessions')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  signpost account remove bert')
    .action(async (name: string, options: { yes?: true }, command: Command) => {
      const { client, show } = contextOf(command);
      await confirm(`Remove the account ${name}?`, options.yes);
      const answer = await client({ method: 'DELETE', path: pathOf(name) });
      show(answer, () => `The account ${name} is removed.`);
    });
}
