import type { MailMachine } from './mail-machine.ts';
import { selfSigned } from './mail-model.ts';

/** Another mail server on the machine: it takes mail for everybody, over TLS, from who signs in. */
export interface RelayHost {
  /** What it logged. */
  log(): string;
}

const root = '/srv/relay';

interface Options {
  /** What its certificate says, which the machine then trusts. */
  hostname: string;
  address: string;
  user: string;
  password: string;
  /** An address that is there. */
  known: string;
  /** Where it hands on all that it takes, as Postfix writes it. */
  next: string;
}

/** Not 587, at which the box's own takes the addresses of all interfaces. */
export const RELAY_PORT = 10587;
/** At which it takes what others send to its own addresses. */
export const MX_PORT = 10025;

/** A Postfix, and a Dovecot that knows its one user; both are instances beside those of the box. */
export function startRelayHost(machine: MailMachine, options: Options): RelayHost {
  const { hostname, address, user, password, known, next } = options;
  const { chain, key } = selfSigned(hostname);
  // Postfix wants an interface to have it.
  machine.run('ip', 'address', 'add', `${address}/8`, 'dev', 'lo');
  machine.run('mkdir', '-p', `${root}/etc`, `${root}/dovecot`);
  machine.run('install', '-d', '-o', 'postfix', `${root}/data`);
  machine.run('install', '-d', `${root}/queue`);
  machine.write(`${root}/tls.pem`, key + chain, '600');
  machine.write('/tmp/relay.crt', chain);
  machine.run('sh', '-c', 'cat /tmp/relay.crt >> /etc/ssl/certs/ca-certificates.crt');
  machine.write(
    `${root}/etc/main.cf`,
    `compatibility_level = 3.6
queue_directory = ${root}/queue
data_directory = ${root}/data
myhostname = ${hostname}
mydestination =
alias_maps =
alias_database =
inet_interfaces = ${address}
inet_protocols = ipv4
maillog_file = /var/log/relay.log
maillog_file_prefixes = /var
multi_instance_name = postfix-relay
multi_instance_enable = yes
smtpd_tls_chain_files = ${root}/tls.pem
smtpd_tls_security_level = encrypt
smtpd_tls_received_header = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_auth_enable = yes
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
relay_domains = ${known.split('@')[1]!}
relay_recipient_maps = inline:{ ${known}=x }
relayhost = ${next}
`,
  );
  const services = machine.read('/usr/share/postfix/master.cf.dist');
  const mx = [
    `${MX_PORT} inet n - n - - smtpd`,
    ...[
      'smtpd_tls_security_level=none',
      'smtpd_sasl_auth_enable=no',
      'smtpd_relay_restrictions=reject_unauth_destination',
    ].map((option) => `  -o ${option}`),
  ];
  machine.write(
    `${root}/etc/master.cf`,
    services
      .replace(/^smtp +inet .*$/m, [`${RELAY_PORT} inet n - n - - smtpd`, ...mx].join('\n'))
      .replace(/^(\S+\s+unix\s+\S+\s+\S+\s+)y/gm, '$1n'),
  );
  const { status, output } = machine.ask('postfix', ['-c', `${root}/etc`, 'start']);
  if (status !== 0) throw new Error(output + machine.read('/var/log/relay.log'));
  // A colon would end the field.
  const encoded = Buffer.from(password).toString('base64');
  machine.write(`${root}/users`, `${user}:{PLAIN.b64}${encoded}\n`);
  machine.write(
    `${root}/dovecot.conf`,
    `base_dir = ${root}/dovecot
protocols =
ssl = no
log_path = /var/log/relay-dovecot.log
auth_mechanisms = plain
passdb {
  driver = passwd-file
  args = ${root}/users
}
service auth {
  unix_listener ${root}/queue/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
`,
  );
  // It keeps the streams that it is started with.
  machine.run('sh', '-c', `dovecot -c ${root}/dovecot.conf >/dev/null 2>&1`);
  return { log: () => machine.ask('cat', ['/var/log/relay.log', '/var/log/relay-dovecot.log']).output };
}
