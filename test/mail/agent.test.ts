import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putKeys, type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { installDirectory } from '../kit/mail-directory.ts';
import { createMailMachine, type MailMachine } from '../kit/mail-machine.ts';
import { directoryPath, dkimKeys, mailModel, neededDrivers } from '../kit/mail-model.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const commands = ['unshare', 'nsenter', 'unbound', 'postfix', 'dovecot', 'rspamd', 'redis-server', 'openssl'];
const reason = missing({ root: true, commands });

/** Milliseconds. */
const MINUTE = 60_000;

describe.skipIf(reason)(`the agent ${reason ?? ''}`, { timeout: 3 * MINUTE }, () => {
  let box: MailMachine;
  let agent: RunningAgent;
  const model = mailModel('box.example.net');

  beforeAll(async () => {
    box = await createMailMachine(model.hostname);
    installDirectory(box, [{ address: 'alice@example.com', password: 'a' }], []);
    // As in a container: a file of the host's is mounted there.
    box.run('sh', '-c', 'cp /etc/resolv.conf /run/host && mount --bind /run/host /etc/resolv.conf');
    agent = await startAgent(box);
  }, 5 * MINUTE);
  afterAll(async () => {
    await agent.stop();
    await box.close();
  }, MINUTE);

  const apply = (changes: Partial<typeof model> = {}, replaceEdited = false) =>
    agent.ask({ do: 'apply', model: { ...model, ...changes }, replaceEdited });
  const resultOf = (answer: ReturnType<typeof apply>, name: string) =>
    'results' in answer ? answer.results.find((result) => result.name === name) : answer;
  const pidOf = (what: string): string => box.run('pgrep', '-o', '-x', what).trim();

  it.each([
    ['what is not JSON', 'hello', /not JSON/],
    ['another request', '{"do":"run","command":"id"}', /none that the agent knows: do/],
    ['a request with more in it', '{"do":"status","path":"/etc/shadow"}', /none that the agent knows/],
    [
      'files in place of a model',
      JSON.stringify({ do: 'apply', files: [], replaceEdited: false }),
      /none that the agent knows/,
    ],
    ['a line of its own in a name', ask({ hostname: 'box.example.net\nmyorigin = x' }), /model\.hostname/],
    ['a parameter in a name', ask({ hostname: '$virtual_alias_maps' }), /model\.hostname/],
    ['a directory elsewhere', ask({ directory: '/srv/../etc/shadow' }), /model\.directory/],
    [
      'a path in a selector',
      JSON.stringify({
        do: 'put-keys',
        part: 'changed',
        domains: [{ domain: 'example.com', keys: [{ selector: '../x', algorithm: 'rsa', privateKey: '' }] }],
        at: null,
      }),
      /domains\.0\.keys\.0\.selector/,
    ],
    [
      'keys of a domain that is a path',
      JSON.stringify({ do: 'put-keys', part: 'changed', domains: [{ domain: '..', keys: [] }], at: null }),
      /domains\.0\.domain/,
    ],
    [
      'an address with more in it',
      ask({ nameserver: { zone: 'example.net', address: '127.0.0.1\nstub-first: no', port: 53 } }),
      /nameserver\.address/,
    ],
    ['a certificate that is none', ask({ certificate: { chain: 'x', key: 'y' } }), /model\.certificate/],
    [
      'a password with a line of its own',
      ask({ settings: { ...model.settings, redisPassword: 'aaaaaaaaaaaaaaaa\nx' } }),
      /redisPassword/,
    ],
    [
      'a relay host with a line of its own',
      ask({ settings: { ...model.settings, relay: { host: 'a\nb', port: 25 } } }),
      /relay\.host/,
    ],
    [
      'a password of the relay host with a line of its own',
      ask({
        settings: {
          ...model.settings,
          relay: { host: 'smtp.example.org', port: 25, credentials: { user: 'a', password: 'b\nc' } },
        },
      }),
      /relay\.credentials\.password/,
    ],
    [
      'a line of its own in the address of a mailbox',
      JSON.stringify({ do: 'usage', addresses: ['alice@example.com\nbob@example.com'] }),
      /addresses\.0/,
    ],
    ['all mailboxes at once', JSON.stringify({ do: 'usage', addresses: ['*'] }), /addresses\.0/],
    [
      'more mailboxes than a page has',
      JSON.stringify({ do: 'usage', addresses: Array.from({ length: 501 }, (_, n) => `u${n}@example.com`) }),
      /addresses/,
    ],
    [
      'to say what mailboxes hold while Dovecot does not run',
      JSON.stringify({ do: 'usage', addresses: ['alice@example.com'] }),
      /^Dovecot does not run/,
    ],
  ])('refuses %s', (_what, line, problem) => {
    expect(agent.say(line)).toEqual({ ok: false, problem: expect.stringMatching(problem) as string });
  });

  function ask(changes: object): string {
    return JSON.stringify({ do: 'apply', model: { ...model, ...changes }, replaceEdited: false });
  }

  it('refuses who is neither root nor the box’s user, whatever they ask', () => {
    expect(agent.say('{"do":"status"}', 'nobody')).toEqual({
      ok: false,
      problem: expect.stringMatching(/User \d+ may not ask/) as string,
    });
    box.run('useradd', '--system', 'signpost');
    expect(agent.say('{"do":"status"}', 'signpost')).toMatchObject({ ok: true });
  });

  it('keeps the DKIM keys of all domains in folders that only Rspamd reads, and changes those that it is told to', () => {
    const folder = '/var/lib/signpost-dkim';
    const files = (): string =>
      box.run('sh', '-c', `cd ${folder} && find . -type f -printf '%p %m %u:%g\n' | sort`);
    const domains = ['example.com', 'example.org'].map((name) => dkimKeys(name).signers);
    expect(agent.ask({ do: 'keys' })).toEqual({ ok: true, keys: null });
    // Nobody began a round of all keys.
    expect(
      agent.ask({ do: 'put-keys', part: 'last', domains, at: { sequence: 1, mark: 'a' } }),
    ).toMatchObject({
      ok: false,
    });
    putKeys(agent, domains);
    const own = '640 root:_rspamd\n';
    const both = (domain: string): string => `./${domain}/ed2611a.key ${own}./${domain}/rsa2611a.key ${own}`;
    expect(files()).toBe(both('example.com') + both('example.org'));
    const [, second] = domains;
    const rolled = { domain: 'example.com', keys: [{ ...domains[0]!.keys[1]!, selector: 'rsa2612a' }] };
    const at = { sequence: 2, mark: 'b' };
    agent.ask({
      do: 'put-keys',
      part: 'changed',
      domains: [rolled, { domain: second!.domain, keys: [] }],
      at,
    });
    expect(files()).toBe(`./example.com/rsa2612a.key ${own}`);
    expect(agent.ask({ do: 'keys' })).toEqual({ ok: true, keys: at });
    // All there are: what is not named goes.
    putKeys(agent, [second!]);
    expect(files()).toBe(both('example.org'));
  });

  it('plans without changing anything, and shows no secret', () => {
    const before = box.run('sh', '-c', 'find /etc -type f -print0 | sort -z | xargs -0 sha256sum');
    const answer = agent.ask({ do: 'plan', model });
    expect(box.run('sh', '-c', 'find /etc -type f -print0 | sort -z | xargs -0 sha256sum')).toBe(before);
    const text = JSON.stringify(answer);
    expect(text).toContain('+myhostname = box.example.net');
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain(model.settings.redisPassword);
  });

  it('applies, keeps what was there before, and changes nothing the second time', () => {
    const debian = box.read('/etc/dovecot/dovecot.conf');
    const first = apply();
    expect(resultOf(first, 'postfix'), agent.output()).toMatchObject({ outcome: 'applied' });
    const kept = /\S+dovecot\.conf/.exec((resultOf(first, 'dovecot') as { detail: string }).detail)![0];
    expect(box.read(kept)).toBe(debian);
    expect(box.read('/run/host')).toContain('nameserver 127.0.1.53\n');
    expect(apply()).toMatchObject({
      results: Array(neededDrivers.length).fill({ outcome: 'unchanged' }) as object[],
    });
    expect(agent.ask({ do: 'plan', model })).toMatchObject({
      plan: Array(neededDrivers.length).fill({ changes: [], running: true }) as object[],
    });
  });

  it('takes a new model by a reload: the daemons are the same processes', () => {
    const pids = [pidOf('dovecot'), pidOf('master')];
    const answer = apply({ settings: { ...model.settings, messageSizeLimit: 20_000_000 } });
    expect(resultOf(answer, 'postfix')).toMatchObject({ outcome: 'applied' });
    expect(resultOf(answer, 'dovecot')).toMatchObject({ outcome: 'unchanged' });
    expect(box.run('postconf', '-h', 'message_size_limit').trim()).toBe('20000000');
    expect([pidOf('dovecot'), pidOf('master')]).toEqual(pids);
    apply();
  });

  it('swaps nothing that the checker objects to, and says why', () => {
    const before = box.read('/etc/postfix/main.cf');
    const pid = pidOf('master');
    box.write('/etc/signpost/postfix-main.cf', 'smtpd_tls_seclevel = may\n');
    expect(resultOf(apply(), 'postfix')).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('unused parameter: smtpd_tls_seclevel=may') as string,
    });
    expect([box.read('/etc/postfix/main.cf'), pidOf('master')]).toEqual([before, pid]);
    box.run('rm', '/etc/signpost/postfix-main.cf');
  });

  it('puts back what was there when a daemon does not serve with what its checker took, and that serves', () => {
    const before = box.read('/etc/postfix/main.cf');
    const pid = pidOf('master');
    // An open relay: the checker knows these words, and smtpd ends rather than be one.
    const open = 'smtpd_relay_restrictions = permit\nsmtpd_recipient_restrictions = permit\n';
    box.write('/etc/signpost/postfix-main.cf', open);
    const { outcome, detail } = resultOf(apply(), 'postfix') as { outcome: string; detail: string };
    expect([outcome, detail]).toEqual(['rolled-back', 'Postfix does not answer on port 25.']);
    expect([box.read('/etc/postfix/main.cf'), pidOf('master')]).toEqual([before, pid]);
    const greeting = 'exec 3<>/dev/tcp/127.0.0.1/25; IFS= read -r -t 20 line <&3; echo "$line"';
    expect(box.run('bash', '-c', greeting)).toMatch(/^220 box\.example\.net ESMTP/);
    box.run('rm', '/etc/signpost/postfix-main.cf');
    expect(resultOf(apply(), 'postfix')).toMatchObject({ outcome: 'unchanged' });
  });

  it('notices an edit by hand, shows it, leaves it, and keeps a copy when it may be replaced', () => {
    const path = '/etc/postfix/main.cf';
    const edited = `${box.read(path)}delay_warning_time = 9h\n`;
    box.write(path, edited);
    const plan = agent.ask({ do: 'plan', model });
    expect(plan).toMatchObject({
      plan: [
        ...neededDrivers.slice(1).map(() => ({})),
        {
          changes: [
            {
              path,
              kind: 'change',
              edited: true,
              diff: expect.stringContaining('-delay_warning_time = 9h') as string,
            },
          ],
        },
      ],
    });
    expect(resultOf(apply(), 'postfix')).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining(path) as string,
    });
    expect(box.read(path)).toBe(edited);
    const replaced = resultOf(apply({}, true), 'postfix') as { outcome: string; detail: string };
    expect(replaced.outcome).toBe('applied');
    expect(box.read(/\S+main\.cf/.exec(replaced.detail)![0])).toBe(edited);
    expect(box.read(path)).not.toContain('9h');
  });

  it('puts back at its start what a crash cut short between the swap and the probe', async () => {
    const main = '/etc/postfix/main.cf';
    const before = box.read(main);
    // With it Postfix does not answer, so that the agent waits for half a minute before it rolls back.
    const open = 'smtpd_relay_restrictions = permit\nsmtpd_recipient_restrictions = permit\n';
    box.write('/etc/signpost/postfix-main.cf', open);
    agent.begin({ do: 'apply', model, replaceEdited: false });
    await until(60, () => Promise.resolve(box.read(main).endsWith(open) || undefined));
    await agent.kill();
    box.run('rm', '/etc/signpost/postfix-main.cf');
    expect(box.read(main)).toMatch(/= permit\n$/);
    agent = await startAgent(box);
    expect(box.read(main)).toBe(before);
    expect(agent.output()).toContain('undid what a crash cut short');
    await until(60, () => {
      const { ok, ...rest } = agent.ask({ do: 'status' });
      const status = ok && 'status' in rest ? rest.status : [];
      return Promise.resolve(
        (status.length > 0 && status.every((one) => one.running && !one.problem)) || undefined,
      );
    });
    expect(apply()).toMatchObject({
      results: Array(neededDrivers.length).fill({ outcome: 'unchanged' }) as object[],
    });
  });

  it('starts a daemon again that was killed', async () => {
    const before = pidOf('dovecot');
    box.run('kill', '-KILL', before);
    await until(60, () => {
      const now = box.ask('pgrep', ['-o', '-x', 'dovecot']).output.trim();
      return Promise.resolve((now !== '' && now !== before) || undefined);
    });
    expect(agent.output()).toContain('a daemon ended; starting it again');
  });

  it('lets the servers read the directory of who asks, and gives away nobody else’s', () => {
    box.run('install', '-d', '-m', '700', '-o', 'signpost', '/srv/other', '/srv/other/mail');
    const directory = '/srv/other/mail/directory.sqlite';
    box.write(directory, '', '600', 'signpost:root');
    box.write(`${directory}-wal`, '', '600', 'root:root');
    box.run('ln', '-s', '/etc/shadow', `${directory}-shm`);
    const shadow = box.run('stat', '-c', '%U:%G %a', '/etc/shadow');
    const modes = (): string =>
      box.run('sh', '-c', 'cd /srv && stat -c "%n %U:%G %a" other other/mail other/mail/*');
    const before = modes();
    expect(apply({ directory })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^The mail servers, as the user postfix, cannot read/) as string,
    });
    expect(modes()).toBe(before);
    const line = JSON.stringify({ do: 'apply', model: { ...model, directory }, replaceEdited: false });
    // Of no interest here: what is wrong with the rest of an empty directory.
    agent.say(line, 'signpost');
    expect(modes().split('\n').slice(0, 4)).toEqual([
      'other signpost:postfix 710',
      'other/mail signpost:postfix 2750',
      'other/mail/directory.sqlite signpost:postfix 640',
      expect.stringMatching(/-shm root:root 777$/),
    ]);
    expect(modes()).toContain('-wal root:root 600');
    expect(box.run('stat', '-c', '%U:%G %a', '/etc/shadow')).toBe(shadow);
  });

  it('says why, when Postfix does not answer because it cannot read the directory', async () => {
    box.run('chmod', '700', dirname(directoryPath));
    box.run('postfix', 'reload');
    const problem = (): string => {
      const answer = agent.ask({ do: 'status' });
      return ('status' in answer && answer.status.find(({ name }) => name === 'postfix')?.problem) || '';
    };
    await until(
      60,
      () => Promise.resolve(problem().includes('cannot read the box') || undefined),
      () => Promise.resolve(problem()),
    );
    expect(problem()).toMatch(/^Postfix cannot read the box's directory \(Can't open database: .*\.$/);
    box.run('chmod', '750', dirname(directoryPath));
  });
});
