import type { Command } from 'commander';
import { shownAddress } from '../addresses.ts';
import { contextOf } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { shownOctets } from '../octets.ts';
import { table } from '../table.ts';
import { relative } from '../times.ts';
import { wholeNumber } from '../values.ts';

interface Entry {
  at: string;
  sender: string;
  recipients: string[];
  action: string;
  score: number;
  symbols: { name: string; score: number }[];
  size: number;
}

interface History {
  items: Entry[];
  problem: string | null;
}

interface Options {
  address?: string;
  domain?: string;
  last: string;
  why?: boolean;
}

/** Symbols that are named of each message. */
const NAMED = 6;

/** `signpost mail history` */
export function addMailHistory(mail: Command): void {
  mail
    .command('history')
    .description('show what became of the messages that passed lately, the newest first')
    .option('--address <address>', 'what it sent or was to get')
    .option('--domain <domain>', 'what addresses of a domain sent or were to get')
    .option('--last <count>', 'how many, 500 at most', '50')
    .option('--why', 'name what each scored for')
    .addHelpText('after', '\nExample:\n  signpost mail history --address anna@example.com --why')
    .action(async ({ address, domain, last, why }: Options, command: Command) => {
      const { client, show } = contextOf(command);
      const query = new URLSearchParams({
        limit: String(wholeNumber(last, '--last')),
        ...(address === undefined ? {} : { address }),
        ...(domain === undefined ? {} : { domain: nameIn(domain, 'domain') }),
      });
      const history = (await client({ method: 'GET', path: `/mail/history?${query.toString()}` })) as History;
      if (history.problem !== null) throw new CliError(history.problem, exitCodes.failed);
      show(history.items, () => describe(history.items, why === true));
    });
}

function describe(items: readonly Entry[], why: boolean): string {
  if (items.length === 0) return 'Nothing passed lately.';
  const head = ['when', 'from', 'to', 'action', 'score', 'size'];
  return table(
    why ? [...head, 'why'] : head,
    items.map(({ at, sender, recipients, action, score, symbols, size }) => [
      relative(at),
      sender === '' ? '–' : shownAddress(sender),
      recipients.map(shownAddress).join(', '),
      action,
      score,
      shownOctets(size),
      ...(why ? [symbolsText(symbols)] : []),
    ]),
  );
}

const symbolsText = (symbols: Entry['symbols']): string =>
  symbols
    .filter(({ score }) => score !== 0)
    .slice(0, NAMED)
    .map(({ name, score }) => `${name} ${Math.round(score * 100) / 100}`)
    .join(', ');
