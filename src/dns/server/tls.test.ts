import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openssl } from '../../../test/kit/openssl.ts';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';
import type { TlsIdentity } from './tls.ts';

const zone =
  '$ORIGIN example.com.\n@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600\n@ 60 NS ns1\nns1 60 A 192.0.2.1\n';
const tool = openssl();

function identity(name: string): TlsIdentity {
  const { certificate, key } = tool.issue({ subject: name, names: [name] });
  return { chain: certificate, privateKey: key };
}

let plane: DataPlane;
beforeAll(async () => {
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    tlsAddresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones: servedZones([imageOf(zone)]),
    transfers: { keys: [], addresses: ['127.0.0.1'] },
  });
  if (!started.ok) throw new Error(started.problem.message);
  ({ plane } = started);
  expect(plane.tlsAddresses).toEqual([]);
  expect(await plane.show(identity('one.example'))).toBeUndefined();
}, 30_000);
afterAll(async () => {
  await plane.close();
  tool.remove();
});

function open(options: ConnectionOptions = {}): TLSSocket {
  const { address, port } = plane.tlsAddresses[0]!;
  return connect({ host: address, port, rejectUnauthorized: false, ALPNProtocols: ['dot'], ...options });
}

function queryOf(type: number, options: { code: number; data: Uint8Array }[] = []): Buffer {
  const message = encodeMessage(
    newMessage({
      id: 7,
      questions: [{ name: Name.parse('example.com.'), type, class: Class.IN }],
      edns: { udpSize: 1232, version: 0, do: false, options },
    }),
  );
  return Buffer.concat([Buffer.of(message.length >>> 8, message.length), message]);
}

/** The messages that come to so many queries, which are sent at once. */
async function ask(
  queries: Buffer[],
  options?: ConnectionOptions,
): Promise<{ message: Message; length: number }[]> {
  const socket = open(options);
  await once(socket, 'secureConnect');
  socket.write(Buffer.concat(queries));
  const messages = [];
  let input = Buffer.alloc(0);
  for await (const chunk of socket) {
    input = Buffer.concat([input, chunk as Buffer]);
    while (input.length >= 2 && input.length >= 2 + input.readUInt16BE()) {
      const length = input.readUInt16BE();
      messages.push({ message: decodeMessage(input.subarray(2, 2 + length)), length });
      input = input.subarray(2 + length);
    }
    if (messages.length >= queries.length) break;
  }
  socket.destroy();
  return messages;
}

describe('DNS over TLS', () => {
  test('answers what is sent at once, in order, each behind its length (RFC 7858 §3.3)', async () => {
    const answers = await ask([queryOf(Type.SOA), queryOf(Type.NS), queryOf(Type.SOA)]);
    expect(answers.map(({ message }) => message.answers[0]?.type)).toEqual([Type.SOA, Type.NS, Type.SOA]);
    const counted = plane
      .counters()
      .map(({ udp, tcp, tls }) => [udp, tcp, tls].map(({ queries }) => queries > 0));
    expect(counted).toEqual([
      [false, false, false],
      [false, false, true],
    ]);
  });

  test('RFC 9103 §7.1: agrees on ALPN "dot", and has whole zones', async () => {
    const socket = open();
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('dot');
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
    const [transfer] = await ask([queryOf(Type.AXFR)]);
    expect(transfer!.message.answers.map(({ type }) => type)).toEqual([Type.SOA, Type.NS, Type.A, Type.SOA]);
  });

  test.each<[string, ConnectionOptions]>([
    ['RFC 9103 §7.1: under no name', { ALPNProtocols: undefined }],
    ['RFC 9103 §7.2: by TLS 1.2', { maxVersion: 'TLSv1.2' }],
  ])('%s, there are answers, but no zones', async (_how, options) => {
    const answers = await ask([queryOf(Type.SOA), queryOf(Type.AXFR), queryOf(Type.IXFR)], options);
    expect(answers.map(({ message }) => message.rcode)).toEqual([0, Rcode.REFUSED, Rcode.REFUSED]);
    // RFC 9103 §7.8: not supported (RFC 8914).
    const [error] = answers[1]!.message.edns!.options;
    expect(error).toEqual({ code: 15, data: Uint8Array.of(0, 21) });
  });

  test('RFC 7858 §3.1: what comes in clear text is answered with nothing but an alert of TLS', async () => {
    const { address, port } = plane.tlsAddresses[0]!;
    const socket = connectTcp(port, address);
    socket.on('error', () => undefined);
    socket.write(queryOf(Type.SOA));
    const received: Buffer[] = [];
    socket.on('data', (octets: Buffer) => received.push(octets));
    await once(socket, 'close');
    // ContentType alert, and no more than that.
    const octets = Buffer.concat(received);
    expect([octets[0] ?? 21, octets.length <= 7]).toEqual([21, true]);
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)(
    'RFC 7858 §3.2: nobody is served by %s (BCP 195)',
    async (version) => {
      const old = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
      await expect(ask([queryOf(Type.SOA)], old)).rejects.toThrow(/protocol version|handshake failure/i);
    },
  );

  test('RFC 7858 §3.4: a client that comes again resumes its session', async () => {
    const first = open();
    const session = await new Promise<Buffer>((resolve) => first.once('session', resolve));
    first.destroy();
    const again = open({ session });
    await once(again, 'secureConnect');
    expect(again.isSessionReused()).toBe(true);
    again.destroy();
  });

  test('RFC 7858 asks for no ALPN, and another protocol is none of ours', async () => {
    expect(await ask([queryOf(Type.SOA)], { ALPNProtocols: undefined })).toHaveLength(1);
    await expect(ask([queryOf(Type.SOA)], { ALPNProtocols: ['h2'] })).rejects.toThrow(
      /no application protocol|closed|ECONNRESET/i,
    );
  });

  test('RFC 8467 §4.1: pads to 468 octets for who pads (RFC 7830 §4)', async () => {
    const padding = { code: 12, data: new Uint8Array(50) };
    const [padded, plain] = await ask([queryOf(Type.SOA, [padding]), queryOf(Type.SOA)]);
    expect(padded!.length).toBe(468);
    expect(padded!.message.edns!.options.map(({ code }) => code)).toEqual([12]);
    expect(plain!.length).toBeLessThan(200);
  });

  test('RFC 7830 §3: padding of any octets is taken', async () => {
    const padding = { code: 12, data: new Uint8Array(50).fill(0xa5) };
    const [answer] = await ask([queryOf(Type.SOA, [padding])]);
    expect(answer!.message).toMatchObject({ rcode: Rcode.NOERROR, answers: [{ type: Type.SOA }] });
  });

  test('shows a new certificate from the next handshake on, while others go on', async () => {
    const before = open();
    await once(before, 'secureConnect');
    expect(await plane.show(identity('two.example'))).toBeUndefined();
    const after = open();
    await once(after, 'secureConnect');
    const name = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN;
    expect([name(before), name(after)]).toEqual(['one.example', 'two.example']);
    before.write(queryOf(Type.SOA));
    await once(before, 'data');
    for (const socket of [before, after]) socket.destroy();
  });

  test('what cannot be shown leaves the one before', async () => {
    const { chain } = identity('three.example');
    expect(await plane.show({ chain, privateKey: 'nothing' })).toBeUndefined();
    const [answer] = await ask([queryOf(Type.SOA)]);
    expect(answer!.message.rcode).toBe(Rcode.NOERROR);
    await plane.show(identity('two.example'));
  });

  test('a client that does not shake hands has one of few seats of its network, and not for long', async () => {
    const { address, port } = plane.tlsAddresses[0]!;
    const idle = Array.from({ length: 20 }, () => connectTcp(port, address));
    // Those that have no seat are closed at once.
    const closed = idle.map((socket) => once(socket.resume(), 'close'));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    await expect(ask([queryOf(Type.SOA)])).rejects.toThrow();
    await Promise.all(closed);
    expect(await ask([queryOf(Type.SOA)])).toHaveLength(1);
  }, 60_000);

  test('an address that another program has is told', async () => {
    const taken = plane.tlsAddresses[0]!;
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      tlsAddresses: [taken],
      workers: 1,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
    });
    if (!started.ok) throw new Error(started.problem.message);
    expect(await started.plane.show(identity('one.example'))).toMatchObject({ code: 'port-in-use' });
    await started.plane.close();
  });
});
