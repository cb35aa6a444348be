import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeClock, systemClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { decodeMessage, encodeMessage, newMessage } from '../../dns/message/message.ts';
import { Type } from '../../dns/type-codes.ts';
import { Name } from '../../dns/wire/name.ts';
import { textRdata } from '../../zones/text.ts';
import { createFindLacking } from './live.ts';

const owner = Name.parse('rsa2601a._domainkey.example.com');
// Longer than one string of a TXT record.
const rdata = textRdata(`v=DKIM1; k=rsa; p=${'A'.repeat(300)}`);
const secondary = Name.parse('ns2.example.net');

let server: Socket;
/** What the secondary says. */
let says: { rdata: Uint8Array | undefined; aa: boolean } | 'nothing';
let asked: number;

beforeEach(async () => {
  asked = 0;
  server = createSocket('udp4');
  server.on('message', (bytes, { port }) => {
    asked += 1;
    if (says === 'nothing') return;
    const query = decodeMessage(bytes);
    const answer = newMessage({ id: query.id, questions: query.questions });
    Object.assign(answer.flags, { qr: true, aa: says.aa });
    if (says.rdata) answer.answers.push({ owner, type: Type.TXT, class: 1, ttl: 60, rdata: says.rdata });
    server.send(encodeMessage(answer), port, '127.0.0.1');
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => server.close());

const finder = (clock = systemClock) =>
  createFindLacking({
    published: () => [secondary],
    placesOf: () => Promise.resolve([{ address: '127.0.0.1', port: server.address().port }]),
    clock,
    random: systemRandom,
  });
const lacks =
  'The secondary ns2.example.net (127.0.0.1) does not have the record rsa2601a._domainkey.example.com yet.';

test('a nameserver has a record when it serves the zone, and that very record', async () => {
  const find = finder();
  says = { rdata, aa: true };
  expect(await find([{ owner, rdata }])).toBeUndefined();
  says = { rdata: textRdata('v=DKIM1; k=rsa; p='), aa: true };
  expect(await find([{ owner, rdata }])).toBe(lacks);
  says = { rdata: undefined, aa: true };
  expect(await find([{ owner, rdata }])).toBe(lacks);
  // Out of a cache: it does not serve the zone.
  says = { rdata, aa: false };
  expect(await find([{ owner, rdata }])).toBe(lacks);
});

test('one that is silent is not asked for every domain', async () => {
  const clock = new FakeClock();
  const find = finder(clock);
  says = 'nothing';
  const state: { said?: string | undefined } = {};
  void find([{ owner, rdata }]).then((said) => (state.said = said));
  while (state.said === undefined) {
    await clock.advance(2000);
    await setTimeout(10);
  }
  expect(state.said).toContain('does not answer');
  const before = asked;
  expect(await find([{ owner, rdata }])).toContain('does not answer');
  expect(asked).toBe(before);
  says = { rdata, aa: true };
  await clock.advance(60_000);
  expect(await find([{ owner, rdata }])).toBeUndefined();
});

test('one without an address lacks everything', async () => {
  const find = createFindLacking({
    published: () => [secondary],
    placesOf: () => Promise.reject(new Error('ENOTFOUND')),
    clock: systemClock,
    random: systemRandom,
  });
  expect(await find([{ owner, rdata }])).toBe('The secondary ns2.example.net has no address.');
});
