import type { Driver } from '../driver.ts';
import { dropIn } from '../drop-in.ts';
import { folder, header, publicFile } from '../file.ts';
import { supported } from '../version.ts';
import { daneFirst, MTA_STS } from './dane-first.ts';

const config = '/etc/mta-sts-daemon.yml';
const additions = '/etc/signpost/mta-sts-daemon.yml';
const own = '/etc/mta-sts-signpost';
const program = `${own}/daemon`;
const user = '_mta-sts';
const unit = 'postfix-mta-sts-resolver.service';

/** It has no checker of its own: this is how it reads its configuration. */
const reader = `import sys
from postfix_mta_sts_resolver.utils import load_config
try:
    load_config(sys.argv[1])
except Exception as error:
    sys.exit(str(error))
`;

/** postfix-mta-sts-resolver 1.1 (Debian 12) and later: tells Postfix what domains want of senders (RFC 8461). */
export const mtaSts: Driver = {
  name: 'mta-sts',
  packages: ['postfix-mta-sts-resolver'],
  service: {
    unit,
    foreground: { command: program, args: ['--config', config], user, stop: 'SIGTERM' },
    folders: [],
  },
  additions: [additions],

  async detect(machine) {
    const query = ['-W', '-f', '${db:Status-Status} ${Version}', 'postfix-mta-sts-resolver'];
    const { status, output } = await machine.run('dpkg-query', query);
    const version = /^installed ([\d.]+)/.exec(output)?.[1];
    if (status !== 0 || version === undefined) return { kind: 'missing' };
    return supported('postfix-mta-sts-resolver', version, { atLeast: [1, 1], below: [2, 0] });
  },

  render: (_model, { systemd, additions: given }) => [
    folder(own, 0o755),
    { ...publicFile(program, daneFirst), mode: 0o755 },
    // Debian's unit starts the daemon itself.
    ...(systemd ? dropIn(unit, `[Service]\nExecStart=\nExecStart=${program} --config ${config}\n`) : []),
    publicFile(
      config,
      `${header(`${additions}, whose keys win over these`)}
host: ${MTA_STS.host}
port: ${MTA_STS.port}
cache:
  type: sqlite
  options:
    filename: /var/lib/mta-sts/cache.db
# Policies are fetched again before they end, so that nobody who cuts us off from one has us send without it (RFC 8461 §10.2).
proactive_policy_fetching:
  enabled: true
default_zone:
  strict_testing: false
  timeout: 4
${given.get(additions) ?? ''}`,
    ),
  ],

  async check(root, machine) {
    const { status, output } = await machine.run('/usr/bin/python3', ['-c', reader, `${root}${config}`]);
    return status === 0 ? undefined : output.trim();
  },

  async health(machine) {
    // Of the domains above `invalid` there is no policy, and no look-up.
    const said = await machine.greeting(MTA_STS, '16:postfix .invalid,');
    if (said === undefined) return `The MTA-STS daemon does not answer on port ${MTA_STS.port}.`;
    return said === '9:NOTFOUND ,' ? undefined : `The MTA-STS daemon says: ${said}`;
  },
};
