import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { boxOn } from '../kit/box-on-machine.ts';
import { type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { createMailMachine, type MailMachine } from '../kit/mail-machine.ts';
import { missing } from '../kit/requires.ts';
import { programs } from '../kit/programs.ts';
import { until } from '../kit/until.ts';

const commands = [
  'unshare',
  'nsenter',
  'unbound',
  'postfix',
  'dovecot',
  'rspamd',
  'redis-server',
  'openssl',
  'curl',
  'dig',
];
const reason = missing({ root: true, commands });

/** Milliseconds. */
const MINUTE = 60_000;
const data = '/srv/signpost';

describe.skipIf(reason)(`the box and its mail servers ${reason ?? ''}`, { timeout: 3 * MINUTE }, () => {
  let machine: MailMachine;
  let box: RunningBox;
  let agent: RunningAgent;

  beforeAll(async () => {
    machine = await createMailMachine('box.example.net');
    machine.run('mkdir', '-p', data);
    // As where systemd-resolved or resolvconf keeps it.
    machine.run('sh', '-c', 'mv /etc/resolv.conf /run/stub && ln -s ../run/stub /etc/resolv.conf');
    box = await startBox({ data, prefix: machine.prefix, workers: 1, patience: 2 * MINUTE });
  }, 3 * MINUTE);
  afterAll(async () => {
    await agent.stop();
    await box.kill();
    await machine.close();
  }, MINUTE);

  const { api, cli } = boxOn(() => machine, data);
  const main = (): string => machine.read('/etc/postfix/main.cf');

  const carol = { address: 'carol@example.com', password: 'a long way to Tipperary' };
  /** A message to port 25. @returns what was said */
  function deliver(to: string, ...more: string[]): string {
    const from = ['--from', 'someone@remote.example', '--helo', 'remote.example'];
    const flags = ['--server', '127.0.0.1', '--timeout', '90s', ...from, '--to', to, ...more];
    return machine.ask('swaks', flags).output;
  }
  /** Waits until Carol has so many messages of the kind. */
  async function found(criteria: string, count: number): Promise<void> {
    const user = ['--user', `${carol.address}:${carol.password}`];
    const search = ['imaps://127.0.0.1/INBOX', '-X', `SEARCH ${criteria}`];
    const answer = (): string => machine.ask('curl', ['-sk', '--max-time', '30', ...user, ...search]).output;
    await until(
      60,
      () => Promise.resolve((answer().match(/\d+/g) ?? []).length === count || undefined),
      () => Promise.resolve(answer() + machine.ask('tail', ['-30', '/var/log/postfix.log']).output),
    );
  }

  it('without the agent says how to start it, and without packages the one command that installs them', () => {
    const { status, output } = cli('mail', 'plan');
    expect(status, output).toBe(0);
    expect(output).toContain('start it as root: systemctl enable --now signpost-agent');
    machine.run('mv', '/usr/sbin/dovecot', '/usr/sbin/dovecot.away');
    expect(cli('mail', 'plan').output).toMatch(
      /apt-get install --no-install-recommends dovecot-imapd .*dovecot-fts-xapian$/m,
    );
    machine.run('mv', '/usr/sbin/dovecot.away', '/usr/sbin/dovecot');
    expect(cli('mail', 'apply', '--yes').output).toMatch(/The agent does not answer/);
  });

  it('plans, and changes nothing until a person has applied it', async () => {
    agent = await startAgent(machine);
    api('POST', '/domains', { name: 'example.com' });
    const { output } = cli('mail', 'plan');
    expect(output).toContain('+myhostname = box.example.net');
    expect(output).toMatch(/postfix would reload:/);
    expect(output).not.toContain('PRIVATE KEY');
    // Longer than changes are collected.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(main()).not.toContain('box.example.net');
    expect(cli('mail', 'apply').output).toContain('add --yes');
  });

  it('applies, and shows that the servers run', () => {
    const { status, output } = cli('mail', 'apply', '--yes');
    expect(output + agent.output()).toMatch(/postfix +applied/);
    expect(status).toBe(0);
    expect(machine.run('stat', '-c', '%F', '/etc/resolv.conf').trim()).toBe('regular file');
    expect(machine.read('/run/stub')).toBe('nameserver 127.0.0.1\n');
    expect(cli('mail', 'status').output).toMatch(/postfix +3\.7\.\d+ +runs/);
    expect(cli('mail', 'plan').output.trim()).toBe('Nothing would change.');
  });

  it('has the resolver ask the box for the box’s own zone: nobody else can be asked from here', () => {
    const { hostname, ipv4 } = api('GET', '/box') as { hostname: string; ipv4: string[] };
    // Without validation, for which the root would be asked.
    const dig = (...args: string[]): string =>
      machine.run('dig', '+short', '+cd', '+time=10', '@127.0.1.53', ...args).trim();
    expect(dig(hostname, 'A')).toBe(ipv4.join('\n'));
    expect(dig(hostname, 'MX')).toMatch(/^\d+ box\.example\.net\.$/);
  });

  it('delivers to a mailbox and an alias as soon as they are added, and shows the mail over IMAP', async () => {
    api('POST', '/mailboxes', carol);
    api('POST', '/aliases', { address: 'info@example.com', targets: [carol.address] });
    expect(deliver('nobody@example.com')).toMatch(/<\*\* 550 5\.1\.1 <nobody@example\.com>/);
    for (const to of [carol.address, 'info@example.com'])
      expect(deliver(to)).toMatch(/250 2\.0\.0 Ok: queued/);
    await found('ALL', 2);
  });

  it('shows the end of the logs: of a file, and of what a daemon that the agent started prints', () => {
    const [, id] = /Ok: queued as (\w+)/.exec(deliver(carol.address, '--header', 'Subject: logged'))!;
    const log = (...args: string[]): string => cli('mail', 'log', ...args).output;
    expect(log('postfix', '--lines', '500')).toContain(`${id}: client=`);
    expect(log('postfix', '--lines', '1').trimEnd().split('\n')).toHaveLength(1);
    expect(log('dovecot')).toMatch(/^\d{4}-\d\d-\d\dT\S+ .*imap-login: .*carol@example\.com/m);
    expect(log('rspamd')).toMatch(/rspamd/);
    // What its user puts in the place of its log is not what root reads.
    machine.run('sh', '-c', 'cd /var/log/rspamd && mv rspamd.log away && ln -s /etc/shadow rspamd.log');
    expect(log('rspamd')).toBe(
      'The log at /var/log/rspamd/rspamd.log is not read: it is a link, or no plain file.\n',
    );
    machine.run('sh', '-c', 'cd /var/log/rspamd && mv away rspamd.log');
    expect(cli('mail', 'log', 'sshd').status).not.toBe(0);
  });

  it('follows a log', async () => {
    const accepted = (subject: string): string =>
      /Ok: queued as (\w+)/.exec(deliver(carol.address, '--header', `Subject: ${subject}`))![1]!;
    const id = accepted('before');
    const follow = ['--data', data, 'mail', 'log', 'postfix', '--follow'];
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', programs.cli] as const;
    const followed = machine.start(...node, ...follow);
    let shown = '';
    followed.stdout!.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    await until(60, () => Promise.resolve(shown.includes(`${id}: client=`) || undefined));
    const next = accepted('after');
    await until(60, () => Promise.resolve(shown.includes(`${next}: client=`) || undefined));
    followed.kill();
    // What was there when it began stands there once.
    expect(shown.split(`${id}: client=`)).toHaveLength(2);
  });

  it('takes mail for a domain in letters that are not ASCII, which servers write in A-labels (RFC 5891)', async () => {
    const bertha = { address: 'bertha@bücher.example', password: 'another way to Tipperary' };
    api('POST', '/domains', { name: 'bücher.example' });
    api('POST', '/mailboxes', { ...bertha, forwardTo: [carol.address], keepCopy: true });
    const to = 'bertha@xn--bcher-kva.example';
    expect(deliver(to, '--header', 'Subject: in A-labels')).toMatch(/250 2\.0\.0 Ok: queued/);
    await found('SUBJECT "in A-labels"', 1);
    const inbox = [
      '-sk',
      '--max-time',
      '30',
      '--user',
      `${to}:${bertha.password}`,
      'imaps://127.0.0.1/INBOX',
    ];
    expect(machine.ask('curl', [...inbox, '-X', 'SEARCH SUBJECT "in A-labels"']).output).toMatch(/SEARCH 1/);
    api('DELETE', `/mailboxes/${to}`);
  });

  it('takes what programs write to users of the machine to the administrator, and what the required addresses get', async () => {
    const box = api('GET', '/box') as object;
    api('PUT', '/box', { ...box, adminEmail: carol.address });
    const write = (user: string, subject: string, ...args: string[]): void => {
      const as = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--', 'sendmail', ...args];
      const { status, output } = machine.ask('setpriv', as, `Subject: ${subject}\n\nIt says this.\n`);
      expect(status, output).toBe(0);
    };
    // As cron does.
    write('root', 'from cron', '-FCronDaemon', '-i', '-B8BITMIME', '-oem', 'root');
    write('www-data', 'of another user', '-i', 'www-data');
    write('root', 'by name', '-i', 'root@localhost');
    for (const to of ['postmaster@example.com', 'abuse@example.com', 'postmaster@box.example.net'])
      expect(deliver(to, '--header', 'Subject: required')).toMatch(/250 2\.0\.0 Ok: queued/);
    await found('SUBJECT required', 3);
    for (const subject of ['from cron', 'of another user', 'by name']) await found(`SUBJECT "${subject}"`, 1);
    // Users of the machine are nobody that the world could write to.
    expect(deliver('www-data@box.example.net')).toMatch(/<\*\* 550 5\.1\.1/);
    expect(deliver('root@localhost')).toMatch(/<\*\* 454 4\.7\.1|<\*\* 554 5\.7\.1/);
  });

  it('gives Rspamd the DKIM keys of a domain that is added, by itself', async () => {
    api('POST', '/domains', { name: 'example.org' });
    const keys = (): string => machine.ask('ls', ['/var/lib/signpost-dkim/example.org']).output;
    await until(
      90,
      () => Promise.resolve(/^ed\w+\.key\nrsa\w+\.key\n$/.test(keys()) || undefined),
      () => Promise.resolve(keys()),
    );
    api('DELETE', '/domains/example.org');
    await until(
      60,
      () => Promise.resolve(keys().includes('No such file') || undefined),
      () => Promise.resolve(keys()),
    );
  });

  it('leaves an edited file alone, and says so', () => {
    machine.write('/etc/postfix/main.cf', `${main()}delay_warning_time = 9h\n`);
    const { status, output } = cli('mail', 'apply', '--yes');
    expect(status).not.toBe(0);
    expect(output).toMatch(/postfix +refused +\/etc\/postfix\/main\.cf: edited by hand/);
    expect(cli('mail', 'plan').output).toContain('change /etc/postfix/main.cf (edited by hand)');
    expect(cli('mail', 'apply', '--yes', '--replace-edited').status).toBe(0);
    expect(main()).not.toContain('9h');
  });

  it('swaps nothing that the checker objects to, goes on as before, and raises the alarm', () => {
    const addition = '/etc/signpost/postfix-main.cf';
    const master = (): string => machine.run('pgrep', '-o', '-x', 'master').trim();
    const problems = (): string[] => (api('GET', '/health') as { problems: string[] }).problems;
    const [before, pid] = [main(), master()];
    machine.write(addition, 'smtpd_tls_seclevel = may\n');
    const { status, output } = cli('mail', 'apply', '--yes');
    expect(status).not.toBe(0);
    expect(output).toMatch(/postfix +refused .*smtpd_tls_seclevel/);
    expect([main(), master()]).toEqual([before, pid]);
    expect(deliver(carol.address)).toMatch(/250 2\.0\.0 Ok: queued/);
    expect(problems()).toContainEqual(
      expect.stringMatching(/^The mail server postfix was not configured anew.*smtpd_tls_seclevel/),
    );
    const events = ['--max-time', '2', '--unix-socket', `${data}/signpost.sock`, '-H', 'Last-Event-ID: 1'];
    expect(machine.ask('curl', ['-sN', ...events, 'http://box/api/v1/events']).output).toMatch(
      /event: mail\.failed\ndata: .*"server":"postfix".*"refused"/,
    );
    machine.run('rm', addition);
    expect(cli('mail', 'apply', '--yes').status).toBe(0);
    expect(problems().join()).not.toContain('postfix');
  });
});
