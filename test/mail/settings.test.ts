import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { boxOn } from '../kit/box-on-machine.ts';
import { type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { createMailMachine, type MailMachine, resolveOnly } from '../kit/mail-machine.ts';
import { MX_PORT, RELAY_PORT, type RelayHost, startRelayHost } from '../kit/relay-host.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const commands = [
  ...['unshare', 'nsenter', 'postfix', 'smtp-sink', 'dovecot', 'rspamd', 'redis-server', 'swaks', 'curl'],
];
const reason = missing({ root: true, commands });

/** Milliseconds. */
const MINUTE = 60_000;
const data = '/srv/signpost';
const world = '203.0.113.5';
const sink = '/tmp/sink';
const anna = { address: 'anna@example.com', password: 'four words of nobody' };
const relay = { hostname: 'smtp.relay.example', user: 'box@relay.example', password: 'p:a#s$s{w}"d' };

describe.skipIf(reason)(
  `settings of the mail servers, changed while they run ${reason ?? ''}`,
  { timeout: 3 * MINUTE },
  () => {
    let machine: MailMachine;
    let box: RunningBox;
    let agent: RunningAgent;
    let relayHost: RelayHost;

    beforeAll(async () => {
      machine = await createMailMachine('box.example.net');
      machine.run('ip', 'address', 'add', `${world}/32`, 'dev', 'lo');
      resolveOnly(machine, [
        `remote.example. A ${world}`,
        'remote.example. MX 10 remote.example.',
        `${relay.hostname}. A 127.0.0.3`,
      ]);
      // A person's own: three minutes are long for a test.
      machine.write('/etc/rspamd/override.d/greylist.conf', 'timeout = 4s;\n');
      machine.run('mkdir', '-p', data);
      box = await startBox({ data, prefix: machine.prefix, workers: 1, patience: 2 * MINUTE });
      machine.run('install', '-d', '-o', 'nobody', sink);
      machine.start('sh', '-c', `cd ${sink} && exec smtp-sink -u nobody -d '%M.' 127.0.0.2:2525 100`);
      relayHost = startRelayHost(machine, {
        ...relay,
        known: 'there@example.com',
        address: '127.0.0.3',
        next: '[127.0.0.2]:2525',
      });
      agent = await startAgent(machine);
      api('POST', '/domains', { name: 'example.com' });
      api('POST', '/mailboxes', anna);
      const { status, output } = cli('mail', 'apply', '--yes');
      expect(status, output + agent.output()).toBe(0);
    }, 6 * MINUTE);
    afterAll(async () => {
      await agent.stop();
      await box.kill();
      machine.ask('sh', ['-c', 'postfix -c /srv/relay/etc stop; doveadm -c /srv/relay/dovecot.conf stop']);
      await machine.close();
    }, MINUTE);

    const { api, cli } = boxOn(() => machine, data);
    const swaks = (...args: string[]): string =>
      machine.ask('swaks', ['--server', '127.0.0.1', '--timeout', '60s', ...args]).output;
    const submit = (subject: string): string => {
      const auth = ['--auth', 'PLAIN', '--auth-user', anna.address, '--auth-password', anna.password];
      const envelope = ['--from', anna.address, '--to', 'friend@elsewhere.example'];
      return swaks(
        ...['--port', '465', '--tls-on-connect', ...auth, ...envelope],
        ...['--header', `Subject: ${subject}`],
      );
    };
    const deliver = (subject: string, ...more: string[]): string =>
      swaks(
        ...['--local-interface', world, '--helo', 'remote.example', '--from', 'someone@remote.example'],
        ...['--to', anna.address, '--header', `Subject: ${subject}`, ...more],
      );
    const log = (): string => machine.ask('tail', ['-60', '/var/log/postfix.log']).output;
    /** What went elsewhere with this subject. */
    const sent = (subject: string): Promise<string> =>
      until(
        60,
        () => {
          const find = `grep -l 'Subject: ${subject}' ${sink}/* | head -1 | xargs -r cat`;
          const { output } = machine.ask('sh', ['-c', find]);
          return Promise.resolve(output.includes(subject) ? output : undefined);
        },
        () => Promise.resolve(log() + relayHost.log()),
      );
    /** The change reaches the daemons by itself, some seconds after it was answered. */
    async function set(file: string, expected: string, ...options: string[]): Promise<void> {
      const { status, output } = cli('mail', 'settings', 'set', ...options);
      expect(status, output).toBe(0);
      const text = (): string => machine.ask('cat', [file]).output;
      await until(
        120,
        () => Promise.resolve(text().includes(expected) || undefined),
        () => Promise.resolve(`no ${expected} in ${text()}${agent.output().slice(-3000)}`),
      );
      // Its daemon has it when the agent is done.
      expect(cli('mail', 'apply', '--yes').status).toBe(0);
    }
    const setRelay = (password: string): Promise<void> => {
      machine.write('/root/relay-password', `${password}\n`, '600');
      const options = ['--relay', `${relay.hostname}:${RELAY_PORT}`, '--relay-user', relay.user];
      const file = ['--password-file', '/root/relay-password'];
      return set('/etc/postfix/signpost/relay-password', `${relay.user}:${password}\n`, ...options, ...file);
    };

    it('leaves mail in the queue while the relay host does not know the password', async () => {
      await setRelay('wrong');
      expect(submit('through another')).toMatch(/250 2\.0\.0 Ok: queued/);
      await until(
        60,
        () => Promise.resolve(/SASL authentication failed.*535/.test(log()) || undefined),
        () => Promise.resolve(log() + relayHost.log()),
      );
    });

    interface Waiting {
      items: { id: string; queue: string; recipients: { address: string; reason: string | null }[] }[];
      counts: Record<string, number>;
    }
    const waiting = (domain: string): Waiting =>
      api('GET', `/mail/queue?domain=${domain}`) as ReturnType<typeof waiting>;

    it('shows what waits and why, holds and releases it, and deletes what is for one domain alone', async () => {
      const { items } = await until(60, () => {
        const found = waiting('elsewhere.example');
        return Promise.resolve(found.items[0]?.recipients[0]?.reason ? found : undefined);
      });
      const [{ id, recipients }] = items as [Waiting['items'][0]];
      expect(recipients).toEqual([
        {
          address: 'friend@elsewhere.example',
          reason: expect.stringContaining('SASL authentication failed') as string,
        },
      ]);
      const act = (...args: string[]): string => cli('mail', 'queue', ...args).output;
      expect(act('hold', id)).toContain('Done for 1 message.');
      expect(waiting('elsewhere.example').counts).toEqual({ hold: 1 });
      swaks(
        ...['--port', '465', '--tls-on-connect', '--auth', 'PLAIN', '--auth-user', anna.address],
        ...['--auth-password', anna.password, '--from', anna.address],
        ...['--to', 'one@nowhere.example,two@nowhere.example'],
      );
      await until(60, () => Promise.resolve(waiting('nowhere.example').items[0]));
      expect(act('delete', '--domain', 'nowhere.example', '--yes')).toContain('Done for 1 message.');
      expect(waiting('nowhere.example').items).toEqual([]);
      expect(act('release', '--domain', 'elsewhere.example')).toContain('Done for 1 message.');
      expect(waiting('elsewhere.example').counts).not.toHaveProperty('hold');
      expect(act('list', '--domain', 'elsewhere.example')).toContain(id);
      expect(act('hold', 'ABCDEF012345')).toContain('There is no message ABCDEF012345');
      expect(act('retry')).toContain('All that waits is tried now.');
    });

    it('hands mail for elsewhere to the relay host, over TLS that is verified, signed in', async () => {
      await setRelay(relay.password);
      // A queue manager that reloads just then does not hear of it.
      const flushing = setInterval(() => machine.ask('postqueue', ['-f']), 5000);
      const message = await sent('through another').finally(() => clearInterval(flushing));
      expect(message).toMatch(
        /^Received: from box\.example\.net .*\n(?:\s.*\n)*\s+by smtp\.relay\.example \(Postfix\) with ESMTPSA/m,
      );
      expect(log()).toContain('Verified TLS connection established to smtp.relay.example[127.0.0.3]:10587');
      expect(relayHost.log()).toContain(`sasl_username=${relay.user}`);
    });

    it('never shows the password again', () => {
      const shown = JSON.stringify(api('GET', '/mail/settings'));
      expect(shown).toContain('"hasPassword":true');
      const plan = cli('mail', 'plan').output;
      const text = shown + plan + JSON.stringify(api('GET', '/audit')) + box.output() + agent.output();
      expect(text).not.toContain(relay.password);
      const stat = machine.run('stat', '-c', '%U %a', '/etc/postfix/signpost/relay-password');
      expect(stat.trim()).toBe('root 600');
    });

    it('sends nothing to a relay host with a certificate of another name', async () => {
      machine.write(
        '/etc/signpost/unbound.conf',
        `${machine.read('/etc/signpost/unbound.conf')}  local-data: 'other.example. A 127.0.0.3'\n`,
      );
      await set(
        '/etc/postfix/main.cf',
        `upstream:[other.example]:${RELAY_PORT}`,
        '--relay',
        `other.example:${RELAY_PORT}`,
      );
      submit('to the wrong one');
      await until(
        60,
        () => Promise.resolve(log().includes('Server certificate not verified') || undefined),
        () => Promise.resolve(log()),
      );
      await set('/etc/postfix/main.cf', 'smtpd_banner', '--relay', 'none');
      expect(machine.read('/etc/postfix/main.cf')).not.toContain('upstream');
    });

    it('asks doubtful mail of strangers to come again, and takes it then', async () => {
      await set(
        '/etc/rspamd/local.d/greylist.conf',
        'enabled = true',
        '--greylisting',
        'yes',
        '--scores',
        '1/100',
      );
      const first = deliver('doubtful');
      expect(first).toMatch(/<\*\* 451 4\.7\.1 /);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(deliver('doubtful')).toMatch(/250 2\.0\.0 Ok: queued/);
      await set(
        '/etc/rspamd/local.d/greylist.conf',
        'enabled = false',
        '--greylisting',
        'no',
        '--scores',
        'default',
      );
    });

    interface Entry {
      sender: string;
      recipients: string[];
      action: string;
      score: number;
      symbols: { name: string }[];
      size: number;
    }
    const history = (): { items: Entry[]; problem: string | null } =>
      api('GET', `/mail/history?address=${anna.address}`) as ReturnType<typeof history>;

    it('shows what became of them, from Rspamd’s history', () => {
      const { items, problem } = history();
      expect(problem).toBeNull();
      // The newest first, without its subject.
      expect(items.slice(0, 2).map(({ action }) => action)).toEqual(['add header', 'soft reject']);
      expect(items[0]).toMatchObject({ sender: 'someone@remote.example', recipients: [anna.address] });
      expect(items[0]!.symbols.length).toBeGreaterThan(3);
      expect(JSON.stringify(items)).not.toContain('doubtful');
      expect(cli('mail', 'history', '--domain', 'example.com', '--why').output).toMatch(
        /someone@remote\.example +anna@example\.com +add header/,
      );
    });

    it('knows from it that a first message came and went', () => {
      const ids = ['first-received', 'first-sent'];
      expect(api('POST', '/checks', { ids })).toMatchObject({
        items: ids.map((id) => ({ id, state: 'good', found: [] })),
      });
    });

    it('filters the mail of one domain otherwise, and what goes to two as the box does', async () => {
      const { score } = history().items[0]!;
      const refused = Math.round(score * 50) / 100;
      const serving = (): string[] =>
        machine.run('pgrep', '-f', '^rspamd: rspamd_proxy process').trim().split('\n');
      const before = serving();
      await set('/etc/rspamd/local.d/actions.conf', `reject = ${refused}`, '--scores', `0.1/${refused}`);
      // What is said to be applied is in use: after the signal Rspamd takes seconds, in which the processes of before serve.
      expect(serving().some((process) => !before.includes(process))).toBe(true);
      expect(deliver('spam')).toMatch(/554 5\.7\.1/);
      api('POST', '/domains', { name: 'example.org' });
      api('POST', '/aliases', { address: 'info@example.org', targets: [anna.address] });
      expect(cli('domain', 'mail', 'example.com', '--spam', 'no').output).toMatch(
        /arrives as all other mail/,
      );
      const file = '/etc/rspamd/local.d/rspamd.lua';
      await until(60, () => Promise.resolve(machine.ask('test', ['-e', file]).status === 0 || undefined));
      expect(cli('mail', 'apply', '--yes').status).toBe(0);
      expect(deliver('no spam here')).toMatch(/250 2\.0\.0 Ok: queued/);
      expect(history().items[0]).toMatchObject({ action: 'no action' });
      expect(deliver('to both', '--to', `${anna.address},info@example.org`)).toMatch(/554 5\.7\.1/);
      expect(cli('domain', 'mail', 'example.com', '--spam', 'yes').status).toBe(0);
      await set('/etc/rspamd/local.d/actions.conf', 'reject = 15', '--scores', 'default');
    });

    it('hands mail to another host for addresses of a domain that are not here, and asks it for each', async () => {
      const to = (address: string, subject: string): string => deliver(subject, '--to', address);
      expect(to('there@example.com', 'before')).toMatch(/550 5\.1\.1/);
      const hop = cli('domain', 'mail', 'example.com', '--next-hop', `127.0.0.3:${MX_PORT}`);
      expect(hop.status, hop.output).toBe(0);
      // At once, with nothing reloaded.
      expect(to('there@example.com', 'split'), log()).toMatch(/250 2\.0\.0 Ok: queued/);
      expect(await sent('split')).toMatch(/by smtp\.relay\.example \(Postfix\)/);
      expect(to('nobody@example.com', 'nobody')).toMatch(/550 5\.1\.1 .*undeliverable address/);
      to('anna+shop@example.com', 'for here');
      await until(
        60,
        () =>
          Promise.resolve(/to=<anna\+shop@example\.com>.*dovecot-lmtp.*status=sent/.test(log()) || undefined),
        () => Promise.resolve(log()),
      );
      // While that host is away, what it said lately holds, and waits here; the rest is asked to come again.
      machine.run('postfix', '-c', '/srv/relay/etc', 'stop');
      expect(to('there@example.com', 'waits')).toMatch(/250 2\.0\.0 Ok: queued/);
      expect(machine.run('postqueue', '-p')).toContain('there@example.com');
      expect(to('other@example.com', 'comes again')).toMatch(/450 4\.1\.1 /);
    });

    it('refuses messages that are larger than said', async () => {
      await set('/etc/postfix/main.cf', 'message_size_limit = 2097152', '--size', '2M');
      expect(deliver('small')).toMatch(/250-SIZE 2097152/);
      machine.run('sh', '-c', 'head -c 2200000 /dev/zero | tr "\\0" "\\n" > /tmp/large');
      expect(deliver('large', '--attach', '@/tmp/large')).toMatch(/552 5\.3\.4/);
    });
  },
);
