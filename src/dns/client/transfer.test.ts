import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import {
  framed,
  inMessages,
  record,
  reply,
  type ScriptedPrimary,
  scriptedPrimary,
  type Sends,
} from '../../../test/kit/scripted-primary.ts';
import { systemClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { transferZone, type TransferLimits, type TransferResult } from './transfer.ts';

// Servers that break RFC 5936 in every way; the real ones are in test/interop.
const open: ScriptedPrimary[] = [];
afterEach(() => {
  for (const primary of open.splice(0)) primary.close();
});

const zone = Name.parse('example.com');

async function transfer(sends: Sends, limits: Partial<TransferLimits> = {}): Promise<TransferResult> {
  const primary = await scriptedPrimary(sends);
  open.push(primary);
  return transferZone({
    server: { address: '127.0.0.1', port: primary.port },
    zone,
    clock: systemClock,
    random: systemRandom,
    // A busy machine is not silence.
    limits: { idle: 30_000, ...limits },
  });
}

const soa = record('example.com', 'SOA', '. . 1 2 3 4 5');
const newer = record('example.com', 'SOA', '. . 2 2 3 4 5');
const a = record('a.example.com', 'A', '192.0.2.1');
const a2 = record('a.example.com', 'A', '192.0.2.2');
const text = record('a.example.com', 'TXT', 'x');
const b = record('b.example.com', 'A', '192.0.2.1');
const outside = record('a.example.net', 'A', '192.0.2.1');

test.each<[string, Sends, number, number]>([
  ['one message', inMessages([soa, a, soa]), 2, 0],
  ['RFC 5936 §2.2: a message for each record', inMessages([soa], [a], [a], [soa]), 3, 0],
  ['nothing but the SOA', inMessages([soa, soa]), 1, 0],
  ['records of other zones', inMessages([soa, outside, a, soa]), 2, 1],
  ['RFC 5936 §2.2: records in any order', inMessages([soa, b, a], [text, a2, soa]), 5, 0],
  [
    'RFC 5936 §2, §2.2.1: flags that mean nothing, TC and AA as well',
    (request, write) =>
      write(
        reply(request, [soa, a, soa], {
          flags: { qr: true, aa: false, tc: true, rd: true, ra: true, ad: true, cd: true },
        }),
      ),
    2,
    0,
  ],
  [
    'RFC 5936 §2.2.2: the question in the first message only',
    (request, write) => {
      write(reply(request, [soa, a]));
      write(reply(request, [soa], { questions: [] }));
    },
    2,
    0,
  ],
  [
    'octet by octet',
    (request, _write, socket) => {
      socket.setNoDelay(true);
      for (const octet of framed(reply(request, [soa, a, soa]))) socket.write(Uint8Array.of(octet));
    },
    2,
    0,
  ],
])('%s', async (_what, sends, count, skipped) => {
  const result = await transfer(sends);
  expect(result).toMatchObject({ kind: 'zone', skipped });
  expect(result.kind === 'zone' && result.records.length).toBe(count);
});

// RFC 1034 §4.3.5: the SOA comes first and last; RFC 1035 §4.2: over TCP.
test.each<[string, Sends, TransferResult['kind'], RegExp]>([
  ['RFC 5936 §2.2: no SOA at first', inMessages([a, soa]), 'malformed', /first record is not the SOA/],
  [
    'RFC 5936 §2.2: the SOA of another zone',
    inMessages([record('example.net', 'SOA', '. . 1 2 3 4 5')]),
    'malformed',
    /first record/,
  ],
  [
    'RFC 5936 §2.2: another SOA at the end',
    inMessages([soa, a, newer]),
    'malformed',
    /zone changed meanwhile/,
  ],
  ['records after the end', inMessages([soa, a, soa, a]), 'malformed', /follow the SOA/],
  ['a message without records', inMessages([soa], []), 'malformed', /no record/],
  ['a record of another class', inMessages([soa, { ...a, class: 3 }]), 'malformed', /class 3/],
  ['garbage', (_request, write) => write(Uint8Array.of(1, 2, 3)), 'malformed', /./],
  ['a message of no octets', (_request, write) => write(new Uint8Array(0)), 'malformed', /no octets/],
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
  [
    'RFC 9619 §4: two questions',
    (request, write) =>
      write(reply(request, [soa, soa], { questions: [...request.questions, ...request.questions] })),
    'malformed',
    /another question/,
  ],
  [
    'RFC 5936 §2.2.1: REFUSED',
    (request, write) => write(reply(request, [], { rcode: 5 })),
    'refused',
    /allow AXFR/,
  ],
  [
    'RFC 5936 §2.2.1: NOTAUTH',
    (request, write) => write(reply(request, [], { rcode: 9 })),
    'notauth',
    /not authoritative for example\.com/,
  ],
  [
    'RFC 5936 §2.2.1: SERVFAIL',
    (request, write) => write(reply(request, [], { rcode: 2 })),
    'failed',
    /SERVFAIL/,
  ],
  [
    'RFC 5936 §2.2: SERVFAIL midway',
    (request, write) => {
      write(reply(request, [soa, a]));
      write(reply(request, [], { rcode: 2 }));
    },
    'failed',
    /SERVFAIL/,
  ],
  [
    'RFC 5936 §2.3: an end midway',
    (request, write, socket) => {
      write(reply(request, [soa, a]));
      socket.end();
    },
    'unreachable',
    /closed the connection/,
  ],
  [
    'RFC 5936 §2.3: an end within a message',
    (request, _write, socket) => {
      socket.write(framed(reply(request, [soa, a])).subarray(0, -3));
      socket.end();
    },
    'unreachable',
    /closed the connection/,
  ],
  ['silence', () => undefined, 'timeout', /300 ms/],
  ['silence midway', inMessages([soa, a]), 'timeout', /300 ms/],
])('%s', async (_what, sends, kind, message) => {
  expect(await transfer(sends, kind === 'timeout' ? { idle: 300 } : {})).toEqual({
    kind,
    message: expect.stringMatching(message) as string,
  });
});

test('a zone without end', async () => {
  const endless: Sends = (request, write, socket) => {
    write(reply(request, [soa]));
    const batch = Buffer.concat(Array.from({ length: 100 }, () => framed(reply(request, [a]))));
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

test('RFC 5936 §2.1: asks one question, sets no flag and sends nothing else; §4.1.1: ends the connection when it has the zone', async () => {
  const primary = await scriptedPrimary(inMessages([soa, a, soa]));
  open.push(primary);
  const server = { address: '127.0.0.1', port: primary.port };
  expect(await transferZone({ server, zone, clock: systemClock, random: systemRandom })).toMatchObject({
    kind: 'zone',
  });
  const [asked] = primary.asked;
  expect(asked).toMatchObject({
    ...{ opcode: 0, rcode: 0, questions: [{ type: Type.AXFR, class: 1 }] },
    ...{ answers: [], authorities: [], additionals: [] },
    flags: { qr: false, aa: false, tc: false, rd: false, ra: false, ad: false, cd: false },
  });
  expect(asked!.questions[0]!.name.equals(zone)).toBe(true);
  const [socket] = primary.sockets;
  if (!socket!.closed) await once(socket!, 'close');
});
