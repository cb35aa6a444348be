import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { boxOn } from '../kit/box-on-machine.ts';
import { type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { createMailMachine, type MailMachine } from '../kit/mail-machine.ts';
import { missing } from '../kit/requires.ts';
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

  it('without the agent says how to start it, and without packages the one command that installs them', () => {
    const { status, output } = cli('mail', 'plan');
    expect(status, output).toBe(0);
    expect(output).toContain('start it as root: systemctl enable --now signpost-agent');
    machine.run('mv', '/usr/sbin/dovecot', '/usr/sbin/dovecot.away');
    expect(cli('mail', 'plan').output).toMatch(
      /apt-get install --no-install-recommends dovecot-imapd .*dovecot-sqlite$/m,
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

  it('delivers to a mailbox and an alias as soon as they are added, and shows the mail over IMAP', async () => {
    const carol = { address: 'carol@example.com', password: 'a long way to Tipperary' };
    api('POST', '/mailboxes', carol);
    api('POST', '/aliases', { address: 'info@example.com', targets: [carol.address] });
    const deliver = (to: string): string => {
      const from = ['--from', 'someone@remote.example', '--helo', 'remote.example'];
      return machine.ask('swaks', ['--server', '127.0.0.1', '--timeout', '90s', ...from, '--to', to]).output;
    };
    expect(deliver('nobody@example.com')).toMatch(/<\*\* 550 5\.1\.1 <nobody@example\.com>/);
    for (const to of [carol.address, 'info@example.com'])
      expect(deliver(to)).toMatch(/250 2\.0\.0 Ok: queued/);
    const user = ['--user', `${carol.address}:${carol.password}`];
    const inbox = ['-sk', '--max-time', '30', ...user, 'imaps://127.0.0.1/INBOX', '-X', 'SEARCH ALL'];
    const found = (): string => machine.ask('curl', inbox).output;
    await until(
      60,
      () => Promise.resolve(found().includes('SEARCH 1 2') || undefined),
      () => Promise.resolve(found() + machine.ask('tail', ['-30', '/var/log/postfix.log']).output),
    );
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
});
