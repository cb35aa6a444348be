import type { Driver, Machine } from '../driver.ts';
import { publicFile } from '../file.ts';
import { supported } from '../version.ts';
import { RESOLVER, resolvConf, unboundConf } from './config.ts';

const config = '/etc/unbound/unbound.conf';
const resolv = '/etc/resolv.conf';
const configAdditions = '/etc/signpost/unbound.conf';
const resolvAdditions = '/etc/signpost/resolv.conf';

/** A query for the A record of `localhost`, which it answers by itself, as sent over TCP (RFC 1035 §4.2.2). */
const query = '\0\x1b\0\x01\x01\0\0\x01\0\0\0\0\0\0\x09localhost\0\0\x01\0\x01';

/** Unbound 1.17 (Debian 12) and later: the resolver that validates, for Postfix (DANE) and Rspamd. */
export const unbound: Driver = {
  name: 'unbound',
  packages: ['unbound', 'dns-root-data'],
  service: {
    unit: 'unbound.service',
    foreground: { command: 'unbound', args: ['-d', '-p', '-c', config], stop: 'SIGTERM' },
    folders: [],
    reload: 'SIGHUP',
  },
  additions: [configAdditions, resolvAdditions],

  async detect(machine) {
    const { status, output } = await machine.run('unbound', ['-V']);
    const version = /^Version ([\d.]+)/m.exec(output)?.[1];
    if (status !== 0 || version === undefined) return { kind: 'missing' };
    const anchors = await machine.run('test', ['-r', '/usr/share/dns/root.key']);
    if (anchors.status !== 0) return { kind: 'missing' };
    return supported('Unbound', version, { atLeast: [1, 17], below: [2, 0] });
  },

  render: (model, { systemd, additions }) => [
    publicFile(config, unboundConf(model, systemd, additions.get(configAdditions) ?? '')),
    // The last of all: from here on the machine asks it.
    publicFile(resolv, resolvConf(additions.get(resolvAdditions) ?? '')),
  ],

  async check(root, machine) {
    // Debian's unit does this before each start, and the checker wants the file to be there.
    await machine.run('/usr/libexec/unbound-helper', ['root_trust_anchor_update']);
    const { status, output } = await machine.run('unbound-checkconf', [`${root}${config}`]);
    return status === 0 ? undefined : output.trim();
  },

  async health(machine) {
    const said = await machine.greeting(RESOLVER, query);
    if (said === undefined) return `Unbound does not answer on ${RESOLVER.host}.`;
    return asked(machine);
  },
};

/** Others write to that file, too: DHCP clients, systemd-resolved. */
async function asked(machine: Machine): Promise<string | undefined> {
  const { output } = await machine.run('grep', ['-m1', '^nameserver', resolv]);
  if (output.trim() === `nameserver ${RESOLVER.host}`) return undefined;
  return `${resolv} does not name ${RESOLVER.host} first: Postfix cannot tell which answers are signed (DANE).`;
}
