import type { Driver } from '../driver.ts';
import { groupFile, header } from '../file.ts';
import { historyUser } from './history.ts';
import { supported } from '../version.ts';

/** An instance of its own: whoever has another Redis on the machine keeps it as it is. */
export const REDIS = { host: '127.0.0.1', port: 6380 };

const config = '/etc/redis/redis-signpost.conf';
/** Debian's template unit `redis-server@` makes it. */
const runtime = '/run/redis-signpost';

/** Keeps what Rspamd learnt. Redis 6 and later. */
export const redis: Driver = {
  name: 'redis',
  packages: ['redis-server'],
  service: {
    unit: 'redis-server@signpost.service',
    foreground: { command: 'redis-server', args: [config], user: 'redis', stop: 'SIGTERM' },
    folders: [{ path: runtime, owner: 'redis', group: 'redis', mode: 0o2755 }],
  },
  additions: ['/etc/signpost/redis.conf'],

  async detect(machine) {
    const { status, output } = await machine.run('redis-server', ['--version']);
    const version = /\bv=([\d.]+)/.exec(output)?.[1];
    if (status !== 0 || version === undefined) return { kind: 'missing' };
    return supported('Redis', version, { atLeast: [6, 0], below: [9, 0] });
  },

  render: ({ settings }, { additions }) =>
    [
      groupFile(
        config,
        'redis',
        `${header('/etc/signpost/redis.conf, whose lines win over these')}
bind ${REDIS.host}
port ${REDIS.port}
protected-mode yes
requirepass ${settings.redisPassword}
# Reads what passed, for the box, and nothing else.
${historyUser(settings.redisPassword)}
daemonize no
pidfile ${runtime}/redis-server.pid
dir /var/lib/redis
dbfilename signpost.rdb
save 900 1 300 100
maxmemory 128mb
maxmemory-policy volatile-ttl
${additions.get('/etc/signpost/redis.conf') ?? ''}`,
      ),
    ].map((file) => ({ ...file, secret: true })),

  async check(root, machine) {
    // It has no checker. It reads all of its configuration, ends at the first line that it does not know, and here that is our last.
    const end = 'signpost-read-all';
    const { output } = await machine.run('redis-server', [`${root}${config}`, `--${end}`, 'yes']);
    return output.includes(`>>> '${end}`) ? undefined : output.trim();
  },

  async health(machine) {
    // To a stranger it says that a password is needed, which is as it should be.
    const said = await machine.greeting(REDIS, 'PING\r\n');
    if (said === undefined) return `Redis does not answer on port ${REDIS.port}.`;
    return /^(-NOAUTH|\+PONG)/.test(said) ? undefined : `Redis says: ${said.trim()}`;
  },
};
