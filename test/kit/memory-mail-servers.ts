import type { ReadList } from '../../src/mail/history/redis-list.ts';
import type { AskAgent } from '../../src/mail/servers/agent-client.ts';
import { isChosen, pageCollector, type QueuedMessage } from '../../src/mail/agent/queued-message.ts';
import type { MailServers } from '../../src/mail/servers/service.ts';

/** Mail servers of which one was edited by hand. */
export function memoryMailServers(): MailServers {
  const postfix = { name: 'postfix', managed: true, running: true } as const;
  const server = { ...postfix, detected: { kind: 'installed', version: '3.7.11' } as const };
  const state = { agentProblem: undefined, accepted: true, waiting: false, last: undefined };
  const file = {
    path: '/etc/postfix/main.cf',
    kind: 'change',
    edited: true,
    secret: false,
    diff: '-a\n+b\n',
  } as const;
  return {
    status: () => Promise.resolve({ ...state, servers: [server] }),
    plan: () => Promise.resolve({ ...state, install: undefined, servers: [{ ...server, changes: [file] }] }),
    log: (server, lines) =>
      Promise.resolve(
        server === 'postfix'
          ? { lines: ['4D2F31A0B0: queue active', '4D2F31A0B0: removed'].slice(-lines) }
          : { lines: [], problem: `There is no log of ${server}: it is not installed.` },
      ),
    apply: (replaceEdited) =>
      Promise.resolve([
        replaceEdited
          ? { name: 'postfix', outcome: 'applied' }
          : { name: 'postfix', outcome: 'refused', detail: 'edited by hand' },
      ]),
  };
}

/** Rows as Rspamd 3.4 writes them: of a message that came and of one that was refused, the newest first. */
const rows = [2, 1].map((second) =>
  JSON.stringify({
    unix_time: 1_798_718_400 + second,
    'message-id': `${second}@remote.example`,
    sender_smtp: 'someone@remote.example',
    sender_mime: 'someone@remote.example',
    rcpt_smtp: second === 1 ? ['anna@example.com'] : ['Info@Example.com', 'anna@example.org'],
    rcpt_mime: ['anna@example.com'],
    ...{ user: 'unknown', ip: '192.0.2.7', subject: 'obf:3f1a', size: 1234, time_real: 0.2 },
    ...{ action: second === 1 ? 'no action' : 'reject', score: second * 8.004, required_score: 15 },
    symbols: {
      R_SPF_ALLOW: { score: -0.2, options: ['+a'] },
      ARC_NA: { score: 0 },
      BAYES_SPAM: { score: 5.1 },
    },
    is_skipped: false,
  }),
);

/** A list of Redis with them. */
export const memoryHistory: ReadList = (_key, from, to) => Promise.resolve(rows.slice(from, to + 1));

/** Two messages that wait. */
const queued = ['example.com', 'example.org'].map((domain, n): QueuedMessage => ({
  ...{ id: `4D2F31A0B${n}`, queue: 'deferred', at: 1_798_718_400 + n, size: 431, sender: '' },
  recipients: [{ address: `anna@${domain}`, reason: 'connection refused' }],
  recipientCount: 1,
}));

/** An agent that has them in its queue, and leaves them there. */
export const memoryQueue: AskAgent = (request) => {
  if (request.do === 'queue') {
    const collector = pageCollector(request.query);
    for (const message of queued) collector.take(message);
    return Promise.resolve({ ok: true, queue: collector.part() });
  }
  const choice = request.do === 'queue-act' ? request.choice : undefined;
  const messages = queued.filter((message) => !choice || isChosen(message, choice)).length;
  return Promise.resolve({ ok: true, messages });
};

/** An agent whose Dovecot knows of a mailbox what it holds, but for those of nobody. */
export const memoryUsage: AskAgent = (request) => {
  const addresses = request.do === 'usage' ? request.addresses : [];
  const usage = addresses
    .filter((address) => !address.startsWith('nobody@'))
    .map((address) => ({ address, octets: 1_048_576, messages: 3, limit: 5_242_880 }));
  return Promise.resolve({ ok: true, usage });
};
