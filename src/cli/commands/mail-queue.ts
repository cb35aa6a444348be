import type { Command } from 'commander';
import { shownAddress } from '../addresses.ts';
import { confirm } from '../confirm.ts';
import { contextOf } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { shownOctets } from '../octets.ts';
import { table } from '../table.ts';
import { relative } from '../times.ts';
import { wholeNumber } from '../values.ts';

interface Message {
  id: string;
  queue: string;
  at: string;
  size: number;
  sender: string;
  recipients: { address: string; reason: string | null }[];
  recipientCount: number;
}

interface Queue {
  items: Message[];
  next: string | null;
  counts: Record<string, number>;
}

interface ListOptions {
  domain?: string;
  address?: string;
  reason?: string;
  first: string;
}

/** What can be done to messages, and what it is for. */
const actions = {
  hold: 'keep messages from being tried, until they are released',
  release: 'have messages that were held tried again',
  requeue: 'have messages go through the queue as if they came now',
  retry: 'try messages now; without an id or a domain all that waits',
  delete: 'delete messages; nobody is told',
} as const;

/** `signpost mail queue …` */
export function addMailQueue(mail: Command): void {
  const queue = mail
    .command('queue')
    .description('what Postfix did not hand on yet')
    .addHelpText('after', '\nExample:\n  signpost mail queue list');
  queue
    .command('list')
    .description('show what waits and why, the oldest first')
    .option('--domain <domain>', 'what addresses of a domain are to have')
    .option('--address <part>', 'what has this in its sender or a recipient')
    .option('--reason <part>', 'what waits for a reason that has this in it')
    .option('--first <count>', 'how many, 500 at most', '50')
    .addHelpText('after', '\nExample:\n  signpost mail queue list --domain example.com')
    .action(async ({ domain, address, reason, first }: ListOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const query = new URLSearchParams({
        limit: String(wholeNumber(first, '--first')),
        ...(domain === undefined ? {} : { domain: nameIn(domain, 'domain') }),
        ...(address === undefined ? {} : { address }),
        ...(reason === undefined ? {} : { reason }),
      });
      const found = (await client({ method: 'GET', path: `/mail/queue?${query.toString()}` })) as Queue;
      show(found, () => describe(found));
    });
  for (const [action, description] of Object.entries(actions)) addAction(queue, action, description);
}

function addAction(queue: Command, action: string, description: string): void {
  const command = queue
    .command(action)
    .description(description)
    .argument('[id]', 'a message, as the list has it')
    .option('--domain <domain>', 'those that nobody but addresses of a domain is still to have');
  if (action === 'delete') command.option('--yes', 'do not ask');
  command
    .addHelpText('after', `\nExample:\n  signpost mail queue ${action} --domain example.com`)
    .action(async (id: string | undefined, options: { domain?: string; yes?: boolean }, self: Command) => {
      const { client, show } = contextOf(self);
      const domain = options.domain === undefined ? undefined : nameIn(options.domain, 'domain');
      if ((id === undefined) === (domain === undefined) && (id !== undefined || action !== 'retry'))
        throw new CliError('Give the id of a message, or --domain.', exitCodes.usage);
      if (action === 'delete')
        await confirm(`Delete ${id ?? `all that waits for ${domain!}`}? Nobody is told.`, options.yes);
      const body = { action, ...(id !== undefined && { id }), ...(domain !== undefined && { domain }) };
      const done = (await client({ method: 'POST', path: '/mail/queue', body })) as {
        messages: number | null;
      };
      show(done, () => doneText(done.messages));
    });
}

const doneText = (messages: number | null): string =>
  messages === null ? 'All that waits is tried now.' : `Done for ${counted(messages)}.`;

const counted = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;

function describe({ items, next, counts }: Queue): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (all === 0) return 'Nothing waits.';
  const rows = items.map(({ id, queue, at, size, sender, recipients, recipientCount }) => [
    id,
    queue,
    relative(at),
    shownOctets(size),
    sender === '' ? '–' : shownAddress(sender),
    recipientText(recipients, recipientCount),
    recipients.find(({ reason }) => reason !== null)?.reason ?? '–',
  ]);
  const text = table(['id', 'queue', 'came', 'size', 'from', 'to', 'why it waits'], rows);
  const kinds = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const more = next === null ? '' : `; these are the first ${items.length}`;
  return `${text}\n\n${counted(all)} (${kinds.join(', ')})${more}.`;
}

function recipientText(recipients: Message['recipients'], count: number): string {
  const [first] = recipients;
  if (!first) return '–';
  return count === 1 ? shownAddress(first.address) : `${shownAddress(first.address)} and ${count - 1} more`;
}
