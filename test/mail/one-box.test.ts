import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DebianBase } from '../kit/debian-root.ts';
import { guessers } from '../kit/fail2ban.ts';
import { putKeys, type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { installDirectory } from '../kit/mail-directory.ts';
import { createMailMachine, type MailMachine, resolveOnly } from '../kit/mail-machine.ts';
import { dkimKeys, mailModel, neededDrivers } from '../kit/mail-model.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const commands = [
  'unshare',
  'nsenter',
  'unbound',
  'postfix',
  'smtp-sink',
  'dovecot',
  'rspamd',
  'redis-server',
  'swaks',
  'curl',
  'openssl',
  'fail2ban-regex',
];
const reason = missing({ root: true, commands, pythonModules: ['dkim', 'nacl'] });

/** Milliseconds. */
const MINUTE = 60_000;
const world = '203.0.113.5';
const sink = '/tmp/sink';

const alice = { address: 'alice@example.com', password: 'correct horse', appPassword: 'an-app-password' };
const bob = { address: 'bob@example.com', password: 'battery staple', quota: 100_000 };

/** This machine's mail servers, and later ones. */
const debians = [{ debian: 'this machine' }, { debian: 'Debian 13', base: 'trixie-mail' }] satisfies {
  debian: string;
  base?: DebianBase;
}[];
const title = `one box with the daemons of $debian ${reason ?? ''}`;

describe.skipIf(reason).each(debians)(title, { timeout: 2 * MINUTE }, ({ base }) => {
  let box: MailMachine;
  let agent: RunningAgent;
  const { signers, records } = dkimKeys('example.com');
  const others = dkimKeys('example.org');
  const model = mailModel('box.example.net');

  beforeAll(async () => {
    box = await createMailMachine(model.hostname, base);
    box.run('ip', 'address', 'add', `${world}/32`, 'dev', 'lo');
    resolveOnly(box, [
      `remote.example. A ${world}`,
      'remote.example. MX 10 remote.example.',
      'remote.example. TXT "v=spf1 a -all"',
      '5.113.0.203.in-addr.arpa. PTR remote.example.',
    ]);
    installDirectory(box, [alice, bob], [['info@example.com', alice.address]]);
    box.run('install', '-d', '-o', 'nobody', sink);
    box.start('sh', '-c', `cd ${sink} && exec smtp-sink -u nobody -d '%M.' 127.0.0.2:2525 100`);
    // Read after everything of ours, as docs/mail.md says: more variants of GTUBE, one of which marks.
    box.write('/etc/rspamd/override.d/options.inc', 'enable_test_patterns = true;\n');
    box.write('/etc/signpost/postfix-main.cf', 'relayhost = [127.0.0.2]:2525\n');
    agent = await startAgent(box);
    putKeys(agent, [signers, others.signers]);
    const answer = agent.ask({ do: 'apply', model, replaceEdited: false });
    expect(answer, agent.output()).toMatchObject({ ok: true });
    expect(outcomes(answer), JSON.stringify(answer)).toEqual(Array(neededDrivers.length).fill('applied'));
  }, 10 * MINUTE);
  afterAll(async () => {
    await agent.stop();
    await box.close();
  }, MINUTE);

  const outcomes = (answer: ReturnType<RunningAgent['ask']>): string[] =>
    'results' in answer ? answer.results.map(({ outcome }) => outcome) : [];

  /** A message from the world to port 25. @returns what was said */
  function deliver(to: string, ...more: string[]): string {
    const from = ['--local-interface', world, '--from', 'someone@remote.example', '--helo', 'remote.example'];
    return box.ask('swaks', ['--server', '127.0.0.1', '--timeout', '60s', ...from, '--to', to, ...more])
      .output;
  }

  /** A message that a person hands in. */
  function submit(password: string, from: string, to: string, ...more: string[]): string {
    const auth = ['--auth', 'PLAIN', '--auth-user', alice.address, '--auth-password', password];
    const port = more.includes('--port') ? [] : ['--port', '465', '--tls-on-connect'];
    const flags = ['--server', '127.0.0.1', '--timeout', '60s', ...port, ...auth, '--from', from, '--to', to];
    return box.ask('swaks', [...flags, ...more]).output;
  }

  const imap = (
    { address, password }: { address: string; password: string },
    path: string,
    command?: string,
  ): string =>
    box.ask('curl', [
      ...['-sk', '--max-time', '30', '--user', `${address}:${password}`, `imaps://127.0.0.1/${path}`],
      ...(command === undefined ? [] : ['-X', command]),
    ]).output;

  /** The newest message whose subject is this one. */
  const arrived = (
    who: { address: string; password: string },
    folder: string,
    subject: string,
  ): Promise<string> =>
    until(
      60,
      () => {
        const found = /SEARCH ([\d ]+)/
          .exec(imap(who, folder, `SEARCH SUBJECT "${subject}"`))?.[1]
          ?.trim()
          .split(' ')
          .at(-1);
        return Promise.resolve(found ? imap(who, `${folder};MAILINDEX=${found}`) : undefined);
      },
      () =>
        Promise.resolve(
          box.ask('tail', ['-30', '/var/log/postfix.log']).output + agent.output().slice(-3000),
        ),
    );

  it('takes a message in on port 25 over TLS, and shows it over IMAP', async () => {
    expect(deliver(alice.address, '--tls', '--header', 'Subject: from the world')).toMatch(
      /250 2\.0\.0 Ok: queued/,
    );
    const message = await arrived(alice, 'INBOX', 'from the world');
    expect(message).toContain('with ESMTPS id');
    expect(message).toMatch(/^Authentication-Results: box\.example\.net/m);
    expect(message).toContain('This is a test mailing');
  });

  it('makes the special folders', () => {
    const list = imap(alice, '', 'LIST "" "*"');
    for (const name of ['Drafts', 'Sent', 'Junk', 'Trash', 'Archive'])
      expect(list).toMatch(new RegExp(`\\\\${name}.* ${name}`));
  });

  it('takes mail for an alias and for an address with an extension', async () => {
    deliver('info@example.com', '--header', 'Subject: for the alias');
    deliver('alice+shop@example.com', '--header', 'Subject: for the extension');
    await arrived(alice, 'INBOX', 'for the alias');
    await arrived(alice, 'INBOX', 'for the extension');
  });

  it('RFC 6376 §3.7, RFC 8463 §3: sends a message out with signatures of both algorithms that verify, and without what nobody need know', async () => {
    const privately = ['--header', 'X-Mailer: Secret 1.0', '--header', 'User-Agent: Secret 2.0'];
    const said = submit(
      alice.password,
      alice.address,
      'friend@elsewhere.example',
      '--header',
      'Subject: out',
      ...privately,
    );
    expect(said).toMatch(/250 2\.0\.0 Ok: queued/);
    const message = await until(60, () =>
      Promise.resolve(
        box
          .ask('sh', ['-c', `cat ${sink}/* 2>/dev/null`])
          .output.replace(/^[\s\S]*?smtp-sink[\s\S]*?\n(?=\S)/, '') || undefined,
      ),
    );
    const script = join(import.meta.dirname, '../kit/verify-dkim.py');
    const { stdout, stderr } = spawnSync('/usr/bin/python3', [script, JSON.stringify(records)], {
      input: message,
      encoding: 'utf8',
    });
    expect(stdout.trim().split('\n').sort(), stderr + message).toEqual([
      'ed25519-sha256 pass',
      'rsa-sha256 pass',
    ]);
    expect(message).not.toMatch(/Secret|cipher/);
    expect(message).toMatch(
      /^Received: from localhost \(localhost \[127\.0\.0\.1\]\) by box\.example\.net \(Postfix\) with ESMTPSA/m,
    );
  });

  /** What left, by its subject; each header in one line. */
  const left = (subject: string): Promise<string> =>
    until(60, () => {
      const find = `grep -l 'Subject: ${subject}' ${sink}/* | head -1 | xargs -r cat`;
      const { output } = box.ask('sh', ['-c', find]);
      return Promise.resolve(output.includes(`Subject: ${subject}`) ? output : undefined);
    });

  it('signs what is made on this machine, and not what came from elsewhere and is handed in again', async () => {
    const handIn = (subject: string, ...headers: string[]): void => {
      const lines = [...headers, `From: ${alice.address}`, `Subject: ${subject}`, '', 'text'];
      const sendmail = `printf '%s\\n' "$@" | sendmail -f ${alice.address} friend@elsewhere.example`;
      box.run('sh', '-c', sendmail, 'sh', ...lines);
    };
    handIn('made here');
    expect((await left('made here')).match(/^DKIM-Signature:/gm)).toHaveLength(2);
    handIn('sent on', 'Received: from mallory.example (mallory.example [203.0.113.66]) by box.example.net');
    expect(await left('sent on')).not.toMatch(/^DKIM-Signature:/m);
  });

  it('signs what a person sends only for their own domain, whoever else of the box they say to be', async () => {
    const handIn = (subject: string, from: string): string =>
      submit(
        ...([alice.password, alice.address, 'friend@elsewhere.example'] as const),
        ...['--header', `From: ${from}`, '--header', `Subject: ${subject}`],
      );
    handIn('as a colleague', bob.address);
    expect((await left('as a colleague')).match(/^DKIM-Signature:/gm)).toHaveLength(2);
    handIn('as a stranger', 'director@example.org');
    expect(await left('as a stranger')).not.toMatch(/^DKIM-Signature:/m);
  });

  it('RFC 8314 §3.3: takes an app password, on port 465 and on port 587', () => {
    // RFC 6186 §5: the name to sign in with is the address.
    expect(imap({ ...alice, password: alice.appPassword }, '', 'STATUS INBOX (MESSAGES)')).toMatch(
      /MESSAGES \d/,
    );
    for (const to of [
      ['--port', '465', '--tls-on-connect'],
      ['--port', '587', '--tls'],
    ])
      expect(submit(alice.appPassword, alice.address, bob.address, ...to)).toMatch(/250 2\.0\.0 Ok: queued/);
  });

  it('RFC 8314 §4.1: refuses a wrong password, and any without TLS', () => {
    expect(submit('wrong', alice.address, bob.address)).toMatch(/535 5\.7\.8/);
    expect(imap({ ...alice, password: 'wrong' }, '', 'STATUS INBOX (MESSAGES)')).not.toMatch(/MESSAGES/);
    expect(submit(alice.password, alice.address, bob.address, '--port', '587')).toMatch(
      /Host did not advertise authentication/,
    );
    expect(
      deliver(
        bob.address,
        '--tls',
        '--auth',
        '--auth-user',
        alice.address,
        '--auth-password',
        alice.password,
      ),
    ).toMatch(/Host did not advertise authentication/);
  });

  it('RFC 8314 §4: speaks TLS 1.2 and later with who reads or sends mail, and nothing before it', () => {
    const greets = (port: string, version: string): boolean => {
      // What the client's own library would not do any more, it is to do here.
      const flags = `-tls1_${version} -cipher ALL:@SECLEVEL=0 -connect 127.0.0.1:${port}`;
      const { output } = box.ask('sh', ['-c', `timeout 20 openssl s_client ${flags} </dev/null 2>&1`]);
      return /^\s*(New|Protocol).*TLSv1\.2/m.test(output);
    };
    for (const port of ['465', '993', '995']) {
      expect(greets(port, '2'), port).toBe(true);
      expect(greets(port, '1'), port).toBe(false);
    }
  });

  it('writes of each wrong password what fail2ban understands, and of nothing else', async () => {
    // As Dovecot and Postfix wrote it: there is no journal here.
    const lines = (): string => {
      const entries = agent.output().matchAll(/^\{.*"daemon":"dovecot".*\}$/gm);
      const dovecot = [...entries].map(([entry]) => (JSON.parse(entry) as { msg: string }).msg);
      return [...dovecot, box.read('/var/log/postfix.log')].join('\n');
    };
    const right = `${alice.address}:${alice.password}`;
    const wrong = `${alice.address}:wrong`;
    const imaps = (address: string): string[] => [`imaps://${address}/`];
    const smtps = (address: string): string[] => [
      ...[`smtps://${address}:465/remote.example`, '--mail-from', alice.address],
      ...['--mail-rcpt', bob.address, '-T', '/etc/hostname'],
    ];
    // A name that looks like the rest of a line with somebody else's address.
    const forged = 'x>, method=PLAIN, rip=192.0.2.66, lip=192.0.2.1, TLS, session=<y>';
    // Each from an address of its own, so that none has to wait for what the others did.
    const tries: [address: string, user: string, what: string[]][] = [
      ['203.0.113.11', wrong, imaps('203.0.113.11')],
      ['203.0.113.12', 'nobody@example.com:x', imaps('203.0.113.12')],
      ['203.0.113.13', `${forged}:x`, ['pop3s://203.0.113.13/']],
      ['203.0.113.14', wrong, smtps('203.0.113.14')],
      ['2001:db8:1::1', wrong, imaps('[2001:db8:1::1]')],
      ['2001:db8:2::1', wrong, smtps('[2001:db8:2::1]')],
      ['203.0.113.15', right, imaps('203.0.113.15')],
      ['203.0.113.16', right, smtps('203.0.113.16')],
      ['2001:db8:3::1', right, imaps('[2001:db8:3::1]')],
    ];
    for (const [address, user, what] of tries) {
      box.run('ip', 'address', 'add', address, 'dev', 'lo');
      box.ask('curl', ['-sk', '--max-time', '60', '--interface', address, '--user', user, ...what]);
    }
    const failed = tries.filter(([, user]) => user !== right).map(([address]) => address);
    // Before, wrong passwords came from loopback.
    const seen = (): string[] => guessers('signpost-mail', lines()).filter((one) => one !== '127.0.0.1');
    await until(
      60,
      () => Promise.resolve(seen().length >= failed.length || undefined),
      () => Promise.resolve(`${seen().join()}\n${lines().slice(-6000)}`),
    );
    expect(seen().sort()).toEqual([...failed].sort());
  });

  it('refuses who sends as somebody else', () => {
    expect(submit(alice.password, bob.address, 'friend@elsewhere.example')).toMatch(
      /553 5\.7\.1 .*not owned by user/,
    );
  });

  it('RFC 5321 §3.6.2: relays for nobody, not even for this machine', () => {
    expect(deliver('friend@elsewhere.example')).toMatch(/554 5\.7\.1 .*Relay access denied/);
    const local = [
      '--server',
      '127.0.0.1',
      '--from',
      'cron@remote.example',
      '--to',
      'friend@elsewhere.example',
    ];
    expect(box.ask('swaks', local).output).toMatch(/554 5\.7\.1 .*Relay access denied/);
  });

  it('RFC 5321 §3.3, §4.1.3: refuses an unknown address while the sender is there', () => {
    expect(deliver('nobody@example.com')).toMatch(/550 5\.1\.1 .*User unknown/);
    // Nor is anybody at the machine's own address, whom a stranger could have mail bounced from (RFC 5321 §4.1.3).
    for (const local of ['nobody', 'root', 'www-data'])
      expect(deliver(`${local}@[127.0.0.1]`)).toMatch(/550 5\.1\.1 /);
  });

  it('refuses certain spam, and puts probable spam into Junk', async () => {
    const test = 'JS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
    expect(deliver(alice.address, '--body', `X${test}`)).toMatch(/554 5\.7\.1/);
    // Rspamd's own variant of GTUBE, which is marked and not refused.
    expect(deliver(alice.address, '--header', 'Subject: probable spam', '--body', `Y${test}`)).toMatch(
      /250 2\.0\.0/,
    );
    expect(await arrived(alice, 'Junk', 'probable spam')).toMatch(/^X-Spam: Yes/m);
  });

  it('RFC 5321 §2.3.8, §4.1.1.4: ends a message at CRLF.CRLF alone', () => {
    const smuggled = 'hello\n.\nMAIL FROM:<admin@example.com>\nRCPT TO:<bob@example.com>\nDATA\nsmuggled\r\n';
    const dialogue = `EHLO remote.example\r\nMAIL FROM:<a@remote.example>\r\nRCPT TO:<alice@example.com>\r\nDATA\r\nSubject: two in one\r\n\r\n${smuggled}.\r\nQUIT\r\n`;
    const script =
      'exec 3<>/dev/tcp/127.0.0.1/25; cat <&3 & { read -r; sleep 5; while IFS= read -r line || [ -n "$line" ]; do printf "%s\\n" "$line" >&3; case $line in DATA*) sleep 2;; *) sleep 1;; esac; done; }; wait';
    const { output } = box.ask('timeout', ['60', 'bash', '-c', script], `\n${dialogue}`);
    expect(output.match(/queued as/g) ?? [], output).toHaveLength(1);
  });

  it('refuses mail for a full mailbox while the sender is there', async () => {
    for (const round of [1, 2, 3])
      deliver(bob.address, '--header', `Subject: big ${round}`, '--body', 'x'.repeat(50_000));
    await until(60, () =>
      Promise.resolve(deliver(bob.address, '--body', 'one more').includes('552 5.2.2') || undefined),
    );
  });

  it('has the servers read another file in the place of the directory', () => {
    const carol = { address: 'carol@example.com', password: 'a third one' };
    installDirectory(box, [alice, bob, carol], []);
    const answer = agent.ask({ do: 'apply', model, replaceEdited: false });
    const applied = 'results' in answer ? answer.results : [];
    expect(applied.filter(({ outcome }) => outcome === 'applied').map(({ name }) => name)).toEqual([
      'dovecot',
      'postfix',
    ]);
    expect(deliver(carol.address)).toMatch(/250 2\.0\.0 Ok: queued/);
    expect(imap(carol, '', 'STATUS INBOX (MESSAGES)')).toMatch(/MESSAGES \d/);
  });

  it('is not touched by a second apply', () => {
    const answer = agent.ask({ do: 'apply', model, replaceEdited: false });
    expect(outcomes(answer), JSON.stringify(answer)).toEqual(Array(neededDrivers.length).fill('unchanged'));
  });
});
