import type { Command } from 'commander';
import { addressIn, type SendLimit, sendLimitIn, shownAddress, shownLimit } from '../addresses.ts';
import { confirm } from '../confirm.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { octets, shownOctets } from '../octets.ts';
import { readPassword } from '../password.ts';
import { fields, table } from '../table.ts';
import { withRelative } from '../times.ts';
import { oneOf } from '../values.ts';
import { addAppPassword } from './app-password.ts';
import { importMailboxes } from './mail-file.ts';
import { addUsage } from './mailbox-usage.ts';

export interface Mailbox {
  address: string;
  displayName: string;
  hasPassword: boolean;
  quota: number;
  enabled: boolean;
  forwardTo: string[];
  keepCopy: boolean;
  sendLimit: SendLimit | null;
  sending: (SendLimit & { sent: number }) | null;
  state: string;
  createdAt: string;
  retiredAt: string | null;
}

interface Settings {
  name?: string;
  quota?: string;
  forward?: string[];
  copy?: string;
  limit?: string;
  enabled?: string;
}

const pathOf = (address: string): string => `/mailboxes/${segment(addressIn(address, 'a mailbox'))}`;

function describe(mailbox: Mailbox): string {
  const { address, displayName, hasPassword, quota, enabled, forwardTo, keepCopy } = mailbox;
  return fields([
    ['mailbox', shownAddress(address)],
    ['name', displayName === '' ? '–' : displayName],
    ['password', hasPassword ? 'yes' : 'none'],
    ['sign-in', enabled ? 'yes' : 'no'],
    ['quota', shownOctets(quota)],
    ['forwards to', forwardTo.length === 0 ? '–' : forwardTo.map(shownAddress)],
    ['keeps a copy', forwardTo.length === 0 ? '–' : keepCopy ? 'yes' : 'no'],
    ['may send', shownSending(mailbox)],
    ['state', mailbox.retiredAt === null ? mailbox.state : `retired ${withRelative(mailbox.retiredAt)}`],
    ['added', withRelative(mailbox.createdAt)],
  ]);
}

function shownSending({ sendLimit, sending }: Mailbox): string {
  if (!sending) return sendLimit ? shownLimit(sendLimit) : 'as much as it likes';
  return `${shownLimit(sending)}${sendLimit ? '' : ", the domain's limit"}; ${sending.sent} sent`;
}

/** `signpost mailbox …` */
export function addMailbox(program: Command): void {
  const mailbox = program.command('mailbox').description('mailboxes: who gets mail here and may sign in');
  addAdd(mailbox);
  addImport(mailbox);
  addList(mailbox);
  addShow(mailbox);
  addUsage(mailbox);
  addSet(mailbox);
  addPassword(mailbox);
  addRetire(mailbox);
  addRestore(mailbox);
  addSetup(mailbox);
  addAppPassword(mailbox);
}

function withSettings(command: Command): Command {
  return command
    .option('--name <name>', 'of the person, as mail programs show it')
    .option('--quota <size>', 'what it may hold, such as 5G, or none')
    .option('--forward <address...>', 'where its mail is sent on to, or none')
    .option('--copy <yes|no>', 'whether mail that is sent on stays here, too')
    .option('--limit <messages/time>', "what may be sent, such as 500/1d, or none for the domain's");
}

function settingsOf({ name, quota, forward, copy, limit, enabled }: Settings): Record<string, unknown> {
  const isYes = (text: string, what: string): boolean => oneOf(text, ['yes', 'no'], what) === 'yes';
  const forwardTo = forward?.join() === 'none' ? [] : forward?.map((one) => addressIn(one, 'a person'));
  return {
    ...(name === undefined ? {} : { displayName: name }),
    ...(quota === undefined ? {} : { quota: octets(quota, '--quota') }),
    ...(forwardTo === undefined ? {} : { forwardTo }),
    ...(copy === undefined ? {} : { keepCopy: isYes(copy, '--copy') }),
    ...(limit === undefined ? {} : { sendLimit: sendLimitIn(limit) }),
    ...(enabled === undefined ? {} : { enabled: isYes(enabled, '--enabled') }),
  };
}

function addAdd(mailbox: Command): void {
  withSettings(mailbox.command('add <address>').description('add a mailbox; it asks for the password'))
    .option('--password-file <file>', 'its password in a file; - is standard input')
    .option('--no-password', 'nobody signs in with a password yet')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost mailbox add anna@example.com --quota 5G\n' +
        '  signpost mailbox add otto@example.com --no-password --forward otto@example.org --copy no',
    )
    .action(
      async (
        address: string,
        options: Settings & { passwordFile?: string; password: boolean },
        command: Command,
      ) => {
        const { client, show } = contextOf(command);
        const body = { address: addressIn(address, 'a mailbox'), ...settingsOf(options) };
        const password = options.password ? { password: await readPassword(options.passwordFile) } : {};
        const added = (await client({
          method: 'POST',
          path: '/mailboxes',
          body: { ...body, ...password },
        })) as Mailbox;
        show(added, () => `${describe(added)}\n\nNext: signpost mailbox setup ${added.address}`);
      },
    );
}

function addImport(mailbox: Command): void {
  mailbox
    .command('import <file>')
    .description('add the mailboxes of a CSV file; - is standard input')
    .addHelpText(
      'after',
      "\nThe first line names the columns: address, and of password (or a hash of Dovecot's), name, quota, forward,\n" +
        'copy, limit and enabled what you have. Lines that are refused are named; the others are added.\n' +
        '\nExample:\n  signpost mailbox import mailboxes.csv',
    )
    .action((file: string, _options: object, command: Command) => importMailboxes(contextOf(command), file));
}

function addList(mailbox: Command): void {
  mailbox
    .command('list')
    .alias('ls')
    .description('list the mailboxes')
    .option('--domain <domain>', 'those of one domain')
    .option('--search <text>', 'those whose address contains this')
    .option('--retired', 'those that were retired')
    .addHelpText('after', '\nExample:\n  signpost mailbox list --domain example.com')
    .action(async (options: { domain?: string; search?: string; retired?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const query = new URLSearchParams({
        state: options.retired ? 'retired' : 'active',
        ...(options.domain === undefined ? {} : { domain: nameIn(options.domain, 'domain') }),
        ...(options.search === undefined ? {} : { search: options.search }),
      });
      const items = await allItems<Mailbox>(client, `/mailboxes?${query.toString()}`);
      show(items, () =>
        table(
          ['mailbox', 'name', 'sign-in', 'quota', 'forwards to'],
          items.map((item) => [
            shownAddress(item.address),
            item.displayName,
            item.enabled ? 'yes' : 'no',
            shownOctets(item.quota),
            item.forwardTo.map(shownAddress).join(', '),
          ]),
        ),
      );
    });
}

function addShow(mailbox: Command): void {
  mailbox
    .command('show <address>')
    .description('show a mailbox')
    .addHelpText('after', '\nExample:\n  signpost mailbox show anna@example.com')
    .action(async (address: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: pathOf(address) })) as Mailbox;
      show(found, () => describe(found));
    });
}

function addSet(mailbox: Command): void {
  withSettings(mailbox.command('set <address>').description('change a mailbox; what is not given stays'))
    .option('--enabled <yes|no>', 'whether its owner may sign in; mail arrives all the same')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost mailbox set anna@example.com --quota 10G\n  signpost mailbox set anna@example.com --forward none',
    )
    .action(async (address: string, options: Settings, command: Command) => {
      const { client, show } = contextOf(command);
      const body = settingsOf(options);
      if (Object.keys(body).length === 0)
        throw new CliError(
          'Say what to change: --name, --quota, --forward, --copy, --limit or --enabled.',
          exitCodes.usage,
        );
      const changed = (await client({ method: 'PATCH', path: pathOf(address), body })) as Mailbox;
      show(changed, () => describe(changed));
    });
}

function addPassword(mailbox: Command): void {
  mailbox
    .command('password <address>')
    .description('give a mailbox another password; it asks for it')
    .option('--password-file <file>', 'the password in a file; - is standard input')
    .addHelpText('after', '\nExample:\n  signpost mailbox password anna@example.com')
    .action(async (address: string, options: { passwordFile?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const path = pathOf(address);
      const body = { password: await readPassword(options.passwordFile) };
      const changed = (await client({ method: 'PATCH', path, body })) as Mailbox;
      show(changed, () => `The password of ${shownAddress(changed.address)} is another now.`);
    });
}

function addRetire(mailbox: Command): void {
  mailbox
    .command('retire <address>')
    .aliases(['remove', 'rm', 'delete'])
    .description('retire a mailbox: no mail, no sign-in; what it holds is kept')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  signpost mailbox retire anna@example.com --yes')
    .action(async (address: string, options: { yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const path = pathOf(address);
      await confirm(
        `Retire ${address}? Mail to it is refused from then on; what it holds is kept.`,
        options.yes,
      );
      const answer = (await client({ method: 'DELETE', path })) as Mailbox;
      show(answer, () => `${address} is retired. signpost mailbox restore ${address} brings it back.`);
    });
}

function addRestore(mailbox: Command): void {
  mailbox
    .command('restore <address>')
    .description('bring a retired mailbox back, with its mail')
    .addHelpText('after', '\nExample:\n  signpost mailbox restore anna@example.com')
    .action(async (address: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/mailboxes/${segment(addressIn(address, 'a mailbox'))}/restore`;
      const restored = (await client({ method: 'POST', path })) as Mailbox;
      show(restored, () => describe(restored));
    });
}

interface Setup {
  userName: string;
  servers: { use: string; protocol: string; host: string; port: number; tls: string }[];
}

function addSetup(mailbox: Command): void {
  mailbox
    .command('setup <address>')
    .description('show what to type into a mail program by hand')
    .addHelpText('after', '\nExample:\n  signpost mailbox setup anna@example.com')
    .action(async (address: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/mailboxes/${segment(addressIn(address, 'a mailbox'))}/setup`;
      const setup = (await client({ method: 'GET', path })) as Setup;
      show(setup, () => {
        const rows = setup.servers.map(({ use, protocol, host, port, tls }) => [
          use,
          protocol.toUpperCase(),
          host,
          port,
          tls === 'implicit' ? 'SSL/TLS' : 'STARTTLS',
        ]);
        return `${fields([['user name', setup.userName]])}\n\n${table(['for', 'protocol', 'server', 'port', 'security'], rows)}`;
      });
    });
}
