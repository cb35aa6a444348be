import type { MailServers } from '../../src/mail/servers/service.ts';

/** Mail servers of which one was edited by hand. */
export function memoryMailServers(): MailServers {
  const postfix = { name: 'postfix', managed: true, running: true } as const;
  const server = { ...postfix, detected: { kind: 'installed', version: '3.7.11' } as const };
  const state = { agentProblem: undefined, accepted: true, last: undefined };
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
    apply: (replaceEdited) =>
      Promise.resolve([
        replaceEdited
          ? { name: 'postfix', outcome: 'applied' }
          : { name: 'postfix', outcome: 'refused', detail: 'edited by hand' },
      ]),
  };
}
