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
/** To one mailbox at once (default_destination_concurrency_limit of postconf(5)). */
const ON_THEIR_WAY = 20;
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
  function found(): Map<string, number> {
    const { output } = box.ask('doveadm', ['fetch', '-u', alice.address, 'hdr.message-id', 'ALL']);
    const counts = new Map<string, number>();
    for (const [, id] of output.matchAll(/<(load-\d+)@/g)) counts.set(id!, (counts.get(id!) ?? 0) + 1);
    return counts;
  }

  it(
    'none that was accepted is lost, whatever daemon is killed meanwhile, and few come twice',
    async () => {
      const sender = box.start(process.execPath, program, `${messages}`, `${connections}`, alice.address);
      let said = '';
      for (const stream of [sender.stdout!, sender.stderr!])
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      let over = false;
      sender.on('exit', () => (over = true));
      const ids = (outcome: string): string[] =>
        [...said.matchAll(new RegExp(`^${outcome} (\\S+)$`, 'gm'))].map(([, id]) => id!);

      const kills = ['rspamd: main', 'redis-server', 'sbin/dovecot', 'postfix/sbin/master'];
      for (const [index, daemon] of kills.entries()) {
        // In the middle of it, each when some more were accepted.
        const enough = Math.floor(((index + 1) * messages) / (kills.length + 2));
        await until(
          240,
          () => Promise.resolve(ids('accepted').length >= enough || undefined),
          () => Promise.resolve(`${said.slice(-500)}\n${agent.output().slice(-3000)}`),
        );
        expect(over, `${daemon}: all were sent before`).toBe(false);
        const pids = box.run('pgrep', '-o', '-f', daemon).trim();
        box.run('kill', '-KILL', ...pids.split('\n'));
      }
      await until(
        600,
        () => Promise.resolve(over || undefined),
        () => Promise.resolve(`${said.slice(-500)}\n${agent.output().slice(-3000)}`),
      );
      const accepted = ids('accepted');
      expect(accepted).toHaveLength(messages);
      // What waits for a daemon that was away is tried again in minutes, or when it is asked for.
      await until(
        120,
        () => {
          box.ask('postqueue', ['-f']);
          const there = found();
          return Promise.resolve(accepted.every((id) => there.has(id)) || undefined);
        },
        () =>
          Promise.resolve(
            box.ask('postqueue', ['-p']).output.slice(-2000) +
              box.ask('tail', ['-30', '/var/log/postfix.log']).output,
          ),
      );
      const twice = [...found()].filter(([, count]) => count > 1);
      console.log(
        `${accepted.length} accepted, ${ids('unsure').length} without an answer, ${twice.length} came twice`,
      );
      // A daemon that is killed between storing and saying so, or remembering it: of those that Postfix hands on at the same time.
      expect(twice.length).toBeLessThan(ON_THEIR_WAY);
    },
    20 * MINUTE,
  );
});
