import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DebianBase } from '../kit/debian-root.ts';
import { applyAll, putKeys, type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { installDirectory } from '../kit/mail-directory.ts';
import { createMailMachine, type MailMachine, resolveOnly } from '../kit/mail-machine.ts';
import { dkimKeys, mailModel } from '../kit/mail-model.ts';
import { peopleAt, world, worldRecords } from '../kit/mail-people.ts';
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
  'swaks',
  'curl',
  'openssl',
];
const reason = missing({ root: true, commands });

/** Milliseconds. */
const MINUTE = 60_000;
const MEBIBYTE = 1024 * 1024;
/** Nobody has guessed from there. */
const elsewhere = '203.0.113.6';
const pieces = join(import.meta.dirname, '../kit/smtp-pieces.ts');

const alice = { address: 'alice@example.com', password: 'correct horse' };
const bob = { address: 'bob@example.com', password: 'battery staple', quota: 400_000 };

/** This machine's mail servers, and later ones. */
const debians = [{ debian: 'this machine' }, { debian: 'Debian 13', base: 'trixie-mail' }] satisfies {
  debian: string;
  base?: DebianBase;
}[];
const title = `a mailbox with the daemons of $debian ${reason ?? ''}`;

describe.skipIf(reason).each(debians)(title, { timeout: 3 * MINUTE }, ({ base }) => {
  let box: MailMachine;
  let agent: RunningAgent;
  const model = mailModel('box.example.net');

  beforeAll(async () => {
    box = await createMailMachine(model.hostname, base);
    for (const address of [world, elsewhere]) box.run('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
    resolveOnly(box, worldRecords);
    installDirectory(box, [alice, bob], []);
    // A person's own rule for all mailboxes.
    box.write(
      '/etc/signpost/sieve-after.d/invoices.sieve',
      'require ["fileinto", "mailbox"];\nif header :contains "Subject" "invoice" { fileinto :create "Invoices"; }\n',
    );
    agent = await startAgent(box);
    putKeys(agent, [dkimKeys('example.com').signers]);
    applyAll(agent, model);
  }, 10 * MINUTE);
  afterAll(async () => {
    await agent.stop();
    await box.close();
  }, MINUTE);

  const log = (): string =>
    box.ask('tail', ['-30', '/var/log/postfix.log']).output + agent.output().slice(-6000);
  const { deliver, submit, imap, arrived, talk } = peopleAt(() => box, log);
  const subject = (text: string): string[] => ['--header', `Subject: ${text}`];
  const ok = /250 2\.0\.0 Ok: queued/;

  const statistics = (): string => box.ask('rspamc', ['-h', '127.0.0.1:11334', 'stat']).output;

  it('is read and emptied over POP3', async () => {
    expect(deliver(alice.address, ...subject('for the post office'))).toMatch(ok);
    await arrived(alice, 'INBOX', 'for the post office');
    const signIn = [`USER ${alice.address}`, `PASS ${alice.password}`];
    const said = talk(995, [...signIn, 'STAT', 'RETR 1', 'DELE 1', 'QUIT']);
    expect(said).toMatch(/\+OK 1 \d+\r\n/);
    expect(said).toContain('Subject: for the post office');
    expect(said).toMatch(/\+OK Marked to be deleted/);
    expect(talk(995, [...signIn, 'STAT', 'QUIT'])).toMatch(/\+OK 0 0\r\n/);
    expect(talk(995, [signIn[0]!, 'PASS wrong', 'QUIT'])).toMatch(/-ERR \[AUTH\]/);
  });

  it('says which of its folders is for what (RFC 6154)', () => {
    const list = imap(alice, '', 'LIST (SPECIAL-USE) "" "*"');
    expect(list.match(/^\* LIST /gm)).toHaveLength(5);
    for (const name of ['Drafts', 'Sent', 'Junk', 'Trash', 'Archive'])
      expect(list).toMatch(new RegExp(`\\\\${name}\\) "/" ${name}\r$`, 'm'));
  });

  it('takes a filter over ManageSieve, and files what comes next by it; those of a person’s for all come after', async () => {
    const plain = Buffer.from(`\0${alice.address}\0${alice.password}`).toString('base64');
    const script =
      'require ["fileinto","mailbox"]; if header :is "List-Id" "<walks>" { fileinto :create "Walks"; stop; }';
    const put = (name: string, text: string): string[] => [
      `PUTSCRIPT "${name}" {${Buffer.byteLength(text)}+}`,
      text,
    ];
    const signIn = `AUTHENTICATE "PLAIN" "${plain}"`;
    const said = talk(
      4190,
      [
        signIn,
        ...put('broken', 'fileinto'),
        ...put('mine', script),
        'SETACTIVE "mine"',
        'LISTSCRIPTS',
        'LOGOUT',
      ],
      'sieve',
    );
    expect(said).toMatch(/NO .*broken: line 1/s);
    expect(said).toContain('"mine" ACTIVE');
    // Without TLS there is no way in.
    const bare = box.ask(
      'curl',
      ['-s', '--max-time', '20', '--interface', world, 'telnet://127.0.0.1:4190'],
      `${signIn}\r\nLOGOUT\r\n`,
    ).output;
    expect(bare).toContain('"SASL" ""');
    expect(bare).toMatch(/^NO /m);

    deliver(alice.address, ...subject('a walk'), '--header', 'List-Id: <walks>');
    deliver(alice.address, ...subject('an invoice'));
    await arrived(alice, 'Walks', 'a walk');
    await arrived(alice, 'Invoices', 'an invoice');
  });

  it('names a script for all mailboxes that is none, keeps what it was before, and takes the others', async () => {
    box.write('/etc/signpost/sieve-after.d/invoices.sieve', 'fileinto;\n');
    box.write(
      '/etc/signpost/sieve-before.d/lists.sieve',
      'require ["fileinto", "mailbox"];\nif header :is "List-Id" "<news>" { fileinto :create "News"; stop; }\n',
    );
    const answer = agent.ask({ do: 'apply', model, replaceEdited: false });
    const results = 'results' in answer ? answer.results : [];
    const why = /^\/etc\/signpost\/sieve-after\.d\/invoices\.sieve is not used as it is: .*line 1/;
    expect(results.find(({ name }) => name === 'dovecot')).toMatchObject({
      outcome: 'applied',
      refused: [expect.stringMatching(why)],
    });
    deliver(alice.address, ...subject('the news'), '--header', 'List-Id: <news>');
    deliver(alice.address, ...subject('another invoice'));
    await arrived(alice, 'News', 'the news');
    await arrived(alice, 'Invoices', 'another invoice');
  });

  const learnt = (): number => Number(/Messages learned: (\d+)/.exec(statistics())?.[1]);
  /** Moves the message about numismatists, and waits until Rspamd has learnt from it. */
  async function move(from: string, to: string): Promise<void> {
    const before = learnt();
    const uid = /SEARCH (\d+)/.exec(imap(alice, from, 'UID SEARCH SUBJECT numismatists'))![1]!;
    imap(alice, from, `UID MOVE ${uid} ${to}`);
    await until(
      60,
      () => Promise.resolve(learnt() === before + 1 || undefined),
      () => Promise.resolve(statistics() + log()),
    );
  }
  /** Rspamd counts how many messages are which each half minute. */
  const counted = (learning: RegExp): Promise<true> =>
    until(
      60,
      () => Promise.resolve(learning.test(statistics()) || undefined),
      () => Promise.resolve(statistics()),
    );

  it('teaches Rspamd what is spam by moving it into Junk', async () => {
    const words =
      'Meet lonely numismatists in your area, who long to show their collections of medals to somebody';
    deliver(alice.address, ...subject('numismatists'), '--body', words);
    await arrived(alice, 'INBOX', 'numismatists');
    await move('INBOX', 'Junk');
  });

  it('gets what could not be stored at first', async () => {
    const folder = '/var/vmail/example.com/alice/mail';
    box.run('chmod', '500', `${folder}/tmp`, `${folder}/new`);
    expect(deliver(alice.address, ...subject('patience'))).toMatch(ok);
    await until(
      60,
      () => Promise.resolve(box.ask('postqueue', ['-p']).output.includes('said: 4') || undefined),
      () => Promise.resolve(log()),
    );
    box.run('chmod', '700', `${folder}/tmp`, `${folder}/new`);
    box.run('postqueue', '-f');
    await arrived(alice, 'INBOX', 'patience');
  });

  it('is compressed on disk, and found by what is inside its messages, which are not read for that', async () => {
    const text = `${'The same line again and again.\r\n'.repeat(2000)}A platypus sleeps here.`;
    deliver(alice.address, ...subject('monotonous'), '--body', text);
    expect(await arrived(alice, 'INBOX', 'monotonous')).toContain('platypus');
    const path = box
      .run('sh', '-c', 'find /var/vmail/example.com/alice/mail -path "*S=6????,*" -type f | head -n 1')
      .trim();
    expect(path).not.toBe('');
    const [size, magic] = box
      .run('sh', '-c', `stat -c %s '${path}'; head -c 2 '${path}' | od -An -tx1`)
      .split('\n');
    expect(Number(size)).toBeLessThan(5000);
    expect(magic!.trim()).toBe('1f 8b');

    const search = (criteria: string): string =>
      /SEARCH([\d ]*)/.exec(imap(alice, 'INBOX', `UID SEARCH ${criteria}`))?.[1]?.trim() ?? 'none';
    await until(
      60,
      () => Promise.resolve(search('BODY platypus') !== '' || undefined),
      () => Promise.resolve(log()),
    );
    const [found] = [search('SUBJECT monotonous')];
    expect(found).toMatch(/^\d+$/);
    // Nobody can read the message now, and it is found nevertheless.
    box.run('chmod', '000', path);
    expect(search('BODY platypus')).toBe(found);
    expect(search('TEXT "platypus sleeps"')).toBe(found);
    expect(search('BODY wombat')).toBe('');
    box.run('chmod', '600', path);
  });

  it('warns when it becomes full, and then takes no more, while the sender is there', async () => {
    const fill = (octets: number, title: string): string => {
      box.write('/tmp/body', `${'x'.repeat(98)}\n`.repeat(octets / 100));
      return deliver(bob.address, ...subject(title), '--body', '@/tmp/body');
    };
    expect(fill(170_000, 'first')).toMatch(ok);
    await arrived(bob, 'INBOX', 'first');
    expect(fill(170_000, 'second')).toMatch(ok);
    // The index does not know words as short as these.
    const subjects = (): string => box.ask('doveadm', ['fetch', '-u', bob.address, 'hdr', 'ALL']).output;
    const told = (share: number): Promise<true> =>
      until(
        60,
        () => Promise.resolve(subjects().includes(`Your mailbox is ${share}% full`) || undefined),
        () => Promise.resolve(subjects() + log()),
      );
    await told(80);
    expect(subjects()).toContain('From: postmaster@example.com');
    expect(subjects()).not.toContain('95% full');
    const full = /552 5\.2\.2 .*The mailbox is full/;
    // Told beforehand (SIZE, RFC 1870), and found out at the end of the message where Dovecot looks then (2.4).
    box.run('sh', '-c', `yes 0123456789 | head -c 200000 > /tmp/large`);
    expect(upload('/tmp/large', bob.address)).toMatch(/< 552 5\.2\.2 .*The mailbox is full/);
    if (base !== undefined) expect(fill(200_000, 'too large')).toMatch(full);
    expect(fill(45_000, 'third')).toMatch(ok);
    await told(95);
    expect(fill(30_000, 'within what a full one takes to be told')).toMatch(ok);
    await arrived(bob, 'INBOX', 'within what');
    expect(fill(100, 'one more')).toMatch(/<\*\* 552 5\.2\.2 <bob@example\.com>: .*The mailbox is full/);
    expect(submit(alice, alice.address, bob.address)).toMatch(full);
  });

  it('is told of what it holds and may hold, beside others, and one that is none is left out', () => {
    const addresses = [alice.address, 'nobody@example.com', bob.address];
    const answer = agent.ask({ do: 'usage', addresses });
    const number = expect.any(Number) as number;
    expect(answer, agent.output()).toEqual({
      ok: true,
      usage: [
        { address: alice.address, octets: number, messages: number },
        { address: bob.address, octets: number, messages: number, limit: 391 * 1024 },
      ],
    });
    // It takes as much as it may and a tenth (see above).
    const held = 'usage' in answer ? answer.usage[1]! : undefined;
    expect(held!.octets).toBeGreaterThan(bob.quota);
    expect(held!.octets).toBeLessThan(1.2 * bob.quota);
    const inbox = box.run('doveadm', 'search', '-u', bob.address, 'ALL').trim().split('\n');
    expect(held!.messages).toBe(inbox.length);
  });

  /** A file as a message to port 25, by curl(1), which declares its size. @returns what was said */
  function upload(path: string, to: string): string {
    const from = ['--interface', world, '--mail-from', 'someone@remote.example', '--mail-rcpt', to];
    const flags = ['-sv', '--max-time', '150', ...from, '--upload-file', path];
    return box.ask('curl', [...flags, 'smtp://127.0.0.1/remote.example']).output;
  }

  it('takes a message of nearly 128 MiB, and none that is larger', () => {
    const make = (mebibytes: number): void => {
      const head = [
        'From: someone@remote.example',
        `To: ${alice.address}`,
        'Subject: a large one',
        'Message-ID: <large@remote.example>',
        'MIME-Version: 1.0',
        'Content-Type: application/octet-stream',
        'Content-Transfer-Encoding: base64',
      ];
      box.write('/tmp/head', `${head.join('\r\n')}\r\n\r\n`);
      // A line is 64 letters of 48 octets, and its end.
      const octets = Math.floor((mebibytes * MEBIBYTE) / 66) * 48;
      const body = `openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>/dev/null | head -c ${octets} | base64 -w 64`;
      box.run('sh', '-c', `{ cat /tmp/head; ${body} | sed 's/$/\\r/'; } > /tmp/large`);
    };
    make(129);
    expect(upload('/tmp/large', alice.address)).toMatch(/< 552 5\.3\.4 Message size exceeds fixed limit/);
    make(127);
    expect(upload('/tmp/large', alice.address)).toMatch(/< 250 2\.0\.0 Ok: queued/);
  });

  it('shows that message over IMAP, octet by octet', async () => {
    await until(
      100,
      () =>
        Promise.resolve(/SEARCH \d/.test(imap(alice, 'INBOX', 'SEARCH SUBJECT "a large one"')) || undefined),
      () => Promise.resolve(log()),
    );
    const uid = /SEARCH (\d+)/.exec(imap(alice, 'INBOX', 'UID SEARCH SUBJECT "a large one"'))![1]!;
    const url = `imaps://127.0.0.1/INBOX;UID=${uid};SECTION=TEXT`;
    const get = `curl -sk --max-time 100 --user '${alice.address}:${alice.password}' '${url}' | sha256sum`;
    const sent = box.run('sh', '-c', 'tail -c +$(($(stat -c %s /tmp/head) + 1)) /tmp/large | sha256sum');
    expect(box.ask('sh', ['-c', get]).output).toBe(sent);
    box.run('rm', '/tmp/large');
  });

  it('teaches Rspamd what is none by moving it out again', async () => {
    await counted(/BAYES_SPAM .*learned: 1;/);
    await move('Junk', 'INBOX');
  });

  it('RFC 5321 §2.3.8, §4.1.1.4: ends a message at CRLF.CRLF alone, and keeps what comes after another end as text of it', async () => {
    const ends = {
      'LF.LF': '\n.\n',
      'CRLF.LF': '\r\n.\n',
      'LF.CRLF': '\n.\r\n',
      'CR.CR': '\r.\r',
      'CRLF.CR': '\r\n.\r',
    };
    for (const [name, end] of Object.entries(ends)) {
      const second = `MAIL FROM:<admin@example.com>\r\nRCPT TO:<${alice.address}>\r\nDATA\r\nSubject: smuggled\r\n\r\nhello\r\n.\r\n`;
      const steps = [
        'EHLO remote.example\r\n',
        'MAIL FROM:<someone@remote.example>\r\n',
        `RCPT TO:<${alice.address}>\r\n`,
        'DATA\r\n',
        `From: someone@remote.example\r\nSubject: two in one ${name}\r\n\r\nhello${end}${second}`,
        'QUIT\r\n',
      ];
      const { output } = box.ask(process.execPath, [pieces, world, JSON.stringify(steps)]);
      expect(output.match(/^\d{3} .*queued as/gm) ?? [], `${name}: ${output}`).toHaveLength(1);
      expect(await arrived(alice, 'INBOX', `two in one ${name}`), name).toContain('Subject: smuggled');
    }
    expect(imap(alice, 'INBOX', 'SEARCH HEADER SUBJECT smuggled')).toMatch(/SEARCH\s*$/);
  });

  it('has whoever guesses passwords wait longer and longer, and lets in who knows one from elsewhere', () => {
    const signIn = (password: string, from: string): { inside: boolean; seconds: number } => {
      const start = performance.now();
      const { output } = box.ask('curl', [
        ...['-sk', '--max-time', '60', '--interface', from, '--user', `${alice.address}:${password}`],
        ...['imaps://127.0.0.1/', '-X', 'STATUS INBOX (MESSAGES)'],
      ]);
      return { inside: /MESSAGES \d/.test(output), seconds: (performance.now() - start) / 1000 };
    };
    const guesses = ['123456', 'password', 'correct donkey'].map((password) => signIn(password, world));
    expect(guesses.map(({ inside }) => inside)).toEqual([false, false, false]);
    expect(guesses[2]!.seconds).toBeGreaterThan(guesses[0]!.seconds + 3);
    // On the ports for sending it is the same account that is kept of an address.
    const start = performance.now();
    const guessed = submit(
      { ...alice, password: 'wrong' },
      alice.address,
      bob.address,
      '--local-interface',
      world,
    );
    // Postfix waits for ten seconds at most.
    expect(guessed).toMatch(/535 5\.7\.8|454 4\.7\.0/);
    expect((performance.now() - start) / 1000).toBeGreaterThan(7);
    const right = signIn(alice.password, elsewhere);
    expect(right.inside).toBe(true);
    expect(right.seconds).toBeLessThan(guesses[2]!.seconds);
  });

  it('has Rspamd know by now that it was wrong about the numismatists', async () => {
    await counted(/BAYES_SPAM .*learned: 0;[\s\S]*BAYES_HAM .*learned: [1-9]/);
  });
});
