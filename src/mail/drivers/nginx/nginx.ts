import type { Driver } from '../driver.ts';
import { restarts } from '../drop-in.ts';
import { folder, publicFile } from '../file.ts';
import { supported } from '../version.ts';
import { addition, ERROR_LOG, HEALTH, nginxConf, nothingYet, nothingYetPage, sites, WEB } from './config.ts';

const unit = 'nginx.service';
const config = '/etc/nginx/nginx.conf';

/** Web sites, and what leads to webmail; for those who want the web on this machine. nginx 1.18 and later. */
export const nginx: Driver = {
  name: 'nginx',
  packages: ['nginx-light'],
  wanted: ({ web }) => web !== undefined,
  service: {
    unit,
    foreground: { command: 'nginx', args: ['-g', 'daemon off;'], stop: 'SIGTERM' },
    folders: [],
    logFile: () => ERROR_LOG,
    reload: 'SIGHUP',
  },
  additions: [addition],

  async detect(machine) {
    const { status, output } = await machine.run('nginx', ['-v']);
    const version = /nginx\/([\d.]+)/.exec(output)?.[1];
    if (status !== 0 || version === undefined) return { kind: 'missing' };
    return supported('nginx', version, { atLeast: [1, 18], below: [2, 0] });
  },

  render: (model, { systemd, additions }) => [
    folder(sites, 0o755),
    folder(nothingYet, 0o755),
    ...(systemd ? restarts(unit) : []),
    publicFile(`${nothingYet}/index.html`, nothingYetPage),
    publicFile(config, nginxConf(model, additions.get(addition) ?? '')),
  ],

  async check(root, machine) {
    // A warning is a mistake, too: a server_name that is there twice serves nothing.
    const { status, output } = await machine.run('nginx', ['-t', '-q', '-c', `${root}${config}`]);
    return status === 0 && !/\[(warn|emerg|alert|crit)\]/.test(output) ? undefined : output.trim();
  },

  async health(machine) {
    const said = await machine.greeting(WEB, `GET ${HEALTH} HTTP/1.0\r\n\r\n`);
    if (said === undefined) return `nginx does not answer on port ${WEB.port}.`;
    if (said.startsWith('HTTP/1.1 204 ')) return undefined;
    return `On port ${WEB.port} somebody else answers, or an nginx that Signpost has not configured.`;
  },
};
