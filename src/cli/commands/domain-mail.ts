import type { Command } from 'commander';
import { type SendLimit, sendLimitIn, shownLimit } from '../addresses.ts';
import { contextOf, segment } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { fields } from '../table.ts';
import { oneOf } from '../values.ts';
import { hopIn, hopText, scoresIn, scoresText, type SpamScores } from './mail-settings.ts';

interface MailDomain {
  sendLimit: SendLimit | null;
  totalSendLimit: SendLimit | null;
  totalSending: (SendLimit & { sent: number }) | null;
  nextHop: { host: string; port: number } | null;
  spamFilter: boolean;
  scores: SpamScores | null;
}

interface Options {
  limit?: string;
  totalLimit?: string;
  nextHop?: string;
  spam?: string;
  scores?: string;
}

function describe(found: MailDomain): string {
  const { sendLimit, nextHop, spamFilter, scores } = found;
  return fields([
    ['may send', sendLimit ? `${shownLimit(sendLimit)} for each mailbox` : 'as the box says'],
    ['may send together', shownTotal(found)],
    ['addresses that are not here', nextHop ? `go on to ${hopText(nextHop)}` : 'are refused'],
    ['spam', !spamFilter ? 'arrives as all other mail' : scores ? scoresText(scores) : 'as the box says'],
  ]);
}

function shownTotal({ totalSendLimit, totalSending }: MailDomain): string {
  if (!totalSending) return 'no limit';
  return `${shownLimit(totalSending)}${totalSendLimit ? '' : ", the box's limit"}; ${totalSending.sent} sent`;
}

/** `signpost domain mail` */
export function addDomainMail(domain: Command): void {
  domain
    .command('mail <name>')
    .description('show what holds for the mail of a domain, and change what is given')
    .option('--limit <messages/time>', 'what each of its mailboxes may send, such as 500/1d, or none')
    .option('--total-limit <messages/time>', 'what all its mailboxes may send together, or none')
    .option(
      '--next-hop <host:port>',
      'where mail goes for addresses that are not here (25 unless given), or none',
    )
    .option('--spam <yes|no>', 'whether what scores goes into Junk or is refused')
    .option('--scores <junk/refused>', 'scores from which mail goes into Junk and is refused, or default')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost domain mail example.com\n' +
        '  signpost domain mail example.com --next-hop mail.example.net --scores 4/10',
    )
    .action(async (name: string, options: Options, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/domains/${segment(nameIn(name, 'domain'))}/mail`;
      const body = changes(options);
      const method =
        Object.keys(body).length === 0 ? { method: 'GET' as const } : { method: 'PATCH' as const, body };
      const found = (await client({ ...method, path })) as MailDomain;
      show(found, () => describe(found));
    });
}

function changes({ limit, totalLimit, nextHop, spam, scores }: Options): Record<string, unknown> {
  if (nextHop === '') throw new CliError('--next-hop must be a host, or none.', exitCodes.usage);
  return {
    ...(limit === undefined ? {} : { sendLimit: sendLimitIn(limit) }),
    ...(totalLimit === undefined ? {} : { totalSendLimit: sendLimitIn(totalLimit, '--total-limit') }),
    ...(nextHop === undefined ? {} : { nextHop: nextHop === 'none' ? null : hopIn(nextHop, '--next-hop') }),
    ...(spam === undefined ? {} : { spamFilter: oneOf(spam, ['yes', 'no'], '--spam') === 'yes' }),
    ...(scores === undefined ? {} : { scores: scoresIn(scores) }),
  };
}
