import { header } from '../file.ts';
import type { MailModel } from '../model.ts';

/**
 * Where the resolver listens: on port 53, since libc knows no other; on a loopback address that neither Signpost (which takes those
 * that interfaces have) nor systemd-resolved (127.0.0.53 and .54) uses.
 */
export const RESOLVER = { host: '127.0.1.53', port: 53 };

/** unbound.conf(5), whole. */
export function unboundConf({ nameserver }: MailModel, systemd: boolean, additions: string): string {
  const server = [
    `interface: ${RESOLVER.host}`,
    'chroot: ""',
    // Ours, which it asks for our own zone.
    'do-not-query-localhost: no',
    ...anchor(additions),
    'qname-minimisation: yes',
    'aggressive-nsec: yes',
    'prefetch: yes',
    'prefetch-key: yes',
    'hide-identity: yes',
    'hide-version: yes',
    'num-threads: 1',
    'msg-cache-size: 8m',
    'rrset-cache-size: 16m',
    ...(systemd ? [] : ['use-syslog: no']),
  ];
  const parts = [
    ['server:', ...server],
    ['remote-control:', 'control-enable: yes', 'control-interface: /run/unbound.ctl'],
    ...(nameserver === undefined
      ? []
      : [
          [
            '# The zone with the names of our nameservers, and with them the way to all zones of ours. Should ours not serve it, the usual way.',
            'stub-zone:',
            `name: "${nameserver.zone}"`,
            `stub-addr: ${nameserver.address}@${nameserver.port}`,
            'stub-first: yes',
          ],
        ]),
  ];
  const text = parts.map((lines) => `${lines.map(indented).join('\n')}\n`).join('\n');
  return `${header('/etc/signpost/unbound.conf, which is read after this')}\n${text}${additions}`;
}

const indented = (line: string): string => (line.startsWith('#') || line.endsWith(':') ? line : `  ${line}`);

/** The anchors of the internet's root, unless a person brings others: of two for the root the daemon would take none. */
function anchor(additions: string): string[] {
  const theirs = /^\s*(auto-)?trust-anchor(-file)?:/m.test(additions);
  return theirs ? [] : ['auto-trust-anchor-file: "/var/lib/unbound/root.key"'];
}

/** resolv.conf(5): without `trust-ad` libc hides from programs which answers are validated. */
export function resolvConf(additions: string): string {
  return `${header('/etc/signpost/resolv.conf, which is put at the end')}nameserver ${RESOLVER.host}
options edns0 trust-ad
${additions}`;
}
