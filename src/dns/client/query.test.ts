import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { scriptedPrimary } from '../../../test/kit/scripted-primary.ts';
import { systemClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { Name } from '../wire/name.ts';
import { query, type QueryOptions } from './query.ts';

// Peers that nobody would install: broken, hostile and ancient ones.
const sockets: UdpSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

type Replies = (request: Message, bytes: Uint8Array) => Uint8Array[];

async function listen(replies: Replies): Promise<{ port: number; asked: Message[]; sources: Set<number> }> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const asked: Message[] = [];
  const sources = new Set<number>();
  socket.on('message', (bytes, { address, port }) => {
    const request = decodeMessage(bytes);
    asked.push(request);
    sources.add(port);
    for (const reply of replies(request, bytes)) socket.send(reply, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, asked, sources };
}

const name = Name.parse('example.com');
const rdata = Uint8Array.of(192, 0, 2, 1);

function ask(port: number, options: Partial<QueryOptions> = {}): ReturnType<typeof query> {
  return query({
    server: { address: '127.0.0.1', port },
    name,
    type: Type.A,
    clock: systemClock,
    random: systemRandom,
    timeout: 150,
    retries: 0,
    ...options,
  });
}

function answer({ id, questions, edns }: Message, changes: Partial<Message> = {}): Uint8Array {
  const answers = [{ owner: name, type: Type.A, class: 1, ttl: 60, rdata }];
  const flags = { qr: true, aa: true };
  return encodeMessage({
    ...newMessage({ id, flags, questions, answers, ...(edns && { edns }) }),
    ...changes,
  });
}

// RFC 6891 §6.2.3: with the size that can be received.
test('RFC 9619 §4: what is asked is one question', async () => {
  const { port, asked } = await listen((request) => [answer(request)]);
  expect(await ask(port)).toMatchObject({
    kind: 'answer',
    transport: 'udp',
    message: { answers: [{ rdata }] },
  });
  await ask(port, { do: true, rd: true, udpSize: 4096 });
  expect(asked).toMatchObject([
    { flags: { rd: false, qr: false }, edns: { do: false, udpSize: 1232 }, questions: [{ type: Type.A }] },
    { flags: { rd: true, qr: false }, edns: { do: true, udpSize: 4096 } },
  ]);
});

test('RFC 8914 §3, §6: extended errors, of any number, change nothing', async () => {
  const options = [6, 99, 0].map((code) => ({ code: 15, data: Uint8Array.of(0, code, 0x6e, 0x6f) }));
  const { port } = await listen((request) => [answer(request, { edns: { ...request.edns!, options } })]);
  expect(await ask(port)).toMatchObject({ kind: 'answer', message: { rcode: 0, answers: [{ rdata }] } });
});

test('ids and ports differ from question to question (RFC 5452 §9.2)', async () => {
  const { port, asked, sources } = await listen((request) => [answer(request)]);
  for (let n = 0; n < 20; n++) await ask(port);
  expect(new Set(asked.map(({ id }) => id)).size).toBeGreaterThan(15);
  expect(sources.size).toBeGreaterThan(15);
});

const forgeries: [what: string, forge: (request: Message, bytes: Uint8Array) => Uint8Array][] = [
  ['another id', (request) => answer({ ...request, id: request.id ^ 1 })],
  [
    'another name',
    (request) => answer(request, { questions: [{ name: Name.parse('example.net'), type: 1, class: 1 }] }),
  ],
  ['another type', (request) => answer(request, { questions: [{ name, type: Type.AAAA, class: 1 }] })],
  ['another class', (request) => answer(request, { questions: [{ name, type: Type.A, class: 3 }] })],
  ['no question', (request) => answer(request, { questions: [] })],
  // RFC 9619 §4: QDCOUNT is one at most.
  [
    'two questions',
    (request) => answer(request, { questions: [...request.questions, ...request.questions] }),
  ],
  ['the request itself', (_request, bytes) => bytes],
  ['garbage', () => Uint8Array.of(1, 2, 3)],
  ['nothing', () => new Uint8Array(0)],
  ['a cut message', (request) => answer(request).subarray(0, -1)],
  ['another opcode', (request) => answer(request, { opcode: 5 })],
];

// RFC 1035 §7.3.
describe.each(forgeries)('a reply with %s', (_what, forge) => {
  test('alone is malformed', async () => {
    const { port } = await listen((request, bytes) => [forge(request, bytes)]);
    expect(await ask(port)).toMatchObject({ kind: 'malformed' });
  });

  test('RFC 7766 §7: by TCP it is malformed, too', async () => {
    const server = await scriptedPrimary((request, write, _socket, octets) => write(forge(request, octets)));
    expect(await ask(server.port, { transport: 'tcp', timeout: 5000 })).toMatchObject({ kind: 'malformed' });
    server.close();
  });

  test('does not keep the right one from being taken', async () => {
    const { port } = await listen((request, bytes) => [forge(request, bytes), answer(request)]);
    expect(await ask(port)).toMatchObject({ kind: 'answer', message: { answers: [{ rdata }] } });
  });
});

test('a reply from elsewhere is not heard', async () => {
  const { port } = await listen(() => []);
  const other = createSocket('udp4');
  sockets.push(other);
  other.bind(0, '127.0.0.1');
  await once(other, 'listening');
  const forger = await listen(() => []);
  sockets[0]!.on('message', (bytes, source) => other.send(answer(decodeMessage(bytes)), source.port));
  expect(await ask(port)).toMatchObject({ kind: 'timeout' });
  expect(forger.asked).toEqual([]);
});

test('RFC 1035 §4.2.1: silence is asked again, then a timeout', async () => {
  const { port, asked } = await listen(() => []);
  expect(await ask(port, { retries: 2, timeout: 50 })).toEqual({
    kind: 'timeout',
    detail: `127.0.0.1#${port} did not answer within 50 ms`,
  });
  expect(asked).toHaveLength(3);
});

test('the second attempt may be answered', async () => {
  let count = 0;
  const { port } = await listen((request) => (++count === 2 ? [answer(request)] : []));
  expect(await ask(port, { retries: 1 })).toMatchObject({ kind: 'answer' });
});

test.each([Rcode.FORMERR, Rcode.NOTIMP])(
  'RFC 6891 §6.2.2, §7: a server without EDNS answers RCODE %i and is asked without it',
  async (rcode) => {
    const { port, asked } = await listen((request) => {
      // The oldest send nothing but a header back.
      if (request.edns) return [encodeMessage(newMessage({ id: request.id, flags: { qr: true }, rcode }))];
      return [answer(request)];
    });
    expect(await ask(port)).toMatchObject({ kind: 'answer', message: { rcode: 0, answers: [{ rdata }] } });
    expect(asked.map(({ edns }) => edns !== undefined)).toEqual([true, false]);
  },
);

test('RFC 2181 §9: a truncated answer is not taken, though the server has no TCP', async () => {
  const { port } = await listen((request) => [
    answer(request, { flags: { ...request.flags, qr: true, tc: true } }),
  ]);
  expect(await ask(port)).toMatchObject({ kind: 'unreachable' });
});

test('RFC 7766 §5: what is truncated is asked for again by TCP, of the same server', async () => {
  const whole = await scriptedPrimary((request, write) => write(answer(request)));
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (bytes, { address, port }) => {
    const request = decodeMessage(bytes);
    const cut = answer(request, { flags: { ...request.flags, qr: true, tc: true }, answers: [] });
    socket.send(cut, port, address);
  });
  socket.bind(whole.port, '127.0.0.1');
  await once(socket, 'listening');
  expect(await ask(whole.port, { timeout: 5000 })).toMatchObject({
    ...{ kind: 'answer', transport: 'tcp' },
    message: { answers: [{ rdata }] },
  });
  // RFC 7766 §6.2.3: no connection is left open.
  const [connection] = whole.sockets;
  if (!connection!.destroyed) await once(connection!, 'close');
  whole.close();
});

test('a closed port', async () => {
  const { port } = await listen(() => []);
  sockets.pop()!.close();
  expect(await ask(port, { timeout: 2000 })).toMatchObject({ kind: 'unreachable' });
  expect(await ask(port, { timeout: 2000, transport: 'tcp' })).toMatchObject({ kind: 'unreachable' });
});

test.each(['auto', 'tcp'] as const)('%s: an aborted question', async (transport) => {
  const { port } = await listen(() => []);
  const signal = AbortSignal.abort();
  expect(await ask(port, { signal, transport })).toMatchObject({ kind: 'aborted' });
});

test('a question aborted on the way', async () => {
  const { port } = await listen(() => []);
  const signal = AbortSignal.timeout(30);
  expect(await ask(port, { signal, timeout: 5000, retries: 5 })).toMatchObject({ kind: 'aborted' });
});

test('an address of a family this machine has not, or none at all', async () => {
  const result = await ask(53, { server: { address: '192.0.2.1.2', port: 53 }, timeout: 3000 });
  expect(['unreachable', 'timeout']).toContain(result.kind);
});
