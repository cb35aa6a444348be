import { expect, test } from 'vitest';
import { parseRequest } from './protocol.ts';

const parse = (request: object): object => parseRequest(JSON.stringify(request));

test.each([
  { do: 'queue', query: { limit: 100, domain: 'example.com', after: { at: 1, id: '4D2F31A0B2' } } },
  { do: 'queue-act', action: 'delete', choice: { id: '4D2F31A0B2' } },
  { do: 'queue-act', action: 'hold', choice: { domain: 'example.com' } },
  { do: 'queue-act', action: 'retry' },
  { do: 'queue', query: { limit: 1, address: 'anna@', reason: 'refused' } },
  { do: 'usage', addresses: ['anna@example.com', 'a.b-c_1@xn--bcher-kva.example'] },
  { do: 'usage', addresses: Array.from({ length: 500 }, (_, n) => `u${n}@example.com`) },
  { do: 'log', server: 'postfix', lines: 500 },
  { do: 'log', server: 'nginx', lines: 1 },
])('takes %j', (request) => {
  expect(parse(request)).toEqual(request);
});

// What postsuper(1), postqueue(1) and doveadm(1) would take for more than one message or mailbox, or for an option; and logs that are none of a mail server.
test.each([
  { do: 'queue', query: { limit: 100_000 } },
  { do: 'queue', query: { limit: 1, domain: 'example.com; reboot' } },
  { do: 'queue-act', action: 'delete' },
  { do: 'queue-act', action: 'delete', choice: { id: 'ALL' } },
  { do: 'queue-act', action: 'delete', choice: { id: '-r4D2F31A0B2' } },
  { do: 'queue-act', action: 'delete', choice: { id: '4D2F31A0B2', domain: 'example.com' } },
  { do: 'queue-act', action: 'purge', choice: { id: '4D2F31A0B2' } },
  { do: 'usage' },
  { do: 'usage', addresses: [] },
  { do: 'usage', addresses: Array.from({ length: 501 }, (_, n) => `u${n}@example.com`) },
  { do: 'usage', addresses: ['anna@example.com\nroot@example.com'] },
  { do: 'usage', addresses: ['anna@example.com\n'] },
  { do: 'usage', addresses: ['*@example.com'] },
  { do: 'usage', addresses: ['-A'] },
  { do: 'usage', addresses: ['../anna@example.com'] },
  { do: 'usage', addresses: ['anna..x@example.com'] },
  { do: 'usage', addresses: ['anna.@example.com'] },
  { do: 'usage', addresses: ['Anna@example.com'] },
  { do: 'usage', addresses: ['anna@example..com'] },
  { do: 'usage', addresses: [`${'a'.repeat(65)}@example.com`] },
  { do: 'usage', addresses: ['anna@example.com'], file: '/etc/shadow' },
  { do: 'log', server: 'postfix' },
  { do: 'log', server: 'postfix', lines: 0 },
  { do: 'log', server: 'postfix', lines: 501 },
  { do: 'log', server: 'postfix', lines: '10 --file=/etc/shadow' },
  { do: 'log', server: 'sshd', lines: 10 },
  { do: 'log', server: '../../etc/shadow', lines: 10 },
  { do: 'log', server: '--file=/etc/shadow', lines: 10 },
  { do: 'log', server: 'postfix', lines: 10, path: '/etc/shadow' },
])('refuses %j', (request) => {
  expect(() => parse(request)).toThrow('The request is none that the agent knows');
});
