import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mountDebian, run } from '../kit/debian-root.ts';
import { freePort } from '../kit/free-port.ts';
import { openssl } from '../kit/openssl.ts';
import { packInto } from '../kit/pack.ts';
import { missing } from '../kit/requires.ts';
import { untilReady } from '../kit/started.ts';
import { until } from '../kit/until.ts';

const checkout = join(import.meta.dirname, '../..');
const packaging = join(checkout, 'packaging');

/** Milliseconds. */
const MINUTE = 60_000;

describe('the unit', () => {
  const reason = missing({ commands: ['systemd-analyze'] });
  const unit = readFileSync(join(packaging, 'signpost.service'), 'utf8');
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signpost-unit-'));
    file = join(folder, 'signpost.service');
    // As if it were installed here.
    writeFileSync(file, unit.replace('=signpost-server', `=${join(checkout, 'bin/signpost-server')}`));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(reason)(`has nothing that systemd-analyze objects to ${reason ?? ''}`, () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect([status, stdout + stderr]).toEqual([0, '']);
  });

  it.skipIf(reason)(`leaves little exposed ${reason ?? ''}`, () => {
    const exposure = run('systemd-analyze', 'security', '--offline=true', file);
    expect(Number(/exposure level for signpost.service: ([\d.]+)/.exec(exposure)![1])).toBeLessThan(2.5);
  });
});

function ownCertificate(): { chain: string; privateKey: string } {
  const tool = openssl();
  const issuer = tool.issue({ subject: 'Root', ca: true });
  const own = tool.issue({ names: ['www.box.example.com'], issuer });
  tool.remove();
  return { chain: own.certificate + issuer.certificate, privateKey: own.key };
}

const commands = ['debootstrap', 'systemd-nspawn', 'mount', 'ip'];
const reason = missing({ root: true, commands });

interface Instruction {
  name: string;
  value: string;
}

function instructions(): Instruction[] {
  const text = readFileSync(join(packaging, 'Containerfile'), 'utf8');
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => /^(\w+) (.*)$/.exec(line)!)
    .map(([, name, value]) => ({ name: name!, value: value! }));
}

const valueOf = (name: string): string =>
  instructions().find((instruction) => instruction.name === name)!.value;

describe.skipIf(reason)(`in a Debian of its own ${reason ?? ''}`, { timeout: 5 * MINUTE }, () => {
  let folder: string;
  let debian: ReturnType<typeof mountDebian>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signpost-debian-'));
    debian = mountDebian(folder);
    fillFrom(debian.root);
    packInto(folder);
    build(debian.root);
  }, 10 * MINUTE);

  afterAll(() => {
    debian.unmount();
    rmSync(folder, { recursive: true, force: true });
  }, MINUTE);

  /** What the image that the recipe begins with has more than Debian: Node with npm, here those of the machine, and a network. */
  function fillFrom(root: string): void {
    expect(valueOf('FROM')).toMatch(/^docker\.io\/library\/node:\d+-bookworm-slim$/);
    const npm = dirname(dirname(run('readlink', '-f', run('which', 'npm').trim()).trim()));
    copyFileSync(process.execPath, join(root, 'usr/local/bin/node'));
    cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
    run('ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
    for (const file of ['etc/resolv.conf', 'etc/hosts']) copyFileSync(join('/', file), join(root, file));
    const certificates = 'etc/ssl/certs/ca-certificates.crt';
    mkdirSync(dirname(join(root, certificates)), { recursive: true });
    copyFileSync(join('/', certificates), join(root, certificates));
  }

  /** The steps of the recipe that change files. */
  function build(root: string): void {
    for (const { name, value } of instructions()) {
      if (name === 'COPY') {
        const [from, to] = value.split(' ');
        for (const file of globSync(join(folder, from!))) copyFileSync(file, join(root, to!, basename(file)));
      } else if (name === 'RUN') run('chroot', root, 'sh', '-euc', value);
    }
  }

  it('the recipe: runs without root, from files that can only be read, is found in health, and ends', async () => {
    const volume = join(folder, 'volume');
    mkdirSync(volume, { mode: 0o700 });
    run('chown', '5300:5300', volume);
    const settings = Object.fromEntries(
      [...valueOf('ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
    );
    const dns = await freePort();
    // Ports of its own, as the network is ours.
    Object.assign(settings, {
      SIGNPOST_DNS: `127.0.0.1:${dns}`,
      SIGNPOST_HTTP: '127.0.0.1:0',
      SIGNPOST_HTTPS: '127.0.0.1:0',
    });
    Object.assign(settings, {
      SIGNPOST_HOSTNAME: 'box.example.com',
      SIGNPOST_IPV4: '192.0.2.1',
      SIGNPOST_ACME_DIRECTORY: 'none',
    });
    const entry = JSON.parse(valueOf('ENTRYPOINT')) as string[];
    const probe = JSON.parse(/CMD (\[.*\])/.exec(valueOf('HEALTHCHECK'))![1]!) as string[];
    const env = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    const user = [
      'setpriv',
      `--reuid=${valueOf('USER')}`,
      `--regid=${valueOf('USER')}`,
      '--clear-groups',
      '--no-new-privs',
      '--bounding-set=-all',
    ];
    const inside = (command: string[]): string[] => [
      ...[
        'systemd-nspawn',
        '--quiet',
        '--directory',
        debian.root,
        '--read-only',
        '--register=no',
        '--keep-unit',
        '--pipe',
      ],
      ...[`--bind=${volume}:/var/lib/signpost`, `--chdir=${valueOf('WORKDIR')}`],
      ...[...user, 'env', '-i', 'PATH=/usr/local/bin:/usr/bin:/bin', ...env, ...command],
    ];
    const [command, ...args] = inside(entry);
    const box: ChildProcess = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const exit = new Promise<number | null>((resolve) => box.on('exit', resolve));
    try {
      await untilReady(box);
      expect(run('dig', '@127.0.0.1', '-p', String(dns), 'box.example.com', 'A', '+short').trim()).toBe(
        '192.0.2.1',
      );
      const leader = run('pgrep', '--full', `/dist/main.js$`).trim().split('\n').at(-1)!;
      const status = readFileSync(`/proc/${leader}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\t5300\t5300\t5300\t5300$/m);
      expect(status).toMatch(/^CapEff:\t0+$/m);
      const enter = [
        'nsenter',
        '--target',
        leader,
        '--mount',
        '--root',
        '--wd',
        ...user,
        'env',
        '-i',
        'PATH=/usr/local/bin:/usr/bin:/bin',
        ...env,
      ];
      expect(run(enter[0]!, ...enter.slice(1), ...probe)).toMatch(/^ready: +yes$/m);
      expect(() => run(enter[0]!, ...enter.slice(1), 'touch', '/usr/local/x')).toThrow(
        'Read-only file system',
      );
      process.kill(Number(leader), 'SIGTERM');
      expect(await exit).toBe(0);
    } finally {
      box.kill('SIGTERM');
    }
  });

  // RFC 1035 §4.2.
  it('the unit: boots with systemd, serves port 53 as a user of its own, reloads and ends', async () => {
    copyFileSync(
      join(packaging, 'signpost.service'),
      join(debian.root, 'etc/systemd/system/signpost.service'),
    );
    mkdirSync(join(debian.root, 'etc/sysusers.d'), { recursive: true });
    copyFileSync(join(packaging, 'signpost.sysusers'), join(debian.root, 'etc/sysusers.d/signpost.conf'));
    run('chroot', debian.root, 'systemd-sysusers');
    const settings = {
      SIGNPOST_HOSTNAME: 'box.example.com',
      SIGNPOST_IPV4: '192.0.2.1',
      SIGNPOST_ACME_DIRECTORY: 'none',
    };
    writeFileSync(
      join(debian.root, 'etc/default/signpost'),
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    const token = 'sp_a-credential-of-at-least-thirty-two-characters';
    mkdirSync(join(debian.root, 'etc/credstore'), { recursive: true, mode: 0o700 });
    writeFileSync(join(debian.root, 'etc/credstore/signpost.admin-token'), token, { mode: 0o600 });
    run('systemctl', '--root', debian.root, 'enable', 'signpost.service');
    const hooks = join(debian.root, 'etc/signpost/hooks/after-certificate.d');
    mkdirSync(hooks, { recursive: true });
    const script = [
      '#!/bin/sh',
      'cd "$SIGNPOST_CERTIFICATE_FOLDER"',
      'echo "$SIGNPOST_CERTIFICATE_NAMES $(stat -c "%A %U" privkey.pem)" >"$RUNTIME_DIRECTORY/after-certificate"',
    ];
    writeFileSync(join(hooks, 'tell'), `${script.join('\n')}\n`, { mode: 0o755 });
    const namespace = `signpost-unit-${process.pid}`;
    run('ip', 'netns', 'add', namespace);
    const there = ['ip', 'netns', 'exec', namespace];
    run(there[0]!, ...there.slice(1), 'ip', 'link', 'set', 'lo', 'up');
    const nspawn = [
      '--quiet',
      '--directory',
      debian.root,
      '--boot',
      '--register=no',
      '--keep-unit',
      `--network-namespace-path=/run/netns/${namespace}`,
    ];
    const system = spawn('systemd-nspawn', nspawn, { stdio: ['ignore', 'ignore', 'pipe'] });
    const exit = new Promise<number | null>((resolve) => system.on('exit', resolve));
    const ask = (...args: string[]): string =>
      spawnSync(there[0]!, [...there.slice(1), ...args], { encoding: 'utf8' }).stdout;
    const inside = (...args: string[]): string => {
      const [first] = run('pgrep', '--parent', String(system.pid!)).trim().split('\n');
      return run('nsenter', '--target', first!, '--all', ...args);
    };
    const shown = (name: string): string =>
      inside('systemctl', 'show', '--property', name, '--value', 'signpost').trim();
    try {
      await until(90, () => {
        const answer = ask(
          'dig',
          '@127.0.0.1',
          'box.example.com',
          'A',
          '+short',
          '+tries=1',
          '+timeout=1',
        ).trim();
        return Promise.resolve(answer === '192.0.2.1' || undefined);
      });
      // What was ready has said so to systemd.
      await until(60, () => Promise.resolve(shown('ActiveState') === 'active' || undefined));
      expect(inside('ps', '-o', 'user=', '-p', shown('MainPID')).trim()).toBe('signpost');
      const curl = [
        'curl',
        '-sf',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '-H',
        `Authorization: Bearer ${token}`,
      ];
      expect(ask(...curl, 'http://127.0.0.1:8080/api/v1/box')).toBe('200');
      // Root finds it without a word about the folder.
      expect(inside('signpost', 'status')).toMatch(/^ready: +yes$/m);
      // A hook of root's runs under all that the unit forbids.
      const certificate = join(folder, 'own.json');
      writeFileSync(certificate, JSON.stringify(ownCertificate()));
      const post = ['-X', 'POST', '-H', 'Content-Type: application/json', '-d', `@${certificate}`];
      expect(ask(...curl, ...post, 'http://127.0.0.1:8080/api/v1/certificates/install')).toBe('201');
      await until(60, () =>
        Promise.resolve(inside('journalctl', '-u', 'signpost').includes('a hook has run') || undefined),
      );
      expect(inside('cat', '/run/signpost/after-certificate').trim()).toBe(
        'www.box.example.com -rw------- signpost',
      );
      inside('systemctl', 'reload', 'signpost');
      await until(60, () =>
        Promise.resolve(inside('journalctl', '-u', 'signpost').includes('reloaded') || undefined),
      );
      inside('systemctl', 'stop', 'signpost');
      expect([shown('ActiveState'), shown('Result'), shown('ExecMainStatus')]).toEqual([
        'inactive',
        'success',
        '0',
      ]);
    } finally {
      // It powers the machine off.
      system.kill('SIGTERM');
      await exit;
      run('ip', 'netns', 'delete', namespace);
    }
  });
});
