import { expect, test } from 'vitest';
import {
  isChosen,
  MOST_RECIPIENTS,
  pageCollector,
  queuedMessage,
  type QueuedMessage,
} from './queued-message.ts';

/** As `postqueue -j` of Postfix 3.7 says it. */
const line = (id: string, at: number, ...addresses: string[]): string =>
  JSON.stringify({
    ...{ queue_name: 'deferred', queue_id: id, arrival_time: at, message_size: 431, forced_expire: false },
    sender: 'MAILER-DAEMON',
    recipients: addresses.map((address) => ({ address, delay_reason: 'connection refused' })),
  });
const message = (id: string, at: number, ...addresses: string[]): QueuedMessage =>
  queuedMessage(line(id, at, ...addresses))!;

test('a line of the queue is understood, and what is none is left out', () => {
  expect(message('4D2F31A0B2', 100, 'a@example.com')).toEqual({
    ...{ id: '4D2F31A0B2', queue: 'deferred', at: 100, size: 431, sender: '' },
    recipients: [{ address: 'a@example.com', reason: 'connection refused' }],
    recipientCount: 1,
  });
  for (const strange of ['', 'Mail queue is empty', '{}', line('-d ALL', 1, 'a@example.com')])
    expect(queuedMessage(strange)).toBeUndefined();
});

test('pages are the oldest first, with no message twice, whatever order they come in', () => {
  const all = Array.from({ length: 1000 }, (_, n) =>
    message(`ABCDEF${n}`, (n * 7919) % 500, `a@d${n % 2}.example`),
  );
  const pages: string[] = [];
  for (let after: QueuedMessage | undefined; ;) {
    const collector = pageCollector({ limit: 90, after });
    for (const one of all) collector.take(one);
    const { messages, counts } = collector.part();
    expect(counts).toEqual({ deferred: 1000 });
    pages.push(...messages.slice(0, 90).map(({ id }) => id));
    if (messages.length <= 90) break;
    after = messages[89];
  }
  expect(pages).toHaveLength(1000);
  expect(new Set(pages).size).toBe(1000);
  const collector = pageCollector({ limit: 1, domain: 'd1.example' });
  for (const one of all) collector.take(one);
  expect(collector.part()).toMatchObject({ counts: { deferred: 500 } });
});

test.each([
  [{ address: 'Anna@' }, 2],
  [{ address: 'example.org' }, 1],
  [{ reason: 'REFUSED' }, 3],
  [{ reason: 'greylisted' }, 0],
  [{ address: 'anna', domain: 'example.com', reason: 'connection' }, 1],
])('the queue is looked through for %j', (filter, count) => {
  const collector = pageCollector({ limit: 9, ...filter });
  for (const address of ['anna@example.com', 'ANNA@example.org', 'carl@example.com'])
    collector.take(message(`ABCDEF${address.length}`, 1, address));
  expect(collector.part().messages).toHaveLength(count);
});

test('of a message to many the first are named, and all are counted', () => {
  const collector = pageCollector({ limit: 1 });
  collector.take(message('ABCDEF', 1, ...Array.from({ length: 50 }, (_, n) => `a${n}@example.com`)));
  const [one] = collector.part().messages;
  expect([one!.recipients.length, one!.recipientCount]).toEqual([MOST_RECIPIENTS, 50]);
});

test('what somebody elsewhere is to have, too, is not chosen by a domain', () => {
  const both = message('ABCDEF', 1, 'a@example.com', 'b@example.org');
  expect(isChosen(both, { domain: 'example.com' })).toBe(false);
  // Of a message that is just being given up to Postfix nobody knows yet whose it is.
  expect(isChosen(message('ABCDEF', 1), { domain: 'example.com' })).toBe(false);
  expect(isChosen(message('ABCDEF', 1, 'a@Example.COM'), { domain: 'example.com' })).toBe(true);
  expect(isChosen(both, { id: 'ABCDEF' })).toBe(true);
});
