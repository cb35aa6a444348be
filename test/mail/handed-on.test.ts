import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DebianBase } from '../kit/debian-root.ts';
import { applyAll, putKeys, type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { installDirectory } from '../kit/mail-directory.ts';
import { createMailMachine, type MailMachine, resolveOnly } from '../kit/mail-machine.ts';
import { dkimKeys, mailModel } from '../kit/mail-model.ts';
import { peopleAt, worldRecords } from '../kit/mail-people.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const commands = ['unshare', 'nsenter', 'postfix', 'dovecot', 'rspamd', 'redis-server', 'swaks', 'curl'];
const reason = missing({ root: true, commands });

/** Milliseconds. */
const MINUTE = 60_000;

const alice = { address: 'alice@example.com', password: 'correct horse' };
const bob = { address: 'bob@example.com', password: 'battery staple' };

/** This machine's mail servers, and later ones. */
const debians = [{ debian: 'this machine' }, { debian: 'Debian 13', base: 'trixie-mail' }] satisfies {
  debian: string;
  base?: DebianBase;
}[];
const title = `what Postfix hands on again, with the daemons of $debian ${reason ?? ''}`;

describe.skipIf(reason).each(debians)(title, { timeout: 3 * MINUTE }, ({ base }) => {
  let box: MailMachine;
  let agent: RunningAgent;
  const model = mailModel('box.example.net');

  beforeAll(async () => {
    box = await createMailMachine(model.hostname, base);
    resolveOnly(box, worldRecords);
    installDirectory(box, [alice, bob], []);
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
  const { imap } = peopleAt(() => box, log);

  const lmtpSocket = '/var/spool/postfix/private/dovecot-lmtp';
  const arrival = 'Sun, 29 Nov 2026 23:00:00 +0000 (UTC)';
  /** What Postfix has in a file of its queue with this name. */
  const queued = (id: string, to: string, title: string, by = 'box.example.net'): string =>
    [
      'Received: from remote.example (remote.example [203.0.113.5])',
      `\tby ${by} (Postfix) with ESMTP id ${id}`,
      `\tfor <${to}>; ${arrival}`,
      'Received: by box.example.net (Postfix, from userid 1000)',
      '\tid ABCDEF; Sun, 29 Nov 2026 22:00:00 +0000 (UTC)',
      'From: someone@remote.example',
      `Subject: ${title}`,
      'Message-ID: <the-same@remote.example>',
      '',
      'One of many.',
      '',
    ].join('\n');
  /** How Postfix says it. */
  const lmtp = (to: string): string[] => [
    ...['--protocol', 'LMTP', '--socket', lmtpSocket, '--timeout', '90s', '--data', '-'],
    ...['--from', 'someone@remote.example', '--to', to],
  ];
  const stored = (title: string): number => {
    // From the messages: the index of words may be a moment behind.
    const messages = box.run('doveadm', 'fetch', '-u', bob.address, 'hdr', 'mailbox', '*', 'all');
    return messages.match(new RegExp(`^Subject: ${title}\\r?$`, 'gm'))?.length ?? 0;
  };

  it('is stored once when nobody said that it was stored, and all that is another is stored', () => {
    const handOn = (id: string, to: string, title: string, by?: string): void => {
      const { status, output } = box.ask('swaks', lmtp(to), queued(id, to, title, by));
      expect(status, output + log()).toBe(0);
      expect(output).toContain('Saved');
    };
    handOn('4A1', bob.address, 'handed-on');
    expect(stored('handed-on')).toBe(1);
    handOn('4A1', bob.address, 'handed-on');
    expect(stored('handed-on'), log()).toBe(1);
    // Moved elsewhere and read, it is the same message.
    imap(bob, 'INBOX', 'UID MOVE 1:* Archive');
    handOn('4A1', bob.address, 'handed-on');
    expect(stored('handed-on')).toBe(1);
    // By a mailing list as well; to another address of theirs; written by another machine of that name below.
    handOn('4A10', bob.address, 'handed-on');
    expect(stored('handed-on')).toBe(2);
    handOn('4A1', bob.address.replace('@', '+walks@'), 'handed-on');
    expect(stored('handed-on'), log()).toBe(3);
    for (let i = 0; i < 2; i++) handOn('4A2', bob.address, 'of-elsewhere', 'other.example.net');
    expect(stored('of-elsewhere')).toBe(2);

    // A filter may not have got as far as sending it on: twice is better than not at all.
    const filter = '/var/vmail/example.com/bob/.dovecot.sieve';
    box.write(filter, `require "copy";\nredirect :copy "${alice.address}";\n`, '600', 'mail:mail');
    for (let i = 0; i < 2; i++) handOn('4A4', bob.address, 'sent-on');
    expect(stored('sent-on')).toBe(2);
    box.run('rm', filter);
    box.run('doveadm', 'expunge', '-u', bob.address, 'mailbox', '*', 'all');
  });

  it('waits for who still stores it', async () => {
    // Somebody who has not come to the end of it.
    const connect = `require('node:net').connect('${lmtpSocket}').on('data', () => console.log('there'))`;
    const first = box.start(process.execPath, '-e', connect);
    await once(first.stdout!, 'data');
    const tries = '/var/vmail/example.com/bob/.tries';
    const mark = `${tries}/2026-11-29/4A6 ${arrival} ${bob.address}`;
    box.write(mark, box.run('pgrep', '-x', 'lmtp'));
    box.run('chown', '-R', 'mail:mail', '/var/vmail/example.com');
    const again = box.start('swaks', ...lmtp(bob.address));
    again.stdin!.end(queued('4A6', bob.address, 'still-storing'));
    const ended = once(again, 'exit');
    await until(60, () => Promise.resolve(box.ask('test', ['-s', `${mark}+`]).status === 0 || undefined));
    const own = `Delivered-To: ${bob.address}\nReceived: by box.example.net with LMTP\n`;
    const { status, output } = box.ask(
      'doveadm',
      ['save', '-u', bob.address],
      own + queued('4A6', bob.address, 'still-storing'),
    );
    expect(status, output).toBe(0);
    await ended;
    expect(stored('still-storing'), log()).toBe(1);
    first.kill();
    box.run('doveadm', 'expunge', '-u', bob.address, 'mailbox', '*', 'all');
  });

  it('waits for nobody who is gone, and sees in the files what Dovecot cannot say', async () => {
    const handOn = (id: string, title: string): void => {
      box.ask('swaks', lmtp(bob.address), queued(id, bob.address, title));
    };
    const mark = `/var/vmail/example.com/bob/.tries/2026-11-29/4A7 ${arrival} ${bob.address}`;
    box.write(mark, '99999999\n');
    box.run('chown', '-R', 'mail:mail', '/var/vmail/example.com');
    handOn('4A7', 'not-stored');
    expect(stored('not-stored'), log()).toBe(1);
    // Nor for who is there, when the try was long ago: it looks once.
    const long = mark.replace('4A7', '4A9');
    box.write(long, box.run('pgrep', '-x', 'lmtp'));
    box.run('touch', '-d', '2 minutes ago', long);
    box.run('chown', '-R', 'mail:mail', '/var/vmail/example.com');
    box.run('chmod', '000', '/usr/bin/doveadm');
    handOn('4A9', 'of-long-ago');
    box.run('chmod', '755', '/usr/bin/doveadm');
    const looks = (): number =>
      agent.output().match(/came-before: \d+: doveadm: Permission denied/g)?.length ?? 0;
    await until(30, () => Promise.resolve(looks() > 0 || undefined));
    expect([looks(), stored('of-long-ago')], log()).toEqual([1, 1]);
    for (const mode of ['755', '000', '755']) {
      box.run('chmod', mode, '/usr/bin/doveadm');
      handOn('4A8', 'unsaid');
    }
    expect(stored('unsaid'), log()).toBe(1);
    box.run('doveadm', 'expunge', '-u', bob.address, 'mailbox', '*', 'all');
  });
});
