import { expect, test } from 'vitest';
import { parseRequest } from './protocol.ts';

const parse = (request: object): object => parseRequest(JSON.stringify(request));

test.each([
  { do: 'queue', query: { limit: 100, domain: 'example.com', after: { at: 1, id: '4D2F31A0B2' } } },
  { do: 'queue-act', action: 'delete', choice: { id: '4D2F31A0B2' } },
  { do: 'queue-act', action: 'hold', choice: { domain: 'example.com' } },
  { do: 'queue-act', action: 'retry' },
  { do: 'queue', query: { limit: 1, address: 'anna@', reason: 'refused' } },
])('takes %j', (request) => {
  expect(parse(request)).toEqual(request);
});

// What postsuper(1) and postqueue(1) would take for more than one message, or for an option.
test.each([
  { do: 'queue', query: { limit: 100_000 } },
  { do: 'queue', query: { limit: 1, domain: 'example.com; reboot' } },
  { do: 'queue-act', action: 'delete' },
  { do: 'queue-act', action: 'delete', choice: { id: 'ALL' } },
  { do: 'queue-act', action: 'delete', choice: { id: '-r4D2F31A0B2' } },
  { do: 'queue-act', action: 'delete', choice: { id: '4D2F31A0B2', domain: 'example.com' } },
  { do: 'queue-act', action: 'purge', choice: { id: '4D2F31A0B2' } },
])('refuses %j', (request) => {
  expect(() => parse(request)).toThrow('The request is none that the agent knows');
});
