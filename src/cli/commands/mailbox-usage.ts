import type { Command } from 'commander';
import { addressIn, shownAddress } from '../addresses.ts';
import { contextOf, segment } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { shownOctets } from '../octets.ts';
import { table } from '../table.ts';

interface Usage {
  address: string;
  octets: number | null;
  messages: number | null;
  limit: number | null;
}

interface Usages {
  items: Usage[];
  next: string | null;
  problem: string | null;
}

/** Of one question: the mail servers are asked about each mailbox. */
const PAGE = 500;

/** `signpost mailbox usage` */
export function addUsage(mailbox: Command): void {
  mailbox
    .command('usage [addresses...]')
    .description('show what mailboxes hold: these, or the first 500')
    .option('--domain <domain>', 'those of one domain')
    .option('--search <text>', 'those whose address contains this')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost mailbox usage anna@example.com\n  signpost mailbox usage --domain example.com',
    )
    .action(async (addresses: string[], options: { domain?: string; search?: string }, command: Command) => {
      if (addresses.length > 0 && (options.domain !== undefined || options.search !== undefined))
        throw new CliError('Give addresses, or --domain and --search, not both.', exitCodes.usage);
      const { client, show } = contextOf(command);
      const get = (path: string): Promise<unknown> => client({ method: 'GET', path: `/mailboxes${path}` });
      let found: Usages;
      if (addresses.length === 0) found = (await get(`/usage?${queryOf(options)}`)) as Usages;
      else {
        found = { items: [], next: null, problem: null };
        for (const address of addresses) {
          const path = `/${segment(addressIn(address, 'a mailbox'))}/usage`;
          const { problem, ...usage } = (await get(path)) as Usage & Pick<Usages, 'problem'>;
          found.items.push(usage);
          found.problem ??= problem;
        }
      }
      show(found, () => described(found));
    });
}

function queryOf({ domain, search }: { domain?: string; search?: string }): string {
  return new URLSearchParams({
    limit: String(PAGE),
    ...(domain === undefined ? {} : { domain: nameIn(domain, 'domain') }),
    ...(search === undefined ? {} : { search }),
  }).toString();
}

function described({ items, next, problem }: Usages): string {
  const rows = items.map(({ address, octets, messages, limit }) => [
    shownAddress(address),
    octets === null ? 'not known' : octets === 0 ? 'nothing' : shownOctets(octets),
    messages ?? '–',
    octets === null ? '–' : shownOctets(limit ?? 0),
    octets === null || limit === null ? '–' : `${Math.floor((100 * octets) / limit)} %`,
  ]);
  return [
    table(['mailbox', 'holds', 'messages', 'quota', 'used'], rows),
    ...(next === null ? [] : [`There are more than these ${PAGE}: --domain and --search find others.`]),
    ...(problem === null ? [] : [`Not all is known: ${problem}`]),
  ].join('\n\n');
}
