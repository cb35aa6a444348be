import { setImmediate } from 'node:timers/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sentMessages } from '../../db/sent-messages.ts';
import { defaultSettings } from '../settings/store.ts';
import type { MailboxRow, MailDomainRow, SendLimit } from '../store.ts';
import { createSendLimits, type SendLimits } from './limits.ts';
import { limitAction, servePolicy } from './policy.ts';
import type { SentStorage } from './store.ts';

const anna = 'anna@example.com';
const hour = 3_600_000;

let folder: string;
let storage: SentStorage;
let now: number;
let own: SendLimit | undefined;
let ofDomain: SendLimit | undefined;
let ofBox: SendLimit | undefined;
let total: SendLimit | undefined;
let totalOfBox: SendLimit | undefined;
let limits: SendLimits;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-sent-'));
  now = Date.parse('2026-11-29T08:00:00Z');
  [own, ofDomain, ofBox] = [{ messages: 3, seconds: 3600 }, undefined, undefined];
  [total, totalOfBox] = [undefined, undefined];
  open();
});
afterEach(() => {
  storage.close();
  rmSync(folder, { recursive: true });
});

function open(): void {
  storage = sentMessages(join(folder, 'sent.sqlite'));
  const reads = {
    mailbox: (address: string) => (address === anna ? ({ sendLimit: own } as MailboxRow) : undefined),
    mailDomain: (domain: string) =>
      domain === 'example.com'
        ? ({ sendLimit: ofDomain, totalSendLimit: total } as MailDomainRow)
        : undefined,
    settings: () => ({ ...defaultSettings, sendLimit: ofBox, totalSendLimit: totalOfBox }),
  };
  limits = createSendLimits(reads, storage, { now: () => now });
}

test('so many messages in so long a time, and no more until the first of them is that old', () => {
  expect([1, 1, 1].map((each) => limits.take(anna, each))).toEqual([undefined, undefined, undefined]);
  expect(limits.take(anna, 1)).toEqual({
    later: true,
    text: 'anna@example.com may send to 3 recipients in an hour, which it has: send this message again at 2026-11-29T09:01:00Z.',
  });
  // What is refused is not counted, and the time that was told is the time.
  expect(limits.usage(anna)).toEqual({ messages: 3, seconds: 3600, sent: 3 });
  now += hour + 59_000;
  expect(limits.take(anna, 1)).toMatchObject({ later: true });
  now += 2000;
  expect(limits.take(anna, 1)).toBeUndefined();
  expect(limits.usage(anna)!.sent).toBe(1);
});

test('a message to several recipients counts for each, and one to more than ever may be is refused for good', () => {
  expect(limits.take(anna, 2)).toBeUndefined();
  expect(limits.take(anna, 2)).toMatchObject({ later: true });
  expect(limits.take(anna, 1)).toBeUndefined();
  expect(limits.take(anna, 4)).toEqual({
    later: false,
    text: 'anna@example.com may send to 3 recipients in an hour: send this message to fewer.',
  });
});

test('the limit of the domain is for each mailbox that has none of its own, and the box’s for those of domains without', () => {
  [own, ofDomain] = [undefined, { messages: 1, seconds: 86_400 }];
  expect([limits.take(anna, 1), limits.take('bob@example.com', 1)]).toEqual([undefined, undefined]);
  expect(limits.take(anna, 1)).toMatchObject({
    text: expect.stringContaining('1 recipients in a day') as string,
  });
  ofDomain = undefined;
  expect([limits.take(anna, 1000), limits.usage(anna)]).toEqual([undefined, undefined]);
  ofBox = { messages: 5, seconds: 3600 };
  expect(limits.take('carol@example.org', 6)).toMatchObject({ later: false });
});

test('all of a domain together have a limit of their own, beside that of each', () => {
  total = { messages: 5, seconds: 7200 };
  expect([limits.take(anna, 2), limits.take('bob@example.com', 2)]).toEqual([undefined, undefined]);
  expect(limits.usage('@example.com')).toEqual({ messages: 5, seconds: 7200, sent: 4 });
  expect(limits.take('bob@example.com', 2)).toEqual({
    later: true,
    text: 'The mailboxes of example.com together may send to 5 recipients in 2 hours, which they have: send this message again at 2026-11-29T10:02:00Z.',
  });
  // What one limit refuses is not counted for the other either.
  expect(limits.take(anna, 2)).toMatchObject({ later: true });
  expect([limits.usage(anna)!.sent, limits.usage('@example.com')!.sent]).toEqual([2, 4]);
  expect(limits.take('bob@example.com', 6)).toEqual({
    later: false,
    text: 'The mailboxes of example.com together may send to 5 recipients in 2 hours: send this message to fewer.',
  });
  expect(limits.take('carol@example.org', 6)).toBeUndefined();
  expect(limits.take(anna, 1)).toBeUndefined();
  now += 2 * hour + 121_000;
  expect([limits.take('bob@example.com', 5), limits.take(anna, 1)]).toEqual([
    undefined,
    expect.objectContaining({ later: true }),
  ]);
});

test('who may send when under either limit is told of the later, and at once that it is never', () => {
  [own, total] = [
    { messages: 2, seconds: 7200 },
    { messages: 3, seconds: 3600 },
  ];
  limits.take(anna, 2);
  expect(limits.take(anna, 2)!.text).toMatch(/^anna@example\.com .* at 2026-11-29T10:02:00Z\.$/);
  limits.take('bob@example.com', 1);
  expect(limits.take('bob@example.com', 1)!.text).toMatch(/^The mailboxes .* at 2026-11-29T09:01:00Z\.$/);
  expect(limits.take(anna, 1)!.text).toMatch(/^anna@example\.com .* at 2026-11-29T10:02:00Z\.$/);
  expect(limits.take(anna, 3)).toMatchObject({ later: false });
});

test('the box’s limit of a domain is for each domain that has none of its own', () => {
  [own, totalOfBox] = [undefined, { messages: 1, seconds: 3600 }];
  expect([anna, 'carol@example.org'].map((each) => limits.take(each, 1))).toEqual([undefined, undefined]);
  expect(limits.take('dave@example.org', 1)).toMatchObject({ later: true });
  total = { messages: 2, seconds: 3600 };
  expect(limits.take('bob@example.com', 1)).toBeUndefined();
});

test('where the counts cannot be kept everybody may send, and that is said', () => {
  const nowhere = sentMessages(join(folder, 'missing', 'sent.sqlite'));
  expect(nowhere.problem()).toBeUndefined();
  expect(nowhere.slots(anna, 0)).toEqual([]);
  expect(nowhere.problem()).toMatch(
    /^What mailboxes send is not counted, and no limit holds, while .*missing/,
  );
  expect(storage.problem()).toBeUndefined();
});

test('counts survive a restart; a damaged file begins anew', () => {
  limits.take(anna, 2);
  storage.close();
  open();
  expect(limits.usage(anna)!.sent).toBe(2);
  storage.close();
  for (const suffix of ['-wal', '-shm']) rmSync(join(folder, `sent.sqlite${suffix}`), { force: true });
  writeFileSync(join(folder, 'sent.sqlite'), 'x'.repeat(8192));
  open();
  expect(limits.usage(anna)!.sent).toBe(0);
});

test('old counts are forgotten', () => {
  limits.take(anna, 1);
  expect([storage.forget(now - hour, 10), storage.forget(now + hour, 10)]).toEqual([0, 1]);
  expect(limits.usage(anna)!.sent).toBe(0);
});

test('Postfix’s protocol: many requests on a connection, cut anywhere', async () => {
  const server = createServer((socket) => servePolicy(socket, (request) => limitAction(limits, request)));
  const path = join(folder, 'policy.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const request = (recipients: number, user = anna): string =>
    `request=smtpd_access_policy\nprotocol_state=DATA\nsasl_username=${user}\nrecipient_count=${recipients}\n\n`;
  const all = request(2) + request(0, '') + request(5) + request(2);
  const socket = createConnection(path);
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  socket.write(all.slice(0, 30));
  await setImmediate();
  socket.end(all.slice(30));
  await new Promise((resolve) => socket.on('end', resolve));
  server.close();
  expect(said.trim().split('\n\n')).toEqual([
    'action=DUNNO',
    'action=DUNNO',
    expect.stringMatching(/^action=554 5\.7\.1 anna@example\.com may send to 3 recipients/),
    expect.stringMatching(
      /^action=450 4\.7\.1 anna@example\.com may send .* again at 2026-11-29T09:01:00Z\.$/,
    ),
  ]);
});
