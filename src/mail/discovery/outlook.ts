import type { Name } from '../../dns/wire/name.ts';
import type { Mailbox } from './mailbox.ts';
import { OUTLOOK_RESPONSE } from './outlook-request.ts';
import { bestService, type MailService } from './servers.ts';
import { element, renderXml, type Element } from './xml.ts';

const ENVELOPE = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';

/** The settings of a mailbox in Outlook's plain old XML (MS-OXDSCLI), best protocol first. */
export function outlookSettings({ mailbox, hostname }: { mailbox: Mailbox; hostname: Name }): string {
  const { address } = mailbox;
  const account = [
    element('AccountType', 'email'),
    element('Action', 'settings'),
    ...(['imap', 'pop3', 'smtp'] as const).map((kind) => protocol(bestService(kind), hostname, address)),
  ];
  return envelope(
    [
      element('User', [element('AutoDiscoverSMTPAddress', address), element('DisplayName', address)]),
      element('Account', account),
    ],
    { xmlns: OUTLOOK_RESPONSE },
  );
}

function protocol({ protocol: kind, port, tls }: MailService, hostname: Name, address: string): Element {
  return element('Protocol', [
    element('Type', kind.toUpperCase()),
    element('Server', hostname.canonical().toText()),
    element('Port', port),
    element('DomainRequired', 'off'),
    element('LoginName', address),
    element('SPA', 'off'),
    element('SSL', 'on'),
    element('Encryption', tls === 'implicit' ? 'SSL' : 'TLS'),
    element('AuthRequired', 'on'),
    // UsePOPAuth: one password, the mailbox's, for sending too, with IMAP as well.
    ...(kind === 'smtp' ? [element('UsePOPAuth', 'on'), element('SMTPLast', 'off')] : []),
  ]);
}

/** The error codes of MS-OXDSCLI. */
const messages = {
  500: 'The email address cannot be found.',
  600: 'Invalid request.',
  601: 'The requested response schema is not provided.',
};

export type OutlookErrorCode = keyof typeof messages;

/** Why there are no settings; goes out with HTTP status 200. `now` in milliseconds since the epoch. */
export function outlookError(
  code: OutlookErrorCode,
  { hostname, now }: { hostname: Name; now: number },
): string {
  const attributes = { Time: `${new Date(now).toISOString().slice(11, 23)}0000`, Id: serverId(hostname) };
  const error = [element('ErrorCode', code), element('Message', messages[code]), element('DebugData')];
  return envelope([element('Error', error, attributes)], {});
}

/** The number that stands for a server in errors (MS-OXDSCLI: a hash of its name); this one is FNV-1a. */
function serverId(hostname: Name): string {
  let hash = 0x811c9dc5;
  for (const octet of Buffer.from(hostname.key)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return String(hash);
}

/** An answer of no schema in particular (an error) stays in the envelope's namespace. */
function envelope(content: Element[], attributes: Record<string, string>): string {
  return renderXml(element('Autodiscover', [element('Response', content, attributes)], { xmlns: ENVELOPE }));
}
