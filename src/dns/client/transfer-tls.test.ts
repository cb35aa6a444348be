import { execFileSync } from 'node:child_process';
import { createServer as createTcp } from 'node:net';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { createServer as createTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openssl } from '../../../test/kit/openssl.ts';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { type DataPlane, startDataPlane } from '../server/data-plane.ts';
import { decodeMessage } from '../message/message.ts';
import type { TsigKey } from '../message/tsig.ts';
import { Name } from '../wire/name.ts';
import { pinOf, type TlsTrust } from './tls.ts';
import { transferZone, type TransferResult } from './transfer.ts';

const zone = Name.parse('example.com');
const text =
  '$ORIGIN example.com.\n@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600\n@ 60 NS ns1\nns1 60 A 192.0.2.1\n';
const NAME = 'ns1.example.net';

describe('a transfer over TLS (RFC 9103)', () => {
  const tool = openssl();
  const root = tool.issue({ subject: 'Root', ca: true });
  const other = tool.issue({ subject: 'Another root', ca: true });
  const { certificate, key } = tool.issue({ issuer: root, subject: NAME, names: [NAME] });
  const pin = pinOf(new X509Certificate(certificate));
  const wrongPin = pinOf(new X509Certificate(root.certificate));
  let plane: DataPlane;
  let port: number;

  beforeAll(async () => {
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      tlsAddresses: [{ address: '127.0.0.1', port: 0 }],
      workers: 1,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      zones: servedZones([imageOf(text)]),
      transfers: { keys: [], addresses: ['127.0.0.1'] },
    });
    if (!started.ok) throw new Error(started.problem.message);
    ({ plane } = started);
    await plane.show({ chain: certificate, privateKey: key });
    ({ port } = plane.tlsAddresses[0]!);
  }, 60_000);
  afterAll(async () => {
    await plane.close();
    tool.remove();
  });

  const transfer = (tls: TlsTrust, at = port, tsigKey?: TsigKey): Promise<TransferResult> =>
    transferZone({
      server: { address: '127.0.0.1', port: at, tls },
      zone,
      key: tsigKey,
      clock: systemClock,
      random: systemRandom,
      limits: { idle: 30_000 },
    });
  const transferred = (): number => plane.counters().reduce((sum, { tls }) => sum + tls.transfers.whole, 0);

  test('RFC 7858 §4.2: a pin is the SHA-256 of the public key as a certificate has it (SPKI), in base64', () => {
    const file = tool.file(certificate);
    const run = (input: string | Buffer | undefined, ...args: string[]): Buffer =>
      execFileSync('openssl', args, { input });
    const publicKey = run(undefined, 'x509', '-in', file, '-pubkey', '-noout');
    const der = run(publicKey, 'pkey', '-pubin', '-outform', 'DER');
    expect(pin).toBe(run(der, 'dgst', '-sha256', '-binary').toString('base64'));
  });

  test.each<[string, TlsTrust]>([
    ['its name, by a CA', { name: NAME, ca: root.certificate, pins: [] }],
    ['its public key alone', { name: undefined, pins: [wrongPin, pin] }],
    ['both', { name: NAME, ca: root.certificate, pins: [pin] }],
  ])('RFC 9103 §9.3.2, RFC 7858 §4.2: from a server known by %s', async (_what, trust) => {
    expect(await transfer(trust)).toMatchObject({ kind: 'zone', records: { length: 3 } });
  });

  test.each<[string, TlsTrust, RegExp]>([
    [
      'another public key',
      { name: undefined, pins: [wrongPin] },
      /another public key than the pinned one: that of /,
    ],
    [
      'another name',
      { name: 'ns2.example.net', ca: root.certificate, pins: [] },
      /not trusted for ns2\.example\.net/,
    ],
    ['a CA that is not trusted', { name: NAME, pins: [] }, /not trusted for ns1\.example\.net/],
    ['another CA', { name: NAME, ca: other.certificate, pins: [] }, /not trusted for ns1\.example\.net/],
    [
      'the right name and another public key',
      { name: NAME, ca: root.certificate, pins: [wrongPin] },
      /another public key/,
    ],
    [
      'the right public key and another name',
      { name: 'ns2.example.net', ca: root.certificate, pins: [pin] },
      /not trusted/,
    ],
    ['nothing that it is known by', { name: undefined, pins: [] }, /nothing says who it must be/],
    [
      'a CA that cannot be read',
      { name: NAME, ca: '-----BEGIN CERTIFICATE-----\n', pins: [] },
      /is not trusted/,
    ],
  ])(
    'RFC 7858 §4.2, RFC 9103 §7.5, §9.3.2: not from one with %s: nothing is asked of it',
    async (_what, trust, reason) => {
      const before = transferred();
      expect(await transfer(trust)).toEqual({
        kind: 'untrusted',
        message: expect.stringMatching(reason) as string,
      });
      expect(transferred()).toBe(before);
    },
  );

  test.each<[string, TsigKey | undefined]>([
    ['without a key', undefined],
    ['with one', { name: Name.parse('key.example'), algorithm: 'hmac-sha256', secret: new Uint8Array(32) }],
  ])('RFC 8467 §4.1: the request is padded to a multiple of 128 octets, %s', async (_what, tsigKey) => {
    const received: Buffer[] = [];
    const server = createTls({ cert: certificate, key, ALPNProtocols: ['dot'] }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data: Buffer) => {
        received.push(data);
        socket.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: at } = server.address() as { port: number };
    await transfer({ name: undefined, pins: [pin] }, at, tsigKey);
    const [octets] = received;
    // RFC 7858 §3.3: the length before it came at once, and does not count (RFC 8467 §3).
    expect(octets!.readUInt16BE()).toBe(octets!.length - 2);
    expect((octets!.length - 2) % 128).toBe(0);
    const { edns } = decodeMessage(octets!.subarray(2));
    expect(edns!.options).toEqual([{ code: 12, data: expect.any(Uint8Array) as Uint8Array }]);
    server.close();
  });

  test('RFC 9103 §11, RFC 7858 §3.1: never in clear text', async () => {
    const received: Buffer[] = [];
    const plain = createTcp((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data: Buffer) => {
        received.push(data);
        socket.end('no TLS here');
      });
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port: at } = plain.address() as { port: number };
    expect(await transfer({ name: undefined, pins: [pin] }, at)).toMatchObject({ kind: 'unreachable' });
    // A record of a TLS handshake.
    expect(received.map((data) => data[0])).toEqual([0x16]);
    plain.close();
  });

  test.each([
    [
      'RFC 9103 §7.2: not over TLS 1.2',
      { maxVersion: 'TLSv1.2', ALPNProtocols: ['dot'] } as const,
      'unreachable',
    ],
    ['RFC 9103 §7.1: not over TLS without the ALPN "dot"', {}, 'untrusted'],
  ])('%s', async (_what, options, kind) => {
    const server = createTls({ cert: certificate, key, ...options }, (socket) =>
      socket.on('error', () => undefined),
    );
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: at } = server.address() as { port: number };
    expect(await transfer({ name: undefined, pins: [pin] }, at)).toMatchObject({ kind });
    server.close();
  });
});
