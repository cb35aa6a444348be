import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { epochSeconds, FakeClock, systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { decodeMessage, type Message } from '../../dns/message/message.ts';
import { checkRequest, readTsig, type TsigKey } from '../../dns/message/tsig.ts';
import { rdataFromText } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import { Opcode } from '../../dns/wire/codes.ts';
import { Name } from '../../dns/wire/name.ts';
import { createNotifier, type Notifier, type NotifyTarget } from './notify.ts';

const zone = (n: number): Name => Name.parse(`zone${n}.example`);
const key: TsigKey = {
  name: Name.parse('xfr.example'),
  algorithm: 'hmac-sha256',
  secret: Buffer.alloc(32, 1),
};
const log = createLog({ level: 'silent' });

let secondary: Socket;
let received: { bytes: Buffer; message: Message }[];
/** RFC 1996 §4.7: the request, with QR. */
function answerTo(bytes: Buffer, change: (answer: Buffer) => void = () => undefined): Buffer {
  const answer = Buffer.from(bytes);
  answer[2]! |= 0x80;
  change(answer);
  return answer;
}

/** What the secondary answers. */
let answers: (bytes: Buffer) => Buffer[];
let notifier: Notifier | undefined;
const serial = 1;

beforeEach(async () => {
  received = [];
  answers = (bytes) => [answerTo(bytes)];
  secondary = createSocket('udp4');
  secondary.on('message', (bytes, { port }) => {
    received.push({ bytes, message: decodeMessage(bytes) });
    for (const answer of answers(bytes)) secondary.send(answer, port, '127.0.0.1');
  });
  secondary.bind(0, '127.0.0.1');
  await once(secondary, 'listening');
});
afterEach(() => {
  notifier?.stop();
  secondary.close();
});

function start(target: Partial<NotifyTarget> = {}, clock = systemClock): Notifier {
  const server = { address: '127.0.0.1', port: secondary.address().port };
  notifier = createNotifier({
    targets: () => [{ server, key: undefined, takes: () => true, ...target }],
    soaOf: (owner) => ({
      ...{ owner, type: Type.SOA, ttl: 60 },
      rdata: rdataFromText(Type.SOA, `ns1.example. hostmaster.example. ${serial} 1 1 1 1`),
    }),
    clock,
    random: systemRandom,
    log,
  });
  return notifier;
}

const told = (): string[] => received.map(({ message }) => message.questions[0]!.name.toText());
const done = () => expect.poll(() => notifier!.pending, { timeout: 20_000 }).toBe(0);

test('RFC 1996 §4.5: NOTIFY with AA and the zone, its SOA as it is now (§3.7), and nothing behind that (§3.9)', async () => {
  start().changed([zone(1)]);
  await done();
  expect(received).toHaveLength(1);
  expect(received[0]!.message).toMatchObject({
    opcode: Opcode.NOTIFY,
    rcode: 0,
    flags: { qr: false, aa: true, tc: false, rd: false, ra: false, ad: false, cd: false },
    questions: [{ type: Type.SOA, class: 1 }],
    answers: [{ type: Type.SOA, ttl: 60 }],
    authorities: [],
    additionals: [],
  });
});

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['RFC 1996 §4.8: an answer', (bytes) => answerTo(bytes)],
  [
    'RFC 1996 §3.12: NOTIMP, and be it a header alone',
    (bytes) => answerTo(bytes.subarray(0, 12), (answer) => answer.fill(0, 4).writeUInt8(4, 3)),
  ],
])('%s ends it', async (_what, answer) => {
  answers = (bytes) => [answer(bytes)];
  const clock = new FakeClock();
  start({}, clock).changed([zone(1)]);
  await done();
  await clock.advance(100_000);
  expect(received).toHaveLength(1);
});

test('RFC 1996 §3.6: what has another id, zone or source, is no answer or no NOTIFY, or is cut short does not end it; each NOTIFY has an id of its own', async () => {
  answers = (bytes) => [
    answerTo(bytes, (answer) => answer.writeUInt16BE(answer.readUInt16BE(0) ^ 1)),
    // zone1 becomes zonf1.
    answerTo(bytes, (answer) => answer.writeUInt8(answer[16]! + 1, 16)),
    answerTo(bytes.subarray(0, 12), (answer) => answer.fill(0, 4)),
    Buffer.from(bytes),
    answerTo(bytes, (answer) => answer.writeUInt8(0x80, 2)),
    answerTo(bytes.subarray(0, 14)),
    bytes.subarray(0, 5),
  ];
  // From another port.
  const stranger = createSocket('udp4');
  secondary.on('message', (bytes, { port }) => stranger.send(answerTo(bytes), port, '127.0.0.1'));
  const clock = new FakeClock();
  start({}, clock).changed([zone(1)]);
  for (const tries of [1, 2, 3]) {
    await expect.poll(() => received.length).toBe(tries);
    // What was sent has time to arrive.
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    if (tries === 3) answers = (bytes) => [answerTo(bytes)];
    await clock.advance(2000 * 2 ** (tries - 1));
  }
  await expect.poll(() => received.length).toBe(4);
  await done();
  stranger.close();
  expect(new Set(received.map(({ message }) => message.id)).size).toBeGreaterThan(1);
});

test('signed, for a secondary that has a key; only of zones that it may have', async () => {
  start({ key, takes: (name) => !name.equals(zone(2)) }).changed([zone(1), zone(2)]);
  await done();
  expect(told()).toEqual(['zone1.example']);
  const { bytes } = received[0]!;
  expect(checkRequest(bytes, readTsig(bytes)!, key, epochSeconds(systemClock)).kind).toBe('valid');
});

test('many zones that change many times: each is told once, one after the other', async () => {
  const zones = Array.from({ length: 300 }, (_, n) => zone(n));
  start();
  const began = systemClock.monotonic();
  for (let i = 0; i < 10; i++) notifier!.changed(zones);
  await done();
  // The first was on its way when it changed again.
  expect(new Set(told()).size).toBe(300);
  expect(told().length).toBeLessThanOrEqual(302);
  expect(systemClock.monotonic() - began).toBeGreaterThan(1000);
});

test('told again when it does not answer (RFC 1996 §3.6), later each time, and given up in the end; then one zone at a time', async () => {
  answers = () => [];
  const clock = new FakeClock();
  start({}, clock).changed([zone(1)]);
  for (const [tries, wait] of [2000, 4000, 8000, 16_000, 32_000].entries()) {
    await expect.poll(() => received.length).toBe(tries + 1);
    await clock.advance(wait - 1);
    expect(received).toHaveLength(tries + 1);
    await clock.advance(1);
  }
  await expect.poll(() => notifier!.pending).toBe(0);
  expect(told()).toEqual(Array(5).fill('zone1.example'));
  notifier!.changed([zone(2), zone(3)]);
  await clock.advance(1000);
  await expect.poll(() => received.length).toBe(6);
  answers = (bytes) => [answerTo(bytes)];
  await clock.advance(2000);
  await expect.poll(() => told().slice(5)).toEqual(['zone2.example', 'zone2.example']);
  for (let i = 0; i < 20; i++) await clock.advance(10);
  await expect.poll(() => told().at(-1)).toBe('zone3.example');
});
