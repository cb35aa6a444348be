import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Outside the checkout, so that each machine makes it once. */
const base = '/var/cache/signpost-tests/bookworm';

/** @throws Error with what the command printed */
export function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`);
  return stdout;
}

function makeBase(): void {
  if (existsSync(base)) return;
  mkdirSync(dirname(base), { recursive: true });
  const part = mkdtempSync(`${base}-`);
  try {
    const include = '--include=systemd,systemd-sysv,dbus,procps';
    run('debootstrap', '--variant=minbase', include, 'bookworm', part, 'http://deb.debian.org/debian');
    renameSync(part, base);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** The files of a Debian 12 with systemd, to be changed at will; `folder` holds the changes. Needs root. */
export function mountDebian(folder: string): { root: string; unmount(): void } {
  makeBase();
  const [root, upper, work] = ['root', 'upper', 'work'].map((name) => join(folder, name));
  for (const path of [root!, upper!, work!]) mkdirSync(path, { recursive: true });
  run(
    'mount',
    '-t',
    'overlay',
    'overlay',
    '-o',
    `lowerdir=${base},upperdir=${upper!},workdir=${work!}`,
    root!,
  );
  return { root: root!, unmount: () => void run('umount', '--recursive', root!) };
}
