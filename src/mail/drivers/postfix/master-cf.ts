import { header } from '../file.ts';
import type { Relay } from '../model.ts';
import { UPSTREAM } from './next-hop.ts';

/** Ports at which people hand in mail: RFC 8314 wants TLS from the first octet (465); 587 is for programs that cannot. */
const submission: [port: string, name: string, tls: string[]][] = [
  ['465', 'submissions', ['smtpd_tls_wrappermode=yes', 'smtpd_tls_security_level=encrypt']],
  ['587', 'submission', ['smtpd_tls_security_level=encrypt']],
];

/** For those who have signed in, and for nobody else. */
const forPeople = [
  'smtpd_sasl_auth_enable=yes',
  'smtpd_helo_restrictions=',
  'smtpd_relay_restrictions=permit_sasl_authenticated,reject',
  'smtpd_sender_restrictions=reject_non_fqdn_sender,reject_sender_login_mismatch',
  'smtpd_recipient_restrictions=$submission_recipient_restrictions',
  'smtpd_data_restrictions=$submission_data_restrictions',
  'smtpd_client_connection_rate_limit=0',
  'milter_macro_daemon_name=ORIGINATING',
  'cleanup_service_name=submission-cleanup',
];

const optionLines = (lines: readonly string[]): string => lines.map((line) => `  -o ${line}\n`).join('');

/**
 * What is sent on for others goes out to ourselves and comes in again, with another sender. It was filtered when it came, and is not signed: it
 * is not ours. Only who has our private key gets in.
 */
const forwarding = `srs       unix  -       -       n       -       -       smtp
${optionLines([
  'syslog_name=postfix/srs',
  'smtp_tls_security_level=encrypt',
  'smtp_tls_policy_maps=',
  // The proxy that reuses connections has one certificate for all, and none here.
  'smtp_tls_connection_reuse=no',
  'smtp_tls_chain_files=$config_directory/signpost/tls.pem',
])}127.0.0.1:10026 inet n -     n       -       -       smtpd
${optionLines([
  'syslog_name=postfix/srs',
  'cleanup_service_name=srs-cleanup',
  'smtpd_tls_security_level=encrypt',
  'smtpd_tls_ask_ccert=yes',
  'smtpd_client_restrictions=permit_tls_clientcerts,reject',
  'smtpd_relay_restrictions=permit_tls_clientcerts,reject',
  'smtpd_helo_restrictions=',
  'smtpd_sender_restrictions=',
  'smtpd_recipient_restrictions=',
  'smtpd_data_restrictions=',
  'smtpd_end_of_data_restrictions=',
  'smtpd_client_connection_rate_limit=0',
  'smtpd_client_connection_count_limit=0',
  'smtpd_milters=',
])}srs-cleanup unix n    -       n       -       0       cleanup
${optionLines([
  'syslog_name=postfix/srs',
  'sender_canonical_maps=$srs_sender_maps',
  'sender_canonical_classes=envelope_sender',
  'virtual_alias_maps=',
])}`;

/** Postfix's own services, as it comes with them, but nothing in a chroot: look-ups then work without copies of /etc. */
const own = `pickup    unix  n       -       n       60      1       pickup
  -o cleanup_service_name=local-cleanup
local-cleanup unix n  -       n       -       0       cleanup
  -o virtual_alias_maps=$sendmail_alias_maps
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
proxywrite unix -       -       n       -       1       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
  -o syslog_name=postfix/$service_name
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
tlsproxy  unix  -       -       n       -       0       tlsproxy
postlog   unix-dgram n  -       n       -       1       postlogd
`;

/** To the relay, over TLS that shows its name (RFC 8314 §3.3 for port 465), with our password if it wants one. */
const upstream = ({ port, credentials }: Relay): string =>
  `${UPSTREAM}  unix  -       -       n       -       -       smtp\n${optionLines([
    'syslog_name=postfix/upstream',
    'smtp_tls_security_level=secure',
    'smtp_tls_secure_cert_match=nexthop',
    'smtp_tls_mandatory_protocols=>=TLSv1.2',
    'smtp_tls_policy_maps=',
    ...(port === 465 ? ['smtp_tls_wrappermode=yes'] : []),
    ...(credentials
      ? [
          'smtp_sasl_auth_enable=yes',
          'smtp_sasl_password_maps=texthash:$config_directory/signpost/relay-password',
          'smtp_sasl_security_options=noanonymous',
        ]
      : []),
  ])}`;

/** Postfix's services; master(5). */
export function masterCf(relay: Relay | undefined, additions: string): string {
  const ports = submission.map(
    ([port, name, tls]) =>
      `${port.padEnd(9)} inet  n       -       n       -       -       smtpd\n` +
      optionLines([`syslog_name=postfix/${name}`, ...tls, ...forPeople]),
  );
  const cleanup =
    'submission-cleanup unix n -    n       -       0       cleanup\n' +
    optionLines([
      'syslog_name=postfix/submission',
      'header_checks=pcre:$config_directory/signpost/privacy.pcre',
      'mime_header_checks=',
      'nested_header_checks=',
    ]);
  return [
    header('services in /etc/signpost/postfix-master.cf'),
    '25        inet  n       -       n       -       -       smtpd\n',
    ...ports,
    cleanup,
    forwarding,
    relay ? upstream(relay) : '',
    own,
    additions,
  ].join('');
}

/** Headers that tell where a person is and what they write with go before the message leaves. */
export const privacyChecks = `${header('none; it is part of what Signpost promises')}
# The first hop: with whom and over what, but not from where.
/^Received: from .*\\sby (\\S+) \\(Postfix\\) with (E?SMTPS?A) id (\\S+)(.*)$/
  REPLACE Received: from localhost (localhost [127.0.0.1]) by $1 (Postfix) with $2 id $3$4
/^(User-Agent|X-Mailer|X-Originating-IP|X-Sender|X-Enigmail|X-Pgp-Agent|X-MimeOLE|X-MSMail-Priority|Mailer):/
  IGNORE
`;

/** Addresses that mail was sent on with, as far as they can be told without the box. */
export const srsAddresses = (
  hostname: string,
): string => `${header('none; it is part of what Signpost promises')}
/^(SRS[01][=+-].*@${hostname.replaceAll('.', '\\.')})$/ $1
`;

/** What sendmail(1) is given as the address of a user of the machine, as that user. */
export const localUsers = (
  hostname: string,
): string => `${header('none; it is part of what Signpost promises')}
/^([a-z_][a-z0-9_-]*)@(localhost|${hostname.replaceAll('.', '\\.')})$/ $1
`;
