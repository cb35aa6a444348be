import { once } from 'node:events';
import { connect as connectTcp, createServer } from 'node:net';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { openssl } from '../../../test/kit/openssl.ts';
import { queryBytes } from '../../../test/kit/ask.ts';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { createTcpShared } from './tcp.ts';
import { defaultTlsLimits, listenTls } from './tls.ts';
import type { Answerer } from './transport.ts';

/** A record of TLS 1.3 with an alert: two octets, the type of its content, and the tag; behind a header of five. */
const ALERT = 5 + 19;

const out = new Uint8Array(65_535);
const echo: Answerer = {
  out,
  answer(query, length) {
    out.set(query.subarray(0, length));
    return length;
  },
  begin: () => undefined,
  end: () => undefined,
  shed: () => undefined,
};

test('RFC 7858 §3.4: a connection stays open after each response, and what is silent too long is closed with close-notify', async () => {
  const tool = openssl();
  const { certificate, key } = tool.issue({ subject: 'box.example', names: ['box.example'] });
  tool.remove();
  const clock = new FakeClock();
  const transport = await listenTls(
    { address: '127.0.0.1', port: 0 },
    { chain: certificate, privateKey: key },
    { transfers: echo, questions: echo },
    clock,
    createLog({ level: 'silent' }),
    defaultTlsLimits,
    createTcpShared(defaultTlsLimits),
  );
  // What the server sends, as it is on the wire.
  const sent: Buffer[] = [];
  const wire = createServer((client) => {
    const server = connectTcp(transport.address.port, '127.0.0.1');
    client.pipe(server);
    server.pipe(client);
    server.on('data', (octets: Buffer) => sent.push(octets));
    for (const socket of [client, server]) socket.on('error', () => undefined);
  });
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');
  const { port } = wire.address() as { port: number };
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const query = queryBytes('example.com.', 'SOA');
  for (let i = 0; i < 3; i++) {
    socket.write(Buffer.concat([Buffer.of(0, query.length), query]));
    await once(socket, 'data');
    await clock.advance(defaultTlsLimits.idle - 1000);
  }
  sent.length = 0;
  const closed = once(socket.resume(), 'close');
  await clock.advance(1000);
  await closed;
  expect(sent.map((octets) => octets.length)).toEqual([ALERT]);
  wire.close();
  await transport.close();
});
