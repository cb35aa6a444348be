import type { Driver, Service } from '../driver.ts';
import { folder, groupFile, publicFile } from '../file.ts';
import { roundcubeSocket } from '../nginx/config.ts';
import { supported } from '../version.ts';
import { configPhp, data, environment, etc, LOG_FOLDER, poolConf, user } from './config.ts';
import { fastcgiGet } from './fastcgi.ts';

const program = '/usr/share/roundcube';
/** Of PHP, each with a folder of its own: the one below which a file of its packages was found, or what a version here says. */
const phpOf = (text: string): string => /(?:\/etc\/php\/|PHP )([\d.]+)/.exec(text)?.[1] ?? '';
const poolOf = (php: string): string => `/etc/php/${php}/fpm/pool.d/signpost-roundcube.conf`;

/** Debian 12 has PHP 8.2, and Debian 13 8.4. */
const processManager = (php: string): Pick<Service, 'unit' | 'foreground'> => ({
  unit: `php${php}-fpm.service`,
  foreground: {
    command: `php-fpm${php}`,
    args: ['--nodaemonize', '--fpm-config', `/etc/php/${php}/fpm/php-fpm.conf`],
    stop: 'SIGTERM',
  },
});

/** Webmail. The daemon is PHP's process manager, in which Roundcube has a pool of its own. */
export const roundcube: Driver = {
  name: 'roundcube',
  packages: ['roundcube-core', 'roundcube-sqlite3', 'roundcube-plugins', 'php-fpm', 'php-sqlite3'],
  wanted: ({ web }) => web !== undefined,
  service: {
    ...processManager('8.2'),
    ofVersion: (version) => processManager(phpOf(version)),
    folders: [{ path: '/run/php', owner: user, group: user, mode: 0o755 }],
    logFile: () => `${LOG_FOLDER}errors.log`,
  },
  additions: [],

  async detect(machine) {
    const constants = await machine.run('grep', [
      '-h',
      "define('RCMAIL_VERSION'",
      `${program}/program/include/iniset.php`,
    ]);
    const version = /'RCMAIL_VERSION', *'([\d.]+)/.exec(constants.output)?.[1];
    const { output: found } = await machine.run('find', [
      '/etc/php',
      '-path',
      '*/fpm/conf.d/20-pdo_sqlite.ini',
    ]);
    const php = phpOf(found.trim().split('\n').sort().at(-1)!);
    const parts = [
      `/usr/sbin/php-fpm${php}`,
      `${program}/plugins/managesieve`,
      `${program}/plugins/password`,
    ];
    const there = await machine.run('ls', ['-d', ...parts]);
    if (version === undefined || php === '' || there.status !== 0) return { kind: 'missing' };
    return supported('Roundcube', `${version} with PHP ${php}`, { atLeast: [1, 6], below: [1, 7] });
  },

  render(model, { version }) {
    const { web } = model;
    if (!web) return [];
    const config = groupFile(`${etc}/config.inc.php`, user, configPhp(model, web, version));
    return [
      folder(data, 0o700, user),
      folder(etc, 0o755),
      publicFile(`${etc}/chain.pem`, model.certificate.chain),
      { ...config, secret: true },
      publicFile(poolOf(phpOf(version)), poolConf(model, roundcubeSocket)),
    ];
  },

  async check(root, machine) {
    const { output: staged } = await machine.run('find', [`${root}/etc/php`, '-name', '*.conf']);
    const pool = staged.trim();
    const php = phpOf(pool);
    const syntax = await machine.run(`php${php}`, ['-l', `${root}${etc}/config.inc.php`]);
    if (syntax.status !== 0) return syntax.output.trim();
    const { status, output } = await machine.run(`php-fpm${php}`, ['-t', '-y', pool]);
    return status === 0 && !/(WARNING|ERROR|ALERT):/.test(output) ? undefined : output.trim();
  },

  /** Makes the database, or brings it to what this version of Roundcube wants. */
  async prepare(machine) {
    const set = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const { status, output } = await machine.run('setpriv', [
      ...[`--reuid=${user}`, `--regid=${user}`, '--init-groups', '--', 'env', ...set],
      ...[`${program}/bin/updatedb.sh`, '--package=roundcube', `--dir=${program}/SQL`],
    ]);
    return status === 0 ? undefined : output.trim();
  },

  async health(machine) {
    const said = await machine.greeting({ path: roundcubeSocket }, fastcgiGet('/ping'));
    if (said === undefined) return 'PHP does not answer where Roundcube is to be (php-fpm).';
    return said.includes('pong') ? undefined : 'PHP answers where Roundcube is to be, but not as it must.';
  },
};
