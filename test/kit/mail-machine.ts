import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DebianBase, debianBase } from './debian-root.ts';
import { until } from './until.ts';

/** This machine's files, or a Debian's, in an overlay, with devices, processes, network, and host name of its own: what is done there is gone afterwards. */
export interface MailMachine {
  /** Put before a command to run it inside. */
  prefix: string[];
  /** Of its first process, as seen from outside. */
  pid: string;
  /** @throws Error with what it printed, unless it ends with 0 */
  run(command: string, ...args: string[]): string;
  /** As `run`, with a status and input. */
  ask(command: string, args: readonly string[], input?: string): { status: number; output: string };
  start(command: string, ...args: string[]): ChildProcess;
  write(path: string, content: string, mode?: string, owner?: string): void;
  read(path: string): string;
  close(): Promise<void>;
}

const init = `set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=$4,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
# What is tested, where the files are not this machine's.
[ "$4" = / ] || { mkdir -p ".$5" && mount --bind -o ro "$5" ".$5"; }
mount -t proc proc proc
mount -t tmpfs -o mode=0755 tmpfs dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mkdir -m 1777 dev/shm
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mount --rbind /sys sys
mount -t tmpfs -o mode=0755 tmpfs run
hostname "$2"
cp -p "$3"/* var/lib/rspamd/ 2>/dev/null || true
printf '127.0.0.1 localhost\\n' > etc/hosts
rm -f etc/resolv.conf
echo 'nameserver 127.0.0.1' > etc/resolv.conf
ip link set lo up
exec chroot . /bin/bash -c 'echo up; trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'
`;

/** Where Rspamd's compiled patterns are kept between tests: they take a minute of a core to make. */
const patternsOf = (base: DebianBase | undefined): string =>
  `/var/cache/signpost-tests/rspamd${base === undefined ? '' : `-${base}`}`;

/** Where Rspamd has them. */
const folderOfPatterns = '/var/lib/rspamd';

const checkout = join(import.meta.dirname, '../..');

/** With the files of this machine, or of a Debian that is made for tests. Needs root. */
export async function createMailMachine(hostname: string, base?: DebianBase): Promise<MailMachine> {
  const patterns = patternsOf(base);
  const lower = base === undefined ? '/' : debianBase(base);
  const folder = mkdtempSync(join(tmpdir(), 'signpost-mail-'));
  const flags = ['--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--kill-child'];
  // Whatever ends the tests ends it, too.
  const holder = spawn(
    'setpriv',
    [
      ...['--pdeathsig=KILL', 'unshare', ...flags, 'bash', '-c', init, 'init'],
      ...[folder, hostname, patterns, lower, checkout],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => holder.on('exit', () => resolve()));
  let said = '';
  holder.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(60, () => Promise.resolve(said.includes('up') || undefined));
  const pid = readFileSync(`/proc/${holder.pid!}/task/${holder.pid!}/children`, 'utf8').trim();
  const enter = ['nsenter', '-t', pid, '-m', '-u', '-i', '-n', '-p', '-r', '-w'];
  // It forks: what it started would outlive it.
  const prefix = [...enter, 'setpriv', '--pdeathsig=KILL', '--'];
  const [first, ...rest] = prefix;
  const machine: MailMachine = {
    prefix,
    pid,
    run: (command, ...args) =>
      execFileSync(first!, [...rest, command, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    ask(command, args, input) {
      const { status, stdout, stderr } = spawnSync(first!, [...rest, command, ...args], {
        encoding: 'utf8',
        input: input ?? '',
        maxBuffer: 2 ** 28,
      });
      return { status: status ?? -1, output: stdout + stderr };
    },
    start: (command, ...args) =>
      spawn(first!, [...rest, command, ...args], { stdio: ['pipe', 'pipe', 'pipe'] }),
    write(path, content, mode = '644', owner = 'root:root') {
      const script = 'mkdir -p "$(dirname "$1")"; cat > "$1"; chmod "$2" "$1"; chown "$3" "$1"';
      const { status, output } = machine.ask('sh', ['-c', script, 'sh', path, mode, owner], content);
      if (status !== 0) throw new Error(output);
    },
    read: (path) => machine.run('cat', path),
    async close() {
      keepPatterns(prefix, patterns);
      holder.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return machine;
}

/** Copies what Rspamd compiled out of the overlay, but for what is known: all of it are a hundred megabytes. */
function keepPatterns([first, ...rest]: string[], patterns: string): void {
  mkdirSync(patterns, { recursive: true });
  const known = new Set(readdirSync(patterns));
  const found = spawnSync(first!, [...rest, 'ls', folderOfPatterns], { encoding: 'utf8' }).stdout.split('\n');
  const made = found.filter((name) => /\.hs(mp|mc)?$/.test(name) && !known.has(name));
  if (made.length === 0) return;
  const list = spawnSync(first!, [...rest, 'tar', 'c', '-C', folderOfPatterns, ...made], {
    maxBuffer: 2 ** 28,
  });
  spawnSync('tar', ['x', '--skip-old-files', '-C', patterns], { input: list.stdout });
}

/**
 * Has the machine's resolver know these records and nothing else, so that no look-up waits for an internet that is not there. It takes
 * them where additions of a person's own go (docs/mail.md); before it is configured.
 */
export function resolveOnly(machine: MailMachine, records: readonly string[]): void {
  const lines = [
    'server:',
    '  module-config: "iterator"',
    '  local-zone: "." static',
    ...records.map((record) => `  local-data: '${record}'`),
    '',
  ];
  machine.write('/etc/signpost/unbound.conf', lines.join('\n'));
}
