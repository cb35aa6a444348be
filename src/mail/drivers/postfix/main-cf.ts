import { X509Certificate } from 'node:crypto';
import { dirname } from 'node:path';
import { POLICY_SOCKET, SRS_SOCKET } from '../../question-sockets.ts';
import type { RenderTarget } from '../driver.ts';
import { header } from '../file.ts';
import type { MailModel, Relay } from '../model.ts';
import { nextHopText, UPSTREAM } from './next-hop.ts';
import { isAtLeast } from '../version.ts';
import { MTA_STS } from '../mta-sts/dane-first.ts';

/** Where Rspamd takes mail from Postfix (milter). */
export const MILTER = { host: '127.0.0.1', port: 11332 };

/** Where there is no journal, Postfix keeps its log itself (postlogd(8)). */
export const LOG_FILE = '/var/log/postfix.log';

/** Sockets of Dovecot's, relative to Postfix's queue. */
export const sockets = { auth: 'private/auth', lmtp: 'private/dovecot-lmtp', quota: 'private/quota-status' };

const map = (name: string): string => `proxy:sqlite:$config_directory/signpost/${name}.cf`;

/** Postfix's parameters, by subject. postconf(5) explains each one. */
export function mainCf(
  model: MailModel,
  { systemd, version }: Pick<RenderTarget, 'systemd' | 'version'>,
  additions: string,
): string {
  const { hostname, settings, certificate, directory } = model;
  const asked = (socket: string): string => `${dirname(directory)}/${socket}`;
  const parts: [string, string[]][] = [
    [
      'Who we are',
      [
        'compatibility_level = 3.6',
        `myhostname = ${hostname}`,
        'myorigin = $myhostname',
        // Users of the machine have no mailbox: what programs write to them goes to root, and so to the administrator.
        'mydestination =',
        'mynetworks = 127.0.0.0/8 [::1]/128',
        'inet_interfaces = all',
        'inet_protocols = all',
        'smtpd_banner = $myhostname ESMTP',
        'biff = no',
        'append_dot_mydomain = no',
        'alias_maps =',
        'alias_database =',
        'recipient_delimiter = +',
        // Dovecot's LMTP does not speak SMTPUTF8 (RFC 6531), so we must not promise it.
        'smtputf8_enable = no',
        `message_size_limit = ${settings.messageSizeLimit}`,
        'mailbox_size_limit = 0',
        // What could not start is tried again soon, not after a minute: a reload does not forget it, and a roll-back would serve that much later.
        'service_throttle_time = 5s',
        // As much as MIAB: a person hears soon that a message waits, and again when it is given up.
        'delay_warning_time = 3h',
        'maximal_queue_lifetime = 2d',
        'bounce_queue_lifetime = 1d',
        // Without systemd there is no journal; and Node's pipes are sockets, which /dev/stdout cannot be opened through.
        ...(systemd ? [] : [`maillog_file = ${LOG_FILE}`]),
      ],
    ],
    [
      'What we take mail for: the directory, read for each message',
      [
        `virtual_mailbox_domains = ${map('domains')}`,
        `virtual_mailbox_maps = ${map('mailboxes')}`,
        `virtual_alias_maps = ${map('routes')}`,
        `virtual_transport = lmtp:unix:${sockets.lmtp}`,
        // A domain may have another host for addresses that are not here.
        `transport_maps = ${map('transports')}`,
        'lmtp_destination_recipient_limit = 1',
        `smtpd_sender_login_maps = ${map('senders')}`,
        // Nobody is local: mail for an address literal of the machine is refused, not taken and bounced.
        'local_recipient_maps =',
        'local_transport = error:5.1.1 nobody has a mailbox at this address',
        `sendmail_alias_maps = ${map('routes')},`,
        '  pipemap:{pcre:$config_directory/signpost/local-users.pcre, unix:passwd.byname,',
        '  static:root@$myhostname}',
        'proxy_read_maps = $virtual_mailbox_domains $virtual_mailbox_maps $virtual_alias_maps',
        '  $smtpd_sender_login_maps $sender_dependent_default_transport_maps $transport_maps $elsewhere_maps',
      ],
    ],
    [
      'Mail that is sent on for others leaves as ours, so that its SPF holds (SRS): it goes through port 10026 of this machine, where the box',
      [
        `sender_dependent_default_transport_maps = ${map('forwards')}`,
        `srs_sender_maps = socketmap:unix:${asked(SRS_SOCKET)}:forward`,
        // Only what looks like an address of this kind is asked of the box: other mail does not wait for it.
        'recipient_canonical_maps = pipemap:{pcre:$config_directory/signpost/srs.pcre,',
        `  socketmap:unix:${asked(SRS_SOCKET)}:back}`,
        'recipient_canonical_classes = envelope_recipient',
        // Nobody else on this machine may send through that port.
        `relay_clientcerts = inline:{ ${fingerprint(certificate.chain)}=srs }`,
        'smtpd_tls_fingerprint_digest = sha256',
      ],
    ],
    [
      'Mail from the world: port 25',
      [
        'smtpd_helo_required = yes',
        'disable_vrfy_command = yes',
        'strict_rfc821_envelopes = yes',
        // SMTP smuggling: only <CR><LF>.<CR><LF> ends a message.
        'smtpd_forbid_bare_newline = normalize',
        'smtpd_forbid_bare_newline_exclusions =',
        'smtpd_forbid_unauth_pipelining = yes',
        'smtpd_data_restrictions = reject_unauth_pipelining',
        'smtpd_helo_restrictions = reject_invalid_helo_hostname',
        // Loopback is no exception: whoever sends from this machine signs in, or uses sendmail(1).
        'smtpd_relay_restrictions = reject_unauth_destination',
        'smtpd_sender_restrictions = reject_non_fqdn_sender, reject_unlisted_sender',
        'smtpd_recipient_restrictions = reject_non_fqdn_recipient, reject_unlisted_recipient,',
        // Of what goes on to the other host of a domain that host is asked, while the sender is there; what it cannot say waits there.
        '  check_recipient_access $elsewhere_maps,',
        `  check_policy_service { unix:${sockets.quota}, timeout=5s, default_action=DUNNO }`,
        `elsewhere_maps = ${map('elsewhere')}`,
        'unverified_recipient_reject_code = 550',
        // RFC 5321 §4.2.1: who was not asked yet may be tried again; what was taken would be bounced to whoever is named as its sender.
        'unverified_recipient_defer_code = 450',
        // What did not say how large it is shows it here. Dovecot 2.3, which is beside older ones, does not look at it then.
        ...(isAtLeast(version, [3, 9])
          ? [
              'smtpd_end_of_data_restrictions =',
              `  check_policy_service { unix:${sockets.quota}, timeout=5s, default_action=DUNNO }`,
            ]
          : []),
        // A minute, of one address: with TLS, Postfix and others make a connection for each message, and a large sender has many for us.
        'smtpd_client_connection_rate_limit = 1200',
        'smtpd_client_connection_count_limit = 50',
        'smtpd_error_sleep_time = 1s',
        'smtpd_hard_error_limit = 10',
      ],
    ],
    [
      'Mail from persons. What they send is counted by the box: while it is away nothing is counted, and nothing refused',
      [
        'submission_recipient_restrictions = reject_non_fqdn_recipient, reject_unlisted_recipient,',
        `  check_policy_service { unix:${sockets.quota}, timeout=5s, default_action=DUNNO }`,
        'submission_data_restrictions = reject_unauth_pipelining,',
        `  check_policy_service { unix:${asked(POLICY_SOCKET)}, timeout=5s, default_action=DUNNO }`,
      ],
    ],
    [
      'Passwords: asked of Dovecot, and only under TLS',
      [
        'smtpd_sasl_type = dovecot',
        `smtpd_sasl_path = ${sockets.auth}`,
        'smtpd_sasl_auth_enable = no',
        'smtpd_sasl_security_options = noanonymous',
        'smtpd_tls_auth_only = yes',
      ],
    ],
    [
      'TLS',
      [
        'smtpd_tls_chain_files = $config_directory/signpost/tls.pem',
        'smtpd_tls_security_level = may',
        'smtpd_tls_mandatory_protocols = >=TLSv1.2',
        'smtpd_tls_mandatory_ciphers = high',
        'smtpd_tls_loglevel = 1',
        'smtpd_tls_received_header = yes',
        'tls_preempt_cipherlist = no',
        'tls_ssl_options = NO_RENEGOTIATION',
        // RFC 7672; falls back to what `may` does where the receiver has no TLSA records, or the resolver does not validate.
        'smtp_tls_security_level = dane',
        'smtp_dns_support_level = dnssec',
        // What receivers promise by MTA-STS (RFC 8461); the daemon leaves those with DANE to DANE.
        `smtp_tls_policy_maps = socketmap:inet:${MTA_STS.host}:${MTA_STS.port}:postfix`,
        'smtp_tls_loglevel = 1',
        'smtp_tls_note_starttls_offer = yes',
        'smtp_tls_connection_reuse = yes',
        'smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt',
      ],
    ],
    ...(settings.relay ? [upstream(settings.relay)] : []),
    [
      'Rspamd: filters what comes, signs what goes. Without it mail waits at the sender rather than going unsigned or unseen',
      [
        `smtpd_milters = inet:${MILTER.host}:${MILTER.port}`,
        'non_smtpd_milters = $smtpd_milters',
        'milter_default_action = tempfail',
        'milter_protocol = 6',
        'milter_mail_macros = i {mail_addr} {client_addr} {client_name} {auth_authen} {auth_type}',
        // Bounces are ours too, and want our signature.
        'internal_mail_filter_classes = bounce',
      ],
    ],
  ];
  const text = parts
    .map(([title, lines]) => [`# ${title}`, ...without(lines, additions), ''].join('\n'))
    .join('\n');
  return `${header('/etc/signpost/postfix-main.cf, whose lines win over these')}\n${text}${additions}`;
}

/** A service of its own in master.cf has the password, so that it goes nowhere else. */
const upstream = (relay: Relay): [string, string[]] => [
  'All mail for elsewhere goes there',
  [`default_transport = ${UPSTREAM}:${nextHopText(relay)}`],
];

/** Of the first certificate of a chain, as Postfix writes it. */
const fingerprint = (chain: string): string => new X509Certificate(chain).fingerprint256;

/** Leaves out what a person sets: Postfix would take the later one, and warn of it at every start. */
function without(lines: readonly string[], additions: string): string[] {
  const theirs = new Set([...additions.matchAll(/^(\w+)\s*=/gm)].map(([, name]) => name));
  let left = false;
  return lines.filter((line) => {
    // A line that begins with a space goes on with the one before.
    if (!line.startsWith(' ')) left = theirs.has(line.split(' ')[0]);
    return !left;
  });
}
