import { Name } from '../../src/dns/wire/name.ts';
import { appleProfile } from '../../src/mail/discovery/apple.ts';
import { parseMailbox } from '../../src/mail/discovery/mailbox.ts';
import { boxPolicy, mtaStsPolicy } from '../../src/mail/discovery/mta-sts.ts';
import { outlookError, outlookSettings } from '../../src/mail/discovery/outlook.ts';
import { thunderbirdConfig } from '../../src/mail/discovery/thunderbird.ts';

const hostname = Name.parse('Box.example.net');
const domain = Name.parse('example.com');
const bücher = Name.parse('xn--bcher-kva.example');
/** As long as a name can be. */
const long = Name.parse(
  `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(49)}.example.com`,
);
const alice = parseMailbox('alice@example.com')!;
/** With every character that XML gives a meaning and an address may have. */
const strange = parseMailbox("o'neill&sons@bücher.example")!;
/** RFC 6531. */
const international = parseMailbox('用户.δοκιμή@bücher.example')!;
const now = Date.UTC(2026, 0, 1, 12, 34, 56, 789);

const config = 'config-v1.1.rng';
const pox = 'autodiscover-pox.rng';
const plist = 'PropertyList-1.0.dtd';

/** Every document as it is served, by the name of its golden, with the schema that it must fit. */
export const discoveryDocuments: Record<string, { text: string; schema?: string }> = {
  'mta-sts.txt': { text: mtaStsPolicy(boxPolicy(hostname)) },
  'config-v1.1.xml': { text: thunderbirdConfig({ domain, hostname }), schema: config },
  'config-v1.1-international.xml': { text: thunderbirdConfig({ domain: bücher, hostname }), schema: config },
  'config-v1.1-long.xml': { text: thunderbirdConfig({ domain: long, hostname }), schema: config },
  'autodiscover.xml': { text: outlookSettings({ mailbox: alice, hostname }), schema: pox },
  'autodiscover-strange.xml': { text: outlookSettings({ mailbox: strange, hostname }), schema: pox },
  'autodiscover-international.xml': {
    text: outlookSettings({ mailbox: international, hostname }),
    schema: pox,
  },
  'autodiscover-error.xml': { text: outlookError(500, { hostname, now }), schema: pox },
  'alice.mobileconfig': { text: appleProfile({ domain, hostname, mailbox: alice }), schema: plist },
  'strange.mobileconfig': {
    text: appleProfile({ domain: bücher, hostname, mailbox: strange }),
    schema: plist,
  },
  'international.mobileconfig': {
    text: appleProfile({ domain: bücher, hostname, mailbox: international }),
    schema: plist,
  },
  'domain.mobileconfig': { text: appleProfile({ domain, hostname, mailbox: undefined }), schema: plist },
};
