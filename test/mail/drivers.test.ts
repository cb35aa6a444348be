import { describe } from 'vitest';
import { driverOf } from '../../src/mail/drivers/registry.ts';
import { describeDriver } from '../kit/driver-contract.ts';
import { missing } from '../kit/requires.ts';

const commands = [
  'unshare',
  'nsenter',
  'unbound',
  'postfix',
  'dovecot',
  'rspamd',
  'redis-server',
  'openssl',
  'nginx',
  'php-fpm8.2',
];
const reason = missing({ root: true, commands });

describe.skipIf(reason)(`the contract of drivers ${reason ?? ''}`, () => {
  describeDriver({
    driver: driverOf('redis'),
    spoil: {
      path: '/etc/redis/redis-signpost.conf',
      text: '\nmaxmemory lots\n',
      complaint: /maxmemory lots/,
    },
  });
  describeDriver({
    driver: driverOf('rspamd'),
    spoil: {
      path: '/etc/rspamd/local.d/options.inc',
      text: '\ndns { timeout = ;\n',
      complaint: /options\.inc|error/i,
    },
  });
  // Debian 13 has other versions of these.
  for (const base of [undefined, 'trixie-mail'] as const) {
    describeDriver({
      driver: driverOf('unbound'),
      ...(base === undefined ? {} : { base }),
      spoil: {
        path: '/etc/unbound/unbound.conf',
        text: '\nserver:\n  minimise-qname: yes\n',
        complaint: /unbound\.conf:\d+: error: unknown keyword 'minimise-qname'/,
      },
    });
    describeDriver({
      driver: driverOf('mta-sts'),
      ...(base === undefined ? {} : { base }),
      spoil: {
        path: '/etc/mta-sts-daemon.yml',
        text: '\nzones: [\n',
        complaint: /mta-sts-daemon\.yml", line \d+/,
      },
    });
    describeDriver({
      driver: driverOf('dovecot'),
      ...(base === undefined ? {} : { base }),
      spoil: { path: '/etc/dovecot/dovecot.conf', text: '\nmail_lokation = x\n', complaint: /mail_lokation/ },
    });
    describeDriver({
      driver: driverOf('postfix'),
      ...(base === undefined ? {} : { base }),
      spoil: {
        path: '/etc/postfix/main.cf',
        text: '\nsmtpd_tls_seclevel = may\n',
        complaint: /smtpd_tls_seclevel/,
      },
    });
  }
  describeDriver({
    driver: driverOf('roundcube'),
    spoil: {
      path: '/etc/roundcube/signpost/config.inc.php',
      text: '\n$config[ = 1;\n',
      complaint: /syntax error/,
    },
  });
  describeDriver({
    driver: driverOf('nginx'),
    spoil: {
      path: '/etc/nginx/nginx.conf',
      text: '\nworker_connektions 1;\n',
      complaint: /worker_connektions/,
    },
  });
});
