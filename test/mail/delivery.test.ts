import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putKeys, type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { installDirectory } from '../kit/mail-directory.ts';
import { createMailMachine, type MailMachine, resolveOnly } from '../kit/mail-machine.ts';
import { dkimKeys, mailModel } from '../kit/mail-model.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const commands = ['unshare', 'nsenter', 'postfix', 'dovecot', 'rspamd', 'redis-server'];
const reason = missing({ root: true, commands });

/** Milliseconds. */
const MINUTE = 60_000;
/** docs/mail.md has the command for ten thousand. */
const messages = Number(process.env['MESSAGES'] ?? 400);
const connections = 50;
const program = join(import.meta.dirname, '../kit/smtp-load.ts');
const alice = { address: 'alice@example.com', password: 'correct horse', appPassword: 'an-app-password' };

describe.skipIf(reason)(`many messages at once ${reason ?? ''}`, () => {
  let box: MailMachine;
  let agent: RunningAgent;

  beforeAll(async () => {
    const model = mailModel('box.example.net');
    box = await createMailMachine(model.hostname);
    for (let i = 1; i <= connections; i++) box.run('ip', 'address', 'add', `203.0.113.${i}/32`, 'dev', 'lo');
    resolveOnly(box, [
      'remote.example. A 203.0.113.1',
      'remote.example. MX 10 remote.example.',
      'remote.example. TXT "v=spf1 ip4:203.0.113.0/24 -all"',
    ]);
    installDirectory(box, [alice], []);
    agent = await startAgent(box);
    putKeys(agent, [dkimKeys('example.com').signers]);
    expect(agent.ask({ do: 'apply', model, replaceEdited: false }), agent.output()).toMatchObject({
      ok: true,
    });
  }, 10 * MINUTE);
  afterAll(async () => {
    await agent.stop();
    await box.close();
  }, MINUTE);

  /** How often each message is there, by its id. */
  function arrived(): Map<string, number> {
    const counts = new Map<string, number>();
    // From the messages themselves: what Dovecot keeps of them in its cache may be lost with the process that wrote it.
    const { output } = box.ask('doveadm', ['fetch', '-u', alice.address, 'hdr', 'ALL']);
    for (const [, id] of output.matchAll(/^message-id: <(load-\d+)@/gim))
      counts.set(id!, (counts.get(id!) ?? 0) + 1);
    return counts;
  }

  /** What the mail servers wrote of a message, and where it lies. */
  function storyOf(id: string): string {
    const logs = ['/var/log/postfix.log', '/var/log/signpost-agent.log'];
    const grep = (...flags: string[]): string => box.ask('grep', flags).output;
    const [, queueId] = /([0-9A-F]{6,}): message-id=/.exec(grep('-h', `<${id}@`, ...logs)) ?? [];
    const lines = grep('-h', '-e', `<${id}@`, ...(queueId === undefined ? [] : ['-e', queueId]), ...logs);
    const cached = box.ask('doveadm', ['fetch', '-u', alice.address, 'uid hdr.message-id', 'ALL']).output;
    const nameless = cached.match(/^uid: \d+\n(?:hdr.message-id: *\n)(?!\S)/gm) ?? [];
    const errors = grep('-h', '-e', 'Error: ', '-e', 'Warning: ', logs[1]!).split('\n').slice(-20).join('\n');
    return `${id}\n${lines}${errors}\nwithout an id: ${nameless.length} of ${cached.match(/^uid: /gm)?.length}`;
  }

  it(
    'each that was accepted arrives once, whatever daemon is killed meanwhile',
    async () => {
      const sender = box.start(process.execPath, program, `${messages}`, `${connections}`, alice.address);
      let said = '';
      for (const stream of [sender.stdout!, sender.stderr!])
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      let over = false;
      sender.on('exit', () => (over = true));
      const ids = (outcome: string): string[] =>
        [...said.matchAll(new RegExp(`^${outcome} (\\S+)$`, 'gm'))].map(([, id]) => id!);

      const processes = (...which: string[]): string[] => {
        const { output } = box.ask('pgrep', which);
        return output.split('\n').filter((line) => /^\d+$/.test(line));
      };
      const first = (daemon: string): string[] => processes('-o', '-f', daemon);
      const kills: [daemon: string, found: () => string[]][] = [
        ['Unbound', () => first('unbound')],
        ['the MTA-STS daemon', () => first('mta-sts-signpost/daemon')],
        ['Rspamd', () => first('rspamd: main')],
        ['Redis', () => first('redis-server')],
        ['Dovecot, with those that are storing', () => processes('-f', 'dovecot')],
        ['Postfix’s master', () => first('postfix/sbin/master')],
        [
          'all of Postfix, with those that take in and hand on',
          () => {
            const all = first('postfix/sbin/master').flatMap((master) => processes('-g', master));
            // Once they are at work again.
            return all.length > 10 ? all : [];
          },
        ],
      ];
      for (const [index, [daemon, found]] of kills.entries()) {
        // In the middle of it, each when some more were accepted.
        const enough = Math.floor(((index + 1) * messages) / (kills.length + 2));
        await until(
          240 + messages / 5,
          () => Promise.resolve(ids('accepted').length >= enough || undefined),
          () => Promise.resolve(`${said.slice(-500)}\n${agent.output().slice(-3000)}`),
        );
        expect(over, `${daemon}: all were sent before`).toBe(false);
        // It may not be back yet from the kill before.
        const pids = await until(60, () => {
          const there = found();
          return Promise.resolve(there.length > 0 ? there : undefined);
        });
        console.log(`killed ${daemon} (${pids.length})`);
        // One that ended by itself meanwhile is none to complain of.
        box.ask('kill', ['-KILL', ...pids]);
      }
      await until(
        600 + messages / 2,
        () => Promise.resolve(over || undefined),
        () => Promise.resolve(`${said.slice(-500)}\n${agent.output().slice(-3000)}`),
      );
      const accepted = ids('accepted');
      expect(accepted).toHaveLength(messages);
      // What waits for a daemon that was away is tried again in minutes, or when it is asked for.
      await until(
        240 + messages / 10,
        () => {
          box.ask('postqueue', ['-f']);
          return Promise.resolve(box.ask('postqueue', ['-p']).output.includes('queue is empty') || undefined);
        },
        () =>
          Promise.resolve(
            box.ask('postqueue', ['-p']).output.slice(-2000) +
              box.ask('tail', ['-30', '/var/log/postfix.log']).output,
          ),
      );
      console.log(`${accepted.length} accepted, ${ids('unsure').length} without an answer`);
      // The list of the queue misses a message that is moved from one of its folders to another while it is made.
      const lost = (): string[] => {
        const there = arrived();
        return accepted.filter((id) => !there.has(id));
      };
      await until(
        60,
        () => Promise.resolve(lost().length === 0 || undefined),
        () => Promise.resolve(lost().map(storyOf).join('\n')),
      );
      const twice = [...arrived()].flatMap(([id, count]) => (count > 1 ? [id] : []));
      expect(twice, twice.map(storyOf).join('\n')).toEqual([]);
    },
    20 * MINUTE + messages * 500,
  );
});
