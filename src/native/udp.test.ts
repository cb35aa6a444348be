import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { createLog } from '../core/log.ts';
import { sleep, systemClock } from '../core/clock.ts';
import { clientText } from '../dns/server/client-address.ts';
import { type Answerer, LATER, type SocketAddress, type Transport } from '../dns/server/transport.ts';
import { listenUdp as dgramUdp } from '../dns/server/udp.ts';
import { listenUdp as nativeUdp } from './udp.ts';
import { sendFromPortZero } from '../../test/kit/raw-datagram.ts';

const log = createLog({ level: 'silent' });
const out = new Uint8Array(65_535);
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Answers each message with its own octets, and whatever `say` has to say of it. */
function echo(say: Partial<Answerer> = {}): Answerer {
  return {
    out,
    answer(query, length, _client, to = out) {
      to.set(query.subarray(0, length));
      return length;
    },
    begin: () => undefined,
    end: () => undefined,
    shed: () => undefined,
    ...say,
  };
}

async function client(family: 'udp4' | 'udp6' = 'udp4'): Promise<Socket> {
  const socket = createSocket(family);
  socket.bind(0, family === 'udp4' ? '127.0.0.1' : '::1');
  await once(socket, 'listening');
  ends.push(() => socket.close());
  return socket;
}

async function exchange(socket: Socket, at: SocketAddress, octets: Uint8Array): Promise<Buffer> {
  const reply = once(socket, 'message') as Promise<[Buffer]>;
  socket.send(octets, at.port, at.address);
  return (await reply)[0];
}

describe.each([
  { name: 'by the batch', listenUdp: nativeUdp },
  { name: 'by node:dgram', listenUdp: dgramUdp },
])('UDP $name', ({ listenUdp }) => {
  const open = async (answerer: Answerer, address = '127.0.0.1', port = 0): Promise<Transport> => {
    const transport = await listenUdp({ address, port }, answerer, log);
    ends.push(() => transport.close());
    return transport;
  };

  test('answers each of many clients with what it asked', async () => {
    const { address } = await open(echo());
    const clients = await Promise.all(Array.from({ length: 8 }, () => client()));
    const replies = clients.map((socket, n) => {
      const seen: string[] = [];
      socket.on('message', (octets) => seen.push(octets.toString()));
      for (let i = 0; i < 40; i++) socket.send(`client ${n} asks ${i}`, address.port, address.address);
      return seen;
    });
    await expect.poll(() => replies.map((seen) => seen.length)).toEqual(clients.map(() => 40));
    for (const [n, seen] of replies.entries())
      expect(new Set(seen)).toEqual(new Set(Array.from({ length: 40 }, (_, i) => `client ${n} asks ${i}`)));
  });

  test('RFC 2181 §4.1, §4.2: a reply comes from where its query went, and goes to where that came from', async () => {
    const { address } = await open(echo(), '127.0.0.3');
    const socket = await client();
    const reply = once(socket, 'message') as Promise<[Buffer, SocketAddress]>;
    socket.send(new Uint8Array(12), address.port, address.address);
    expect((await reply)[1]).toMatchObject({ address: '127.0.0.3', port: address.port });
  });

  test.each([
    ['127.0.0.1', 'udp4'],
    ['::1', 'udp6'],
  ] as const)('tells who asks, at %s', async (host, family) => {
    const seen: string[] = [];
    const { address } = await open(
      echo({ answer: (_query, _length, asking) => (seen.push(clientText(asking)), 12) }),
      host,
    );
    expect(await exchange(await client(family), address, new Uint8Array(12))).toHaveLength(12);
    expect(seen).toEqual([host]);
  });

  test('takes the largest message there is, and none at all', async () => {
    const lengths: number[] = [];
    const { address } = await open(echo({ answer: (_query, length) => (lengths.push(length), 12) }));
    const socket = await client();
    await exchange(socket, address, new Uint8Array(65_507));
    await exchange(socket, address, new Uint8Array(0));
    expect(lengths).toEqual([65_507, 0]);
  });

  test('sends nothing for what has no response', async () => {
    const { address } = await open(echo({ answer: (query, length) => (query[0] === 1 ? 0 : length) }));
    const socket = await client();
    const seen: number[] = [];
    socket.on('message', (octets) => seen.push(octets.length));
    for (let length = 1; length <= 30; length++)
      socket.send(new Uint8Array(length).fill(length % 3 === 0 ? 1 : 0), address.port, address.address);
    const answered = Array.from({ length: 30 }, (_, i) => i + 1).filter((length) => length % 3 !== 0);
    await expect.poll(() => seen.length).toBe(answered.length);
    await exchange(socket, address, new Uint8Array(40));
    expect(seen.sort((a, b) => a - b)).toEqual([...answered, 40]);
  });

  test('sends a response that comes later to who asked for it', async () => {
    const waiting: ((length: number) => void)[] = [];
    const { address } = await open(
      echo({
        answer: (query, length, _client, to = out) => {
          if (query[0] === 0x6c) return LATER;
          to.set(query.subarray(0, length));
          return length;
        },
        takeLater: () => (done) => void waiting.push(done),
      }),
    );
    const [late, other] = [await client(), await client()];
    const reply = once(late, 'message') as Promise<[Buffer]>;
    late.send('later', address.port, address.address);
    await expect.poll(() => waiting.length).toBe(1);
    for (let i = 0; i < 100; i++) await exchange(other, address, Buffer.from(`now ${i}`));
    out.set(Buffer.from('at last'));
    waiting[0]!(7);
    expect((await reply)[0].toString()).toBe('at last');
  });

  test('does without the later response of a socket that closed', async () => {
    const waiting: ((length: number) => void)[] = [];
    const transport = await listenUdp(
      { address: '127.0.0.1', port: 0 },
      echo({ answer: () => LATER, takeLater: () => (done) => void waiting.push(done) }),
      log,
    );
    (await client()).send('later', transport.address.port, '127.0.0.1');
    await expect.poll(() => waiting.length).toBe(1);
    await transport.close();
    waiting[0]!(7);
  });

  test('shares its port with other threads, and says why an address cannot be bound', async () => {
    const { address } = await open(echo());
    await open(echo(), '127.0.0.1', address.port);
    const alone = createSocket('udp4');
    alone.bind({ port: 0, address: '127.0.0.1', exclusive: true });
    await once(alone, 'listening');
    ends.push(() => alone.close());
    await expect(open(echo(), '127.0.0.1', alone.address().port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await expect(open(echo(), '192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });

  test('keeps its port from programs that allow others at theirs', async () => {
    const { address } = await open(echo());
    const other = createSocket({ type: 'udp4', reuseAddr: true });
    ends.push(() => other.close());
    other.bind({ port: address.port, address: '127.0.0.1', exclusive: true });
    await expect(once(other, 'listening')).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test.skipIf(process.getuid!() !== 0)(
    'leaves a question from port 0 alone (raw sockets need root)',
    async () => {
      const { address } = await open(echo());
      for (let i = 0; i < 3; i++) sendFromPortZero(address, Buffer.from('spoofed'));
      expect((await exchange(await client(), address, Buffer.from('real'))).toString()).toBe('real');
    },
  );

  test('goes on when clients do not wait for their responses', async () => {
    const { address } = await open(echo());
    for (let i = 0; i < 20; i++) {
      const gone = createSocket('udp4');
      gone.send('gone', address.port, address.address, () => gone.close());
    }
    await sleep(systemClock, 50);
    expect((await exchange(await client(), address, Buffer.from('here'))).toString()).toBe('here');
  });

  test('gives the thread back between questions', async () => {
    const { address } = await open(echo());
    const before = process.cpuUsage();
    await sleep(systemClock, 500);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(250);
    expect((await exchange(await client(), address, Buffer.from('awake'))).toString()).toBe('awake');
  });
});

test('what came before a socket closes is answered', async () => {
  const transport = await nativeUdp({ address: '127.0.0.1', port: 0 }, echo(), log);
  const socket = await client();
  const seen: string[] = [];
  socket.on('message', (octets) => seen.push(octets.toString()));
  const sent = Array.from(
    { length: 200 },
    (_, i) => new Promise((resolve) => socket.send(`${i}`, transport.address.port, '127.0.0.1', resolve)),
  );
  await sent.at(-1);
  await transport.close();
  await expect.poll(() => seen.length).toBe(200);
});
