import type { Command } from 'commander';
import { addressIn } from '../addresses.ts';
import { contextOf, segment } from '../context.ts';
import { fields, table } from '../table.ts';
import { withRelative } from '../times.ts';

interface AppPassword {
  id: string;
  name: string;
  createdAt: string;
}

/** `signpost mailbox app-password add|list|remove` */
export function addAppPassword(mailbox: Command): void {
  const group = mailbox.command('app-password').description('passwords of single devices');
  group
    .command('add <address> <name>')
    .description('make a password for one device; it is shown this once')
    .addHelpText('after', '\nExample:\n  signpost mailbox app-password add anna@example.com telephone')
    .action(async (address: string, name: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/mailboxes/${segment(addressIn(address, 'a mailbox'))}/app-passwords`;
      const made = (await client({ method: 'POST', path, body: { name } })) as {
        appPassword: AppPassword;
        password: string;
      };
      show(made, () =>
        fields([
          ['password', made.password],
          ['for', made.appPassword.name],
          ['id', made.appPassword.id],
        ]),
      );
    });
  group
    .command('list <address>')
    .alias('ls')
    .description('list them, without what they are')
    .addHelpText('after', '\nExample:\n  signpost mailbox app-password list anna@example.com')
    .action(async (address: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/mailboxes/${segment(addressIn(address, 'a mailbox'))}/app-passwords`;
      const { items } = (await client({ method: 'GET', path })) as { items: AppPassword[] };
      show(items, () =>
        table(
          ['id', 'name', 'made'],
          items.map((item) => [item.id, item.name, withRelative(item.createdAt)]),
        ),
      );
    });
  group
    .command('remove <address> <id>')
    .aliases(['rm', 'delete'])
    .description('take the password from a device')
    .addHelpText('after', '\nExample:\n  signpost mailbox app-password remove anna@example.com 0123456789ab')
    .action(async (address: string, id: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/mailboxes/${segment(addressIn(address, 'a mailbox'))}/app-passwords/${segment(id)}`;
      const answer = await client({ method: 'DELETE', path });
      show(answer, () => `The app password ${id} works no more.`);
    });
}
