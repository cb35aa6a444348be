import { Name } from '../../src/dns/wire/name.ts';
import { appleProfile } from '../../src/mail/discovery/apple.ts';
import { parseMailbox } from '../../src/mail/discovery/mailbox.ts';
import { boxPolicy, mtaStsPolicy } from '../../src/mail/discovery/mta-sts.ts';
import { outlookError, outlookSettings } from '../../src/mail/discovery/outlook.ts';
import { thunderbirdConfig } from '../../src/mail/discovery/thunderbird.ts';

const hostname = Name.parse('Box.example.net');
const domain = Name.parse('example.com');
const alice = parseMailbox('alice@example.com')!;
/** With every character that XML gives a meaning and an address may have. */
const strange = parseMailbox("o'neill&sons@xn--bcher-kva.example")!;
const now = Date.UTC(2026, 0, 1, 12, 34, 56, 789);

/** Every document as it is served, by the name of its golden, with the schema that it must fit. */
export const discoveryDocuments: Record<string, { text: string; schema?: string }> = {
  'mta-sts.txt': { text: mtaStsPolicy(boxPolicy(hostname)) },
  'config-v1.1.xml': { text: thunderbirdConfig({ domain, hostname }), schema: 'config-v1.1.rng' },
  'autodiscover.xml': {
    text: outlookSettings({ mailbox: alice, hostname }),
    schema: 'autodiscover-pox.rng',
  },
  'autodiscover-strange.xml': {
    text: outlookSettings({ mailbox: strange, hostname }),
    schema: 'autodiscover-pox.rng',
  },
  'autodiscover-error.xml': { text: outlookError(500, { hostname, now }), schema: 'autodiscover-pox.rng' },
  'alice.mobileconfig': {
    text: appleProfile({ domain, hostname, mailbox: alice }),
    schema: 'PropertyList-1.0.dtd',
  },
  'domain.mobileconfig': {
    text: appleProfile({ domain, hostname, mailbox: undefined }),
    schema: 'PropertyList-1.0.dtd',
  },
};
