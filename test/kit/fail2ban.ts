import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packaged = join(import.meta.dirname, '../../packaging/fail2ban');

/** The addresses that fail2ban counts a failure of, one for each line that a filter of ours (`signpost`, `signpost-mail`) takes for one. */
export const guessers = (filter: string, log: string): string[] =>
  inFolder((folder) => {
    const path = join(folder, 'log');
    writeFileSync(path, log);
    const said = run('fail2ban-regex', '--out', 'ip', path, join(packaged, 'filter.d', `${filter}.conf`));
    return said.split('\n').filter((line) => line !== '');
  });

/** Which entries of the journal a filter of ours reads, as arguments of journalctl(1). */
export const journalOf = (filter: string): string[] =>
  /^journalmatch = (.*)$/m
    .exec(readFileSync(join(packaged, 'filter.d', `${filter}.conf`), 'utf8'))![1]!
    .split(' ');

/** What fail2ban would have its server do, with our files beside those of its package. */
export const jails = (): string =>
  inFolder((folder) => {
    cpSync('/etc/fail2ban', folder, { recursive: true });
    cpSync(packaged, folder, { recursive: true });
    return run('fail2ban-client', '-c', folder, '-d');
  });

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-fail2ban-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(error?.message ?? stdout + stderr);
  return stdout;
}
