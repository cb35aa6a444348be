import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootDebian, type BootedDebian, installPackage } from '../kit/booted-debian.ts';
import { boxOn } from '../kit/box-on-machine.ts';
import { mountDebian, run } from '../kit/debian-root.ts';
import { guessers, journalOf } from '../kit/fail2ban.ts';
import { openssl } from '../kit/openssl.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';
import { webmailAt } from '../kit/webmail.ts';

const reason = missing({
  root: true,
  commands: ['debootstrap', 'systemd-nspawn', 'mount', 'ip', 'openssl', 'fail2ban-regex'],
});

/** Milliseconds. */
const MINUTE = 60_000;
const packaging = join(import.meta.dirname, '../../packaging');
const patterns = '/var/cache/signpost-tests/rspamd-trixie-mail';
const hostname = 'box.example.net';
/** Where the machine has the root of the certificate; the system knows it, too, for webmail asks Dovecot. */
const ca = '/usr/local/share/ca-certificates/test.crt';
const carol = { address: 'carol@example.com', password: 'a long way to Tipperary' };
const units = [
  'unbound',
  'postfix-mta-sts-resolver',
  'redis-server@signpost',
  'rspamd',
  'dovecot',
  'postfix',
  'php8.4-fpm',
  'nginx',
];

describe.skipIf(reason)(`the whole box under systemd ${reason ?? ''}`, { timeout: 4 * MINUTE }, () => {
  let folder: string;
  let debian: ReturnType<typeof mountDebian>;
  let machine: BootedDebian;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signpost-systemd-'));
    debian = mountDebian(folder, 'trixie-mail');
    const { root } = debian;
    installPackage(root, folder);
    for (const unit of ['signpost.service', 'signpost-agent.service'])
      cpSync(join(packaging, unit), join(root, 'etc/systemd/system', unit));
    const settings = [
      `HOSTNAME=${hostname}`,
      'IPV4=192.0.2.1',
      'ACME_DIRECTORY=none',
      'DNS=127.0.0.1:5300',
      'WEB=nginx',
    ];
    const lines = settings.map((setting) => `SIGNPOST_${setting}\n`);
    writeFileSync(join(root, 'etc/default/signpost'), lines.join(''));
    // What Rspamd would compile for minutes.
    if (existsSync(patterns)) cpSync(patterns, join(root, 'var/lib/rspamd'), { recursive: true });
    rmSync(join(root, 'etc/resolv.conf'));
    writeFileSync(join(root, 'etc/resolv.conf'), 'nameserver 127.0.0.1\n');
    // As it was before the box had a user of its own.
    mkdirSync(join(root, 'etc/systemd/system/signpost.service.d'));
    writeFileSync(
      join(root, 'etc/systemd/system/signpost.service.d/former.conf'),
      '[Service]\nDynamicUser=yes\nStateDirectoryMode=0700\n',
    );
    machine = await bootDebian(root);
  }, 15 * MINUTE);

  afterAll(async () => {
    await machine.close();
    debian.unmount();
    rmSync(folder, { recursive: true, force: true });
  }, 2 * MINUTE);

  const journal = (unit: string): string =>
    machine.ask('journalctl', ['--no-pager', '-n', '40', '-u', unit]).output;
  const { api } = boxOn(() => machine, '/var/lib/signpost');
  const pid = (unit: string): string => machine.run('systemctl', 'show', '-P', 'MainPID', unit).trim();

  it('takes over the data of a unit with DynamicUser=yes', () => {
    machine.run('systemctl', 'start', 'signpost');
    expect(machine.run('readlink', '/var/lib/signpost').trim()).toBe('private/signpost');
    api('POST', '/domains', { name: 'example.com' });
    machine.run('systemctl', 'stop', 'signpost');
    // As packaging/signpost.service says.
    mkdirSync(join(debian.root, 'etc/sysusers.d'), { recursive: true });
    machine.ask(
      'sh',
      ['-c', 'cat >/etc/sysusers.d/signpost.conf'],
      run('cat', join(packaging, 'signpost.sysusers')),
    );
    machine.run('systemd-sysusers');
    machine.run('rm', '-r', '/etc/systemd/system/signpost.service.d');
    machine.run('systemctl', 'daemon-reload');
    machine.run('systemctl', 'enable', '--now', 'signpost-agent', 'signpost');
    expect(machine.run('stat', '-c', '%F %U:%G %a', '/var/lib/signpost').trim()).toBe(
      'directory signpost:signpost 711',
    );
    expect(machine.run('ps', '-o', 'user=', '-p', pid('signpost')).trim()).toBe('signpost');
    expect(api('GET', '/domains/example.com')).toMatchObject({ name: 'example.com' });
    expect(machine.ask('runuser', ['-u', 'nobody', 'ls', '/var/lib/signpost']).status).not.toBe(0);
  });

  it('applies: the daemons run as units, and read the directory of a box without root', () => {
    const { status, output } = machine.ask('signpost', ['mail', 'apply', '--yes']);
    expect(status, output + journal('signpost-agent') + journal('signpost')).toBe(0);
    const sockets = ['policy.sock', 'srs.sock'].map((name) => `/var/lib/signpost/mail/${name}`);
    expect(machine.run('stat', '-c', '%G %a', ...sockets)).toBe('postfix 660\npostfix 660\n');
    for (const unit of units)
      expect([unit, machine.ask('systemctl', ['is-active', unit]).output.trim()]).toEqual([unit, 'active']);
    const state = machine.run('signpost', 'mail', 'status');
    for (const server of ['postfix +3\\.10', 'roundcube +1\\.6', 'nginx +1\\.26'])
      expect(state).toMatch(new RegExp(`${server}\\.\\d+.* +runs`));
    expect(machine.run('stat', '-c', '%U:%G %a', '/var/lib/signpost/mail/directory.sqlite').trim()).toBe(
      'signpost:postfix 640',
    );
  });

  const deliver = (subject: string): string =>
    machine.ask('swaks', [
      ...['--server', '127.0.0.1', '--timeout', '90s', '--from', 'someone@remote.example'],
      ...['--helo', 'remote.example', '--to', carol.address, '--header', `Subject: ${subject}`],
    ]).output;
  const arrived = (subject: string): Promise<boolean> =>
    until(
      90,
      () => {
        const user = ['--user', `${carol.address}:${carol.password}`];
        const search = ['-sk', '--max-time', '30', ...user, 'imaps://127.0.0.1/INBOX', '-X'];
        const { output } = machine.ask('curl', [...search, `SEARCH SUBJECT "${subject}"`]);
        return Promise.resolve(/SEARCH \d/.test(output) || undefined);
      },
      () => Promise.resolve(journal('postfix') + journal('dovecot')),
    );

  it('takes a message in for a mailbox that was just made, and shows it over IMAP', async () => {
    api('POST', '/mailboxes', carol);
    expect(deliver('first')).toMatch(/250 2\.0\.0 Ok: queued/);
    await arrived('first');
  });

  it('shows what the journal has of them, as the box without root', () => {
    const [, id] = /Ok: queued as (\w+)/.exec(deliver('logged'))!;
    const log = (server: string): string => machine.run('signpost', 'mail', 'log', server);
    expect(log('postfix')).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT.* ${id}: client=`, 'm'));
    expect(log('dovecot')).toMatch(/^\d{4}-\d\d-\d\dT.* dovecot\[\d+\]: imap-login: /m);
    // In a file of its own.
    expect(log('rspamd')).toMatch(/ #\d+\(\w+\) /);
  });

  it('goes on after each unit was restarted, and after the agent was killed', async () => {
    const before = units.map(pid);
    machine.run('systemctl', 'kill', '-s', 'KILL', 'signpost-agent');
    await until(60, () =>
      Promise.resolve(machine.ask('signpost', ['mail', 'status']).output.includes('runs') || undefined),
    );
    // The daemons are not its children here.
    expect(units.map(pid)).toEqual(before);
    machine.run('systemctl', 'reload', 'dovecot', 'postfix', 'rspamd');
    machine.run('systemctl', 'restart', 'signpost');
    expect(deliver('after reload')).toMatch(/250 2\.0\.0 Ok: queued/);
    await arrived('after reload');
    machine.run('systemctl', 'restart', ...units);
    await until(60, () => Promise.resolve(deliver('after restart').includes('Ok: queued') || undefined));
    await arrived('after restart');
  });

  it('has each daemon come back whose main process was killed', async () => {
    const before = units.map(pid);
    expect(before).not.toContain('0');
    machine.run('kill', '-KILL', ...before);
    for (const [index, unit] of units.entries())
      await until(
        // What a killed one leaves behind has a minute and a half to end (TimeoutStopSec).
        150,
        () => {
          const isActive = machine.ask('systemctl', ['is-active', unit]).status === 0;
          return Promise.resolve((isActive && !['0', before[index]].includes(pid(unit))) || undefined);
        },
        () => Promise.resolve(machine.ask('systemctl', ['status', unit]).output),
      );
    await until(60, () => Promise.resolve(deliver('after the kill').includes('Ok: queued') || undefined));
    await arrived('after the kill');
  });

  it('has wrong passwords in the journal, where fail2ban reads them', async () => {
    const counted = (filter: string): number => {
      const args = ['--no-pager', '-o', 'short', ...journalOf(filter)];
      return guessers(filter, machine.ask('journalctl', args).output).length;
    };
    expect([counted('signpost-mail'), counted('signpost')]).toEqual([0, 0]);
    const wrong = `${carol.address}:wrong`;
    machine.ask('curl', ['-sk', '--max-time', '60', '--user', wrong, 'imaps://127.0.0.1/']);
    const submission = [
      '--server',
      '127.0.0.1:465',
      '--tls-on-connect',
      '--timeout',
      '60s',
      '--to',
      carol.address,
    ];
    // With each mechanism that it knows.
    machine.ask('swaks', [...submission, '--auth-user', carol.address, '--auth-password', 'wrong']);
    machine.ask('curl', [
      ...[
        '-s',
        '--max-time',
        '60',
        '-H',
        'Content-Type: application/json',
        '-H',
        'Sec-Fetch-Site: same-origin',
      ],
      ...['-d', '{"name":"nobody","password":"wrong"}', 'http://127.0.0.1:8080/api/v1/session'],
    ]);
    await until(
      60,
      () => Promise.resolve((counted('signpost-mail') > 1 && counted('signpost') > 0) || undefined),
      () => Promise.resolve(journal('dovecot') + journal('postfix') + journal('signpost')),
    );
  });

  it('gives the units a new certificate by itself', async () => {
    const tool = openssl();
    const issuer = tool.issue({ subject: 'Root', ca: true });
    const { certificate, key } = tool.issue({ names: [hostname], issuer, serial: '0x5157' });
    tool.remove();
    machine.ask('sh', ['-c', `cat >${ca}`], issuer.certificate);
    machine.run('update-ca-certificates');
    api('POST', '/certificates/install', { chain: certificate + issuer.certificate, privateKey: key });
    for (const port of ['465', '993'])
      await until(90, () => {
        const shown = `openssl s_client -connect 127.0.0.1:${port} </dev/null 2>/dev/null | openssl x509 -noout -serial`;
        return Promise.resolve(machine.ask('sh', ['-c', shown]).output.includes('5157') || undefined);
      });
  });

  it('has the web come back when all of nginx or of PHP was killed', async () => {
    const webmail = webmailAt(machine, { host: hostname, ca, name: 'carol' });
    const signedIn = (): Promise<true> =>
      until(
        60,
        () => Promise.resolve(webmail.signIn(carol.address, carol.password) || undefined),
        () =>
          Promise.resolve(
            machine.ask('sh', ['-c', 'tail -n 5 /var/log/roundcube/*']).output +
              machine.run('signpost', 'mail', 'status') +
              journal('nginx') +
              journal('php8.4-fpm'),
          ),
      );
    await signedIn();
    for (const [unit, program] of [
      ['nginx', 'nginx'],
      ['php8.4-fpm', 'php-fpm8.4'],
    ] as const) {
      const before = pid(unit);
      machine.run('pkill', '-KILL', '-x', program);
      await until(60, () => Promise.resolve(!['0', before].includes(pid(unit)) || undefined));
      await signedIn();
    }
    // What is killed alone leaves the others behind, which hold its port.
    const main = pid('nginx');
    machine.run('kill', '-KILL', main);
    await until(60, () => Promise.resolve(!['0', main].includes(pid('nginx')) || undefined));
    await signedIn();
  });

  it('has fail2ban shut out who guesses, at mail and at the panel, and nobody else', async () => {
    // As docs/mail.md says.
    const copy = ['filter.d', 'jail.d'].map(
      (name) => `cp packaging/fail2ban/${name}/* /etc/fail2ban/${name}/`,
    );
    const own = 'cd "$(npm root --global)/signpost"';
    machine.run('sh', '-c', [own, ...copy, 'systemctl restart fail2ban'].join(' && '));
    const jails = ['signpost-mail', 'signpost'] as const;
    const banned = (jail: (typeof jails)[number]): string =>
      machine.ask('fail2ban-client', ['get', jail, 'banip']).output.trim();
    for (const jail of jails)
      await until(
        60,
        // Forty guesses would take ten minutes.
        () =>
          Promise.resolve(
            machine.ask('fail2ban-client', ['set', jail, 'maxretry', '2']).status === 0 || undefined,
          ),
        () => Promise.resolve(journal('fail2ban')),
      );
    const [server, guesser, neighbour] = ['192.0.2.1', '203.0.113.9', '203.0.113.10'];
    for (const address of [server, guesser, neighbour])
      machine.run('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
    const curl = (from: string, ...args: string[]): number =>
      machine.ask('curl', ['-sk', '--max-time', '60', '--interface', from, ...args]).status;
    const imap = (from: string, password: string): number =>
      curl(from, '--user', `${carol.address}:${password}`, `imaps://${server}/`);
    const session = ['--resolve', `${hostname}:443:${server}`, `https://${hostname}/api/v1/session`];
    const guess = ['-H', 'Content-Type: application/json', '-H', 'Sec-Fetch-Site: same-origin'];
    guess.push('-d', '{"name":"nobody","password":"wrong"}');
    const panel = (from: string, ...body: string[]): number => curl(from, ...session, ...body);
    // What curl(1) ends with.
    const [answered, noConnection, denied] = [0, 7, 67];

    expect([imap(neighbour, 'wrong'), imap(guesser, 'wrong')]).toEqual([denied, denied]);
    expect(banned('signpost-mail')).toBe('');
    machine.ask('swaks', [
      ...['--server', `${server}:465`, '--tls-on-connect', '--local-interface', guesser, '--timeout', '60s'],
      ...[
        '--auth',
        'PLAIN',
        '--auth-user',
        carol.address,
        '--auth-password',
        'wrong',
        '--quit-after',
        'AUTH',
      ],
    ]);
    const why = () => Promise.resolve(journal('fail2ban') + journal('dovecot') + journal('postfix'));
    await until(30, () => Promise.resolve(banned('signpost-mail') === guesser || undefined), why);
    // It is on the list before its packets are refused.
    await until(30, () => Promise.resolve(imap(guesser, carol.password) === noConnection || undefined), why);
    expect(machine.run('nft', 'list', 'ruleset')).toContain(guesser);
    expect(imap(neighbour, carol.password)).toBe(answered);

    expect([neighbour, guesser, guesser].map((from) => panel(from, ...guess))).toEqual([0, 0, 0]);
    await until(30, () => Promise.resolve(banned('signpost') === guesser || undefined), why);
    await until(30, () => Promise.resolve(panel(guesser) === noConnection || undefined), why);
    expect(panel(neighbour)).toBe(answered);

    machine.run('fail2ban-client', 'set', 'signpost-mail', 'unbanip', guesser);
    expect(imap(guesser, carol.password)).toBe(answered);
  });

  it('comes up with the machine', () => {
    for (const unit of [...units, 'signpost', 'signpost-agent'])
      expect([unit, machine.ask('systemctl', ['is-enabled', unit]).output.trim()]).toEqual([unit, 'enabled']);
  });
});
