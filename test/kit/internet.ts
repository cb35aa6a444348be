import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A small internet of its own in a network namespace: a signed root and a signed TLD `test.`, both served by NSD and signed by
 * ldns, nobody's code of ours. Addresses are public-looking ones (checkers refuse documentation prefixes), and exist in
 * the namespace only.
 */
export const addresses = {
  root: '11.53.0.1',
  tld: ['11.53.1.1', '11.53.2.1'],
  box: ['11.53.3.1', '11.53.4.1'],
  box6: ['2a0e:53::1', '2a0e:54::1'],
  resolver: '127.0.0.53',
  /** What all machines that are joined see each other through. */
  bridge: '11.53.255.1',
};

/** A child of the TLD, as its registrar would pass it on. */
export interface Delegation {
  name: string;
  nameservers: string[];
  glue: { name: string; addresses: string[] }[];
  ds: { keyTag: number; algorithm: number; digestType: number; digest: string }[];
}

export interface Internet {
  /** Put before a command to run it inside. */
  prefix: string[];
  folder: string;
  /** Root hints in zone file form. */
  hints: string;
  /** DNSKEY of the root, a trust anchor in zone file form. */
  anchor: string;
  /** (Re)writes the TLD with these children, signs it and has it served. */
  delegate(children: Delegation[]): Promise<void>;
  /** Starts an Unbound at this address of loopback, with nothing in its cache, that validates from the root down; resolves when it answers.
   * `settings` are of its server clause. */
  resolve(address: string, settings?: readonly string[]): Promise<void>;
  /** Gives a network namespace of its own, by a process in it, this address here. */
  join(pid: string, address: string): void;
  run(command: string, ...args: string[]): string;
  start(command: string, ...args: string[]): ChildProcess;
  close(): Promise<void>;
}

/** Makes the namespace, and a root and a TLD without children in it; `records` are in the TLD's own zone. Needs root. */
export async function createInternet(records: readonly string[] = []): Promise<Internet> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-internet-'));
  const namespace = `signpost-${process.pid}-${folder.slice(-6)}`;
  const prefix = ['ip', 'netns', 'exec', namespace];
  const children: ChildProcess[] = [];
  const run = (command: string, ...args: string[]): string =>
    execFileSync('ip', ['netns', 'exec', namespace, command, ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      cwd: folder,
    });
  const start = (command: string, ...args: string[]): ChildProcess => {
    const child = spawn('ip', ['netns', 'exec', namespace, command, ...args], {
      stdio: 'ignore',
      cwd: folder,
    });
    children.push(child);
    return child;
  };

  execFileSync('ip', ['netns', 'add', namespace]);
  run('ip', 'link', 'set', 'lo', 'up');
  for (const address of [addresses.root, ...addresses.tld, ...addresses.box])
    run('ip', 'address', 'add', address, 'dev', 'lo');
  for (const address of addresses.box6) run('ip', 'address', 'add', `${address}/128`, 'dev', 'lo');

  const tldKey = makeKey(folder, 'test.');
  const rootKey = makeKey(folder, '.');
  writeFileSync(join(folder, 'root.zone'), rootZone(readFileSync(join(folder, `${tldKey}.ds`), 'utf8')));
  sign(folder, 'root.zone', '.', rootKey);
  const hints = join(folder, 'hints');
  writeFileSync(hints, `. 3600000 NS a.root.test.\na.root.test. 3600000 A ${addresses.root}\n`);
  startServer(folder, start, {
    name: 'root',
    zone: '.',
    file: 'root.zone.signed',
    addresses: [addresses.root],
  });
  await answered(run, addresses.root, '.');

  let tld: ChildProcess | undefined;
  const delegate = async (delegations: Delegation[]): Promise<void> => {
    if (tld) await ended(tld);
    writeFileSync(join(folder, 'test.zone'), tldZone(delegations, records));
    sign(folder, 'test.zone', 'test.', tldKey);
    tld = startServer(folder, start, {
      name: 'tld',
      zone: 'test.',
      file: 'test.zone.signed',
      addresses: addresses.tld,
    });
    await answered(run, addresses.tld[0]!, 'test.');
  };
  await delegate([]);

  let joined = 0;
  const joinMachine: Internet['join'] = (pid, address) => {
    if (joined++ === 0) {
      // Of its own it takes the lowest address of its ports, and changes it when another joins: those who know the one before lose what they send.
      run('ip', 'link', 'add', 'bridge', 'address', '02:53:00:00:00:01', 'type', 'bridge');
      run('ip', 'address', 'add', `${addresses.bridge}/16`, 'dev', 'bridge');
      run('ip', 'link', 'set', 'bridge', 'up');
    }
    const cable = `cable${joined}`;
    run('ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pid);
    run('ip', 'link', 'set', cable, 'master', 'bridge', 'up');
    const inside = ['-t', pid, '-n', 'ip'];
    execFileSync('nsenter', [...inside, 'address', 'add', `${address}/16`, 'dev', 'eth0']);
    execFileSync('nsenter', [...inside, 'link', 'set', 'eth0', 'up']);
  };

  const anchor = join(folder, `${rootKey}.key`);
  const resolve: Internet['resolve'] = async (address, settings = []) => {
    const config = join(folder, `unbound-${address}.conf`);
    writeFileSync(config, unboundConfig({ address, folder, hints, anchor, settings }));
    start('unbound', '-d', '-c', config);
    await answered(run, address, 'test.');
  };

  return {
    prefix,
    folder,
    hints,
    anchor,
    delegate,
    resolve,
    join: joinMachine,
    run,
    start,
    async close() {
      await Promise.all(children.map(ended));
      execFileSync('ip', ['netns', 'delete', namespace]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A combined signing key by ldns; returns its base name. */
function makeKey(folder: string, zone: string): string {
  const before = new Set(readdirSync(folder));
  execFileSync('ldns-keygen', ['-a', 'ECDSAP256SHA256', '-k', zone], { cwd: folder, stdio: 'pipe' });
  const made = readdirSync(folder).find((name) => !before.has(name) && name.endsWith('.key'))!;
  return made.slice(0, -'.key'.length);
}

function sign(folder: string, file: string, origin: string, key: string): void {
  execFileSync('ldns-signzone', ['-o', origin, '-f', `${file}.signed`, file, key], {
    cwd: folder,
    stdio: 'pipe',
  });
}

const soaTimes = '3600 900 1209600 3600';

function rootZone(tldDs: string): string {
  return [
    '$TTL 86400',
    `. IN SOA a.root.test. hostmaster.test. 1 ${soaTimes}`,
    '. IN NS a.root.test.',
    ...tldServers(),
    tldDs.trim(),
    `a.root.test. IN A ${addresses.root}`,
    '',
  ].join('\n');
}

function tldServers(): string[] {
  return addresses.tld.flatMap((address, i) => [
    `test. IN NS ns${i + 1}.nic.test.`,
    `ns${i + 1}.nic.test. IN A ${address}`,
  ]);
}

function tldZone(children: Delegation[], records: readonly string[]): string {
  return [
    '$TTL 3600',
    `test. IN SOA ns1.nic.test. hostmaster.nic.test. ${Math.floor(Date.now() / 1000)} ${soaTimes}`,
    ...tldServers(),
    `a.root.test. IN A ${addresses.root}`,
    ...records,
    ...children.flatMap((child) => [
      ...child.nameservers.map((name) => `${child.name}. IN NS ${name}.`),
      ...child.glue.flatMap(({ name, addresses: all }) =>
        all.map((address) => `${name}. IN ${address.includes(':') ? 'AAAA' : 'A'} ${address}`),
      ),
      ...child.ds.map(
        (ds) => `${child.name}. IN DS ${ds.keyTag} ${ds.algorithm} ${ds.digestType} ${ds.digest}`,
      ),
    ]),
    '',
  ].join('\n');
}

interface Server {
  name: string;
  zone: string;
  file: string;
  addresses: string[];
}

/** An NSD of its own for one zone. */
function startServer(folder: string, start: Internet['start'], server: Server): ChildProcess {
  const state = join(folder, server.name);
  mkdirSync(state, { recursive: true });
  const lines = [
    'server:',
    ...server.addresses.map((address) => `  ip-address: ${address}`),
    '  server-count: 1',
    '  username: ""',
    '  chroot: ""',
    `  zonesdir: "${folder}"`,
    `  pidfile: "${state}/pid"`,
    `  xfrdfile: "${state}/xfrd"`,
    `  zonelistfile: "${state}/zones"`,
    '  database: ""',
    'remote-control:',
    '  control-enable: no',
    'zone:',
    `  name: "${server.zone}"`,
    `  zonefile: "${server.file}"`,
    '',
  ];
  const config = join(state, 'nsd.conf');
  writeFileSync(config, lines.join('\n'));
  return start('nsd', '-d', '-c', config);
}

function unboundConfig(given: {
  address: string;
  folder: string;
  hints: string;
  anchor: string;
  settings: readonly string[];
}): string {
  const { address, folder, hints, anchor, settings } = given;
  return `server:
  interface: ${address}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${folder}/unbound-${address}.pid"
  use-syslog: no
  root-hints: "${hints}"
  trust-anchor-file: "${anchor}"
  access-control: 127.0.0.0/8 allow
  local-zone: "test." nodefault
${settings.map((line) => `  ${line}\n`).join('')}remote-control:
  control-enable: no
`;
}

async function answered(run: Internet['run'], address: string, zone: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      if (run('dig', '+short', '+time=1', '+tries=1', `@${address}`, zone, 'SOA') !== '') return;
    } catch {
      // dig fails until the server listens.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the server of ${zone} at ${address} does not answer`);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  });
}
