import type { Command } from 'commander';
import { type SendLimit, sendLimitIn, shownLimit } from '../addresses.ts';
import { contextOf } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { octets, shownOctets } from '../octets.ts';
import { readPassword } from '../password.ts';
import { fields } from '../table.ts';
import { oneOf, wholeNumber } from '../values.ts';

export interface SpamScores {
  junk: number;
  reject: number;
}

interface MailSettings {
  relay: { host: string; port: number; user: string | null; hasPassword: boolean } | null;
  greylisting: boolean;
  messageSizeLimit: number;
  scores: SpamScores;
  sendLimit: SendLimit | null;
  totalSendLimit: SendLimit | null;
}

interface SetOptions {
  relay?: string;
  relayUser?: string;
  passwordFile?: string;
  greylisting?: string;
  size?: string;
  scores?: string;
  limit?: string;
  totalLimit?: string;
  dryRun?: boolean;
}

function describe(settings: MailSettings): string {
  const { relay, greylisting, messageSizeLimit, scores, sendLimit, totalSendLimit } = settings;
  return fields([
    ['relay host', relay ? `${hopText(relay)}${relay.user === null ? '' : `, as ${relay.user}`}` : 'none'],
    ['greylisting', greylisting ? 'yes' : 'no'],
    ['largest message', shownOctets(messageSizeLimit)],
    ['spam', scoresText(scores)],
    ['may send', sendLimit ? `${shownLimit(sendLimit)} for each mailbox` : 'no limit'],
    ['a domain may send', totalSendLimit ? `${shownLimit(totalSendLimit)} in all` : 'no limit'],
  ]);
}

export const scoresText = ({ junk, reject }: SpamScores): string =>
  `into Junk from ${junk}, refused from ${reject}`;

/** As {@link hopIn} reads it. */
export const hopText = ({ host, port }: { host: string; port: number }): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** `HOST` or `HOST:PORT`, an IPv6 address in brackets. @throws CliError usage */
export function hopIn(text: string, option: string): { host: string; port?: number } {
  const found = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  if (!found)
    throw new CliError(
      `${option} must be a host such as smtp.example.net:587 or [2001:db8::1]:25, or none; not "${text}".`,
      exitCodes.usage,
    );
  const [, bracketed, plain, port] = found;
  return { host: bracketed ?? plain!, ...(port === undefined ? {} : { port: wholeNumber(port, 'A port') }) };
}

/** `JUNK/REFUSED`, or `default`. @throws CliError usage */
export function scoresIn(text: string): SpamScores | null {
  if (text === 'default') return null;
  const found = /^(\d{1,4}(?:\.\d{1,2})?)\/(\d{1,4}(?:\.\d{1,2})?)$/.exec(text);
  if (!found)
    throw new CliError(
      `--scores must be two scores, into Junk from and refused from, such as 6/15, or default; not "${text}".`,
      exitCodes.usage,
    );
  return { junk: Number(found[1]), reject: Number(found[2]) };
}

/** `signpost mail settings show|set` */
export function addMailSettings(mail: Command): void {
  const settings = mail.command('settings').description('what holds for the mail servers as a whole');
  settings
    .command('show')
    .description('show the settings of the mail servers')
    .addHelpText('after', '\nExample:\n  signpost mail settings show')
    .action(async (_options: object, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: '/mail/settings' })) as MailSettings;
      show(found, () => describe(found));
    });
  settings
    .command('set')
    .description('change settings of the mail servers; what is not given stays')
    .option('--relay <host:port>', 'what takes all mail for elsewhere (587 unless given), or none')
    .option('--relay-user <user>', 'who signs in there; it asks for the password')
    .option('--password-file <file>', 'that password in a file; - is standard input')
    .option('--greylisting <yes|no>', 'whether unknown senders of doubtful mail are asked to try again')
    .option('--size <size>', 'of the largest message, such as 50M, or default')
    .option('--scores <junk/refused>', 'scores from which mail goes into Junk and is refused, or default')
    .option('--limit <messages/time>', 'what each mailbox may send, such as 500/1d, or none')
    .option('--total-limit <messages/time>', 'what all mailboxes of a domain may send together, or none')
    .option('--dry-run', 'say which servers would reload, and change nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost mail settings set --relay smtp.example.net:587 --relay-user box@example.net\n' +
        '  signpost mail settings set --greylisting yes --scores 5/12',
    )
    .action(async (options: SetOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const body = await changes(options);
      if (Object.keys(body).length === 0)
        throw new CliError(
          'Say what to change: --relay, --greylisting, --size, --scores, --limit or --total-limit.',
          exitCodes.usage,
        );
      if (options.dryRun) {
        const preview = await client({ method: 'POST', path: '/mail/settings/preview', body });
        const { reloads } = preview as { reloads: string[] };
        show(preview, () => `Would reload: ${reloads.length > 0 ? reloads.join(', ') : 'nothing'}.`);
        return;
      }
      const changed = (await client({ method: 'PATCH', path: '/mail/settings', body })) as MailSettings;
      show(changed, () => describe(changed));
    });
}

async function changes(options: SetOptions): Promise<Record<string, unknown>> {
  const { greylisting, size, scores, limit, totalLimit } = options;
  const relay = await relayOf(options);
  return {
    ...(relay === undefined ? {} : { relay }),
    ...(greylisting === undefined
      ? {}
      : { greylisting: oneOf(greylisting, ['yes', 'no'], '--greylisting') === 'yes' }),
    ...(size === undefined ? {} : { messageSizeLimit: size === 'default' ? null : octets(size, '--size') }),
    ...(scores === undefined ? {} : { scores: scoresIn(scores) }),
    ...(limit === undefined ? {} : { sendLimit: sendLimitIn(limit) }),
    ...(totalLimit === undefined ? {} : { totalSendLimit: sendLimitIn(totalLimit, '--total-limit') }),
  };
}

async function relayOf({ relay, relayUser, passwordFile }: SetOptions): Promise<object | null | undefined> {
  if (relay === undefined && relayUser === undefined && passwordFile === undefined) return undefined;
  if (relay === undefined || (relayUser === undefined && passwordFile !== undefined))
    throw new CliError(
      'Give the relay host with its user: --relay smtp.example.net:587 --relay-user NAME.',
      exitCodes.usage,
    );
  if (relay === 'none') return null;
  const hop = hopIn(relay, '--relay');
  if (relayUser === undefined) return hop;
  return { ...hop, user: relayUser, password: await readPassword(passwordFile) };
}
