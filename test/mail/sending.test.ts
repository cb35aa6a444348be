import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { boxOn } from '../kit/box-on-machine.ts';
import { type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { createMailMachine, type MailMachine, resolveOnly } from '../kit/mail-machine.ts';
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
const bert = { address: 'bert@example.com', password: 'four words of nobody else' };
const cleo = { address: 'cleo@example.org', password: 'four words of a third' };

describe.skipIf(reason)(
  `what the box says while mail passes ${reason ?? ''}`,
  { timeout: 3 * MINUTE },
  () => {
    let machine: MailMachine;
    let box: RunningBox;
    let agent: RunningAgent;

    const start = async (): Promise<void> => {
      box = await startBox({ data, prefix: machine.prefix, workers: 1, patience: 2 * MINUTE });
    };
    beforeAll(async () => {
      machine = await createMailMachine('box.example.net');
      machine.run('ip', 'address', 'add', `${world}/32`, 'dev', 'lo');
      resolveOnly(machine, [
        `remote.example. A ${world}`,
        'remote.example. MX 10 remote.example.',
        'remote.example. TXT "v=spf1 a -all"',
      ]);
      machine.run('mkdir', '-p', data);
      await start();
      // All that goes elsewhere ends here.
      machine.run('install', '-d', '-o', 'nobody', sink);
      machine.start('sh', '-c', `cd ${sink} && exec smtp-sink -u nobody -d '%M.' 127.0.0.2:2525 100`);
      machine.write('/etc/signpost/postfix-main.cf', 'relayhost = [127.0.0.2]:2525\n');
      agent = await startAgent(machine);
      api('POST', '/domains', { name: 'example.com' });
      api('POST', '/mailboxes', { ...anna, sendLimit: { messages: 3, seconds: 3600 } });
      api('POST', '/aliases', {
        address: 'info@example.com',
        targets: ['friend@elsewhere.example', anna.address],
      });
      const { status, output } = cli('mail', 'apply', '--yes');
      expect(status, output + agent.output()).toBe(0);
    }, 6 * MINUTE);
    afterAll(async () => {
      await agent.stop();
      await box.kill();
      await machine.close();
    }, MINUTE);

    const { api, cli } = boxOn(() => machine, data);
    const swaks = (...args: string[]): string =>
      machine.ask('swaks', ['--server', '127.0.0.1', '--timeout', '60s', ...args]).output;
    const submitAs = ({ address, password }: typeof anna, ...to: string[]): string =>
      swaks(
        ...['--port', '465', '--tls-on-connect', '--from', address, '--to', to.join(',')],
        ...['--auth', 'PLAIN', '--auth-user', address, '--auth-password', password],
      );
    const submit = (...to: string[]): string => submitAs(anna, ...to);
    const deliver = (from: string, to: string, subject: string): string =>
      swaks(
        ...['--local-interface', world, '--helo', 'remote.example', '--from', from, '--to', to],
        ...['--header', `Subject: ${subject}`, '--header', 'From: someone@remote.example'],
      );
    /** What went elsewhere with this subject, with its envelope. */
    const sent = (subject: string): Promise<string> =>
      until(
        60,
        () => {
          const { output } = machine.ask('sh', [
            '-c',
            `grep -l 'Subject: ${subject}' ${sink}/* | head -1 | xargs cat`,
          ]);
          return Promise.resolve(output.includes(subject) ? output : undefined);
        },
        () => Promise.resolve(machine.ask('tail', ['-40', '/var/log/postfix.log']).output),
      );
    const sending = (): unknown => (api('GET', `/mailboxes/${anna.address}`) as { sending: unknown }).sending;

    it('counts what a mailbox sends, for each recipient, and refuses more with the time at which it may again', async () => {
      expect(submit('a@elsewhere.example', 'b@elsewhere.example')).toMatch(/250 2\.0\.0 Ok: queued/);
      expect(sending()).toEqual({ messages: 3, seconds: 3600, sent: 2 });
      expect(submit('a@elsewhere.example', 'b@elsewhere.example')).toMatch(
        /450 4\.7\.1 .*anna@example\.com may send to 3 recipients in an hour, which it has: send this message again at 20\d\d-/,
      );
      // Counts are kept.
      await box.stop();
      await start();
      expect(submit('a@elsewhere.example')).toMatch(/250 2\.0\.0 Ok: queued/);
      expect(submit('a@elsewhere.example')).toMatch(/450 4\.7\.1/);
      expect(cli('mailbox', 'show', anna.address).output).toMatch(/may send: +3 messages in 3600 s; 3 sent/);
      expect(cli('mailbox', 'set', anna.address, '--limit', 'none').status).toBe(0);
      expect(submit('a@elsewhere.example')).toMatch(/250 2\.0\.0 Ok: queued/);
    });

    it('counts what a domain sends, over all its mailboxes, and leaves others alone', async () => {
      api('POST', '/domains', { name: 'example.org' });
      api('POST', '/mailboxes', bert);
      api('POST', '/mailboxes', cleo);
      const three = ['a@elsewhere.example', 'b@elsewhere.example', 'c@elsewhere.example'];
      const set = cli('domain', 'mail', 'example.com', '--total-limit', '4/1h');
      expect([set.status, set.output]).toEqual([
        0,
        expect.stringMatching(/may send together: +4 messages in 3600 s; 0 sent/),
      ]);
      expect(submitAs(anna, ...three)).toMatch(/250 2\.0\.0 Ok: queued/);
      // Neither has sent so much, but both together.
      expect(submitAs(bert, ...three)).toMatch(
        /450 4\.7\.1 .*The mailboxes of example\.com together may send to 4 recipients in an hour, which they have: send this message again at 20\d\d-/,
      );
      expect(submitAs(cleo, ...three)).toMatch(/250 2\.0\.0 Ok: queued/);
      // Counts are kept; what was refused is not in them.
      await box.stop();
      await start();
      expect(submitAs(bert, three[0]!)).toMatch(/250 2\.0\.0 Ok: queued/);
      expect(submitAs(anna, three[0]!)).toMatch(/450 4\.7\.1 .*The mailboxes of example\.com together/);
      expect(submitAs(bert, ...three, 'd@elsewhere.example', 'e@elsewhere.example')).toMatch(
        /554 5\.7\.1 .*together may send to 4 recipients in an hour: send this message to fewer/,
      );
      expect(submitAs(cleo, ...three)).toMatch(/250 2\.0\.0 Ok: queued/);
      // The box's, for a domain without its own: from now on, of what is sent from now on.
      expect(cli('mail', 'settings', 'set', '--total-limit', '1/1h').status).toBe(0);
      expect(cli('domain', 'mail', 'example.org').output).toMatch(
        /may send together: +1 message in 3600 s, the box's limit; 0 sent/,
      );
      expect(submitAs(cleo, three[0]!)).toMatch(/250 2\.0\.0 Ok: queued/);
      expect(submitAs(cleo, three[0]!)).toMatch(/450 4\.7\.1 .*The mailboxes of example\.org together/);
      for (const args of [
        ['domain', 'mail', 'example.com'],
        ['mail', 'settings', 'set'],
      ])
        expect(cli(...args, '--total-limit', 'none').status).toBe(0);
      for (const each of [anna, bert, cleo]) expect(submitAs(each, ...three)).toMatch(/250 2\.0\.0/);
    });

    it('takes mail while the box is away', async () => {
      await box.stop();
      expect(submit('a@elsewhere.example')).toMatch(/250 2\.0\.0 Ok: queued/);
      await start();
    });

    it('RFC 5321 §4.5.5: sends mail for others on as its own, and takes back what cannot be delivered', async () => {
      expect(deliver('someone@remote.example', 'info@example.com', 'on its way')).toMatch(/250 2\.0\.0/);
      const message = await sent('on its way');
      const rewritten = /^X-Mail-Args: <(SRS0=\w{6}=\w\w=remote\.example=someone@box\.example\.net)>/m;
      const log = machine.ask('tail', ['-60', '/var/log/postfix.log']).output;
      expect(message, log).toMatch(rewritten);
      const [, address] = rewritten.exec(message)!;
      expect(message).toMatch(/^X-Rcpt-Args: <friend@elsewhere\.example>/m);
      // What stays here keeps its sender.
      const imap = (path: string, ...more: string[]): string =>
        machine.ask('curl', [
          ...['-sk', '--max-time', '30', '--user', `${anna.address}:${anna.password}`],
          ...[`imaps://127.0.0.1/${path}`, ...more],
        ]).output;
      const inbox = await until(60, () => {
        const found = /SEARCH (\d+)/.exec(imap('INBOX', '-X', 'SEARCH SUBJECT "on its way"'))?.[1];
        return Promise.resolve(found === undefined ? undefined : imap(`INBOX;MAILINDEX=${found}`));
      });
      expect(inbox).toMatch(/^Return-Path: <someone@remote\.example>/m);
      // A bounce of the receiver's.
      expect(deliver('<>', address!, 'could not deliver')).toMatch(/250 2\.0\.0/);
      const bounce = await sent('could not deliver');
      expect(bounce).toMatch(/^X-Rcpt-Args: <someone@remote\.example>/m);
      expect(bounce).toMatch(/^X-Mail-Args: <>/m);
    });

    it('refuses a bounce to an address that it never sent with, and who is not itself where mail is sent on', () => {
      const forged = 'SRS0=AAAAAA=AA=remote.example=someone@box.example.net';
      expect(deliver('<>', forged, 'forged')).toMatch(/550 5\.1\.1 .*User unknown/);
      const open = [
        '--port',
        '10026',
        '--from',
        'someone@remote.example',
        '--to',
        'friend@elsewhere.example',
      ];
      expect(swaks(...open)).toMatch(/530 5\.7\.0 Must issue a STARTTLS/);
      expect(swaks(...open, '--tls')).toMatch(/554 5\.7\.1 .*Client host rejected: Access denied/);
    });
  },
);
