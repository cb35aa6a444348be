import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, globSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './debian-root.ts';
import { packInto } from './pack.ts';
import { until } from './until.ts';

/** A Debian that systemd has booted, with a network of its own. */
export interface BootedDebian {
  /** @throws Error with what it printed, unless it ends with 0 */
  run(command: string, ...args: string[]): string;
  ask(command: string, args: readonly string[], input?: string): { status: number; output: string };
  /** Powers it off. */
  close(): Promise<void>;
}

/** Boots the files at `root`. Needs root. */
export async function bootDebian(root: string): Promise<BootedDebian> {
  const namespace = `signpost-boot-${process.pid}`;
  run('ip', 'netns', 'add', namespace);
  run('ip', 'netns', 'exec', namespace, 'ip', 'link', 'set', 'lo', 'up');
  const flags = [
    '--quiet',
    '--boot',
    '--register=no',
    '--keep-unit',
    `--machine=${namespace}`,
    // The network is its own, and so are its packet filters.
    '--capability=CAP_NET_ADMIN',
    '--directory',
    root,
  ];
  const system = spawn(
    'setpriv',
    [...['--pdeathsig=TERM', 'systemd-nspawn', ...flags], `--network-namespace-path=/run/netns/${namespace}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exit = new Promise<void>((resolve) => system.on('exit', () => resolve()));
  const ask: BootedDebian['ask'] = (command, args, input = '') => {
    const [first] = spawnSync('pgrep', ['--parent', String(system.pid!)], { encoding: 'utf8' }).stdout.split(
      '\n',
    );
    const enter = ['--target', first || '0', '--all', command, ...args];
    const { status, stdout, stderr } = spawnSync('nsenter', enter, {
      encoding: 'utf8',
      input,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
      maxBuffer: 2 ** 28,
    });
    return { status: status ?? -1, output: stdout + stderr };
  };
  await until(120, () => {
    const { output } = ask('systemctl', ['is-system-running']);
    return Promise.resolve(/^(running|degraded)/.test(output) || undefined);
  });
  return {
    ask,
    run(command, ...args) {
      const { status, output } = ask(command, args);
      if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${output}`);
      return output;
    },
    async close() {
      system.kill('SIGTERM');
      await exit;
      run('ip', 'netns', 'delete', namespace);
    },
  };
}

/** Installs the package of this checkout as a person does, with the Node and the npm of this machine; `folder` is for what is made on the way. */
export function installPackage(root: string, folder: string): void {
  const npm = dirname(dirname(run('readlink', '-f', run('which', 'npm').trim()).trim()));
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'));
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  run('ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  const certificates = 'etc/ssl/certs/ca-certificates.crt';
  mkdirSync(dirname(join(root, certificates)), { recursive: true });
  for (const file of ['etc/resolv.conf', 'etc/hosts', certificates])
    copyFileSync(join('/', file), join(root, file));
  packInto(folder);
  const [archive] = globSync(join(folder, 'signpost-*.tgz'));
  const inside = join('/root', basename(archive!));
  copyFileSync(archive!, join(root, inside));
  // Whoever runs the tests with npm hands on where their own npm installs.
  const flags = ['--global', '--prefix', '/usr/local', '--ignore-scripts', '--no-audit', '--no-fund'];
  run('chroot', root, 'npm', 'install', ...flags, inside);
}
