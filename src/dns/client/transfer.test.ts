import { once } from 'node:events';
import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { rdataFromText } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import {
  decodeMessage,
  encodeMessage,
  type Message,
  type MessageRecord,
  newMessage,
} from '../message/message.ts';
import { Name } from '../wire/name.ts';
import { transferZone, type TransferLimits, type TransferResult } from './transfer.ts';

// Servers that break RFC 5936 in every way; the real ones are in test/interop.
const open: TcpServer[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) server.close();
});

type Sends = (request: Message, write: (octets: Uint8Array) => void, socket: Socket) => void;

const zone = Name.parse('example.com');

async function transfer(sends: Sends, limits: Partial<TransferLimits> = {}): Promise<TransferResult> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', (data: Buffer) =>
      sends(decodeMessage(data.subarray(2)), (octets) => socket.write(octets), socket),
    );
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return transferZone({
    server: { address: '127.0.0.1', port },
    zone,
    clock: systemClock,
    random: systemRandom,
    // A busy machine is not silence.
    limits: { idle: 30_000, ...limits },
  });
}

function framed(message: Message): Uint8Array {
  const bytes = encodeMessage(message);
  return Uint8Array.of(bytes.length >> 8, bytes.length & 255, ...bytes);
}

function record(owner: string, type: number, text: string): MessageRecord {
  return { owner: Name.parse(owner), type, class: 1, ttl: 60, rdata: rdataFromText(type, text) };
}

const soa = record('example.com', Type.SOA, '. . 1 2 3 4 5');
const newer = record('example.com', Type.SOA, '. . 2 2 3 4 5');
const a = record('a.example.com', Type.A, '192.0.2.1');
const outside = record('a.example.net', Type.A, '192.0.2.1');

function reply(request: Message, answers: MessageRecord[], changes: Partial<Message> = {}): Uint8Array {
  const { id, questions } = request;
  return framed({ ...newMessage({ id, flags: { qr: true, aa: true }, questions, answers }), ...changes });
}

/** Messages with the given answers, one after the other. */
const messages =
  (...all: MessageRecord[][]): Sends =>
  (request, write) => {
    for (const answers of all) write(reply(request, answers));
  };

test.each<[string, Sends, number, number]>([
  ['one message', messages([soa, a, soa]), 2, 0],
  ['a message for each record', messages([soa], [a], [a], [soa]), 3, 0],
  ['nothing but the SOA', messages([soa, soa]), 1, 0],
  ['records of other zones', messages([soa, outside, a, soa]), 2, 1],
  [
    'the question in the first message only',
    (request, write) => {
      write(reply(request, [soa, a]));
      write(reply(request, [soa], { questions: [] }));
    },
    2,
    0,
  ],
  [
    'octet by octet',
    (request, write, socket) => {
      socket.setNoDelay(true);
      for (const octet of reply(request, [soa, a, soa])) write(Uint8Array.of(octet));
    },
    2,
    0,
  ],
])('%s', async (_what, sends, count, skipped) => {
  const result = await transfer(sends);
  expect(result).toMatchObject({ kind: 'zone', skipped });
  expect(result.kind === 'zone' && result.records.length).toBe(count);
});

test.each<[string, Sends, TransferResult['kind'], RegExp]>([
  ['no SOA at first', messages([a, soa]), 'malformed', /first record is not the SOA/],
  [
    'the SOA of another zone',
    messages([record('example.net', Type.SOA, '. . 1 2 3 4 5')]),
    'malformed',
    /first record/,
  ],
  ['another SOA at the end', messages([soa, a, newer]), 'malformed', /zone changed meanwhile/],
  ['records after the end', messages([soa, a, soa, a]), 'malformed', /follow the SOA/],
  ['a message without records', messages([soa], []), 'malformed', /no record/],
  ['a record of another class', messages([soa, { ...a, class: 3 }]), 'malformed', /class 3/],
  ['garbage', (_request, write) => write(Uint8Array.of(0, 3, 1, 2, 3)), 'malformed', /./],
  ['a message of no octets', (_request, write) => write(Uint8Array.of(0, 0)), 'malformed', /no octets/],
  [
    'another id',
    (request, write) => write(reply({ ...request, id: request.id ^ 1 }, [soa, soa])),
    'malformed',
    /another question/,
  ],
  [
    'another question',
    (request, write) => write(reply(request, [soa, soa], { questions: [{ name: zone, type: 6, class: 1 }] })),
    'malformed',
    /another question/,
  ],
  ['REFUSED', (request, write) => write(reply(request, [], { rcode: 5 })), 'refused', /allow AXFR/],
  [
    'NOTAUTH',
    (request, write) => write(reply(request, [], { rcode: 9 })),
    'notauth',
    /not authoritative for example\.com/,
  ],
  ['SERVFAIL', (request, write) => write(reply(request, [], { rcode: 2 })), 'failed', /SERVFAIL/],
  [
    'SERVFAIL midway',
    (request, write) => {
      write(reply(request, [soa, a]));
      write(reply(request, [], { rcode: 2 }));
    },
    'failed',
    /SERVFAIL/,
  ],
  [
    'an end midway',
    (request, write, socket) => {
      write(reply(request, [soa, a]));
      socket.end();
    },
    'unreachable',
    /closed the connection/,
  ],
  [
    'an end within a message',
    (request, write, socket) => {
      write(reply(request, [soa, a]).subarray(0, -3));
      socket.end();
    },
    'unreachable',
    /closed the connection/,
  ],
  ['silence', () => undefined, 'timeout', /300 ms/],
  ['silence midway', messages([soa, a]), 'timeout', /300 ms/],
])('%s', async (_what, sends, kind, message) => {
  expect(await transfer(sends, kind === 'timeout' ? { idle: 300 } : {})).toEqual({
    kind,
    message: expect.stringMatching(message) as string,
  });
});

test('a zone without end', async () => {
  const endless: Sends = (request, write, socket) => {
    write(reply(request, [soa]));
    const batch = Buffer.concat(Array.from({ length: 100 }, () => reply(request, [a])));
    const more = (): void => {
      if (!socket.destroyed) socket.write(batch, more);
    };
    more();
  };
  expect(await transfer(endless, { records: 1000 })).toMatchObject({
    kind: 'too-large',
    message: expect.stringMatching(/1000 records/) as string,
  });
  expect(await transfer(endless, { octets: 100_000 })).toMatchObject({ kind: 'too-large' });
});

test('a zone that trickles in', async () => {
  const slow: Sends = (request, write, socket) => {
    write(reply(request, [soa]));
    const more = (): void => {
      if (!socket.destroyed) write(reply(request, [a]));
      if (!socket.destroyed) systemClock.after(50, more);
    };
    more();
  };
  expect(await transfer(slow, { total: 400 })).toMatchObject({ kind: 'timeout' });
});
