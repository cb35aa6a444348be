import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A relay on a port of 127.0.0.1, in which a test is the trouble of the network. */
export interface Gate<Trouble> {
  port: number;
  /** From now on, for connections that are open too. */
  be(trouble: Trouble): void;
  /** How often something came that wants through. */
  knocks(): number;
  close(): Promise<void>;
}

/** `reset`: connections are cut; `silent`: they are taken, and nothing is ever answered; `late`: each answer takes a while more. */
export type TcpTrouble = 'none' | 'reset' | 'silent' | 'late';

/** Milliseconds. */
const LATE = 200;

export async function openTcpGate(target: number): Promise<Gate<TcpTrouble>> {
  let trouble: TcpTrouble = 'none';
  let knocks = 0;
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    // Cut connections are what it is for.
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    knocks++;
    keep(client);
    if (trouble === 'reset') {
      client.resetAndDestroy();
      return;
    }
    const upstream = keep(connect(target, '127.0.0.1'));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.on('data', (chunk) => {
      if (trouble !== 'silent') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (trouble === 'none') client.write(chunk);
      if (trouble === 'late') setTimeout(() => client.write(chunk), LATE);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    be(now) {
      trouble = now;
      if (trouble === 'reset') for (const socket of open) socket.resetAndDestroy();
    },
    knocks: () => knocks,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** For queries to the nameserver on `target`; `lost`: nobody hears them. */
export async function openUdpGate(target: number): Promise<Gate<'none' | 'lost'>> {
  let lost = false;
  let knocks = 0;
  const open = new Set<UdpSocket>();
  const server = createSocket('udp4');
  server.on('message', (query, client) => {
    knocks++;
    if (lost) return;
    const upstream = createSocket('udp4');
    open.add(upstream);
    upstream.on('close', () => open.delete(upstream));
    upstream.on('error', () => upstream.close());
    upstream.on('message', (answer) => {
      server.send(answer, client.port, client.address);
      upstream.close();
    });
    upstream.send(query, target, '127.0.0.1');
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    be: (now) => (lost = now === 'lost'),
    knocks: () => knocks,
    async close() {
      for (const upstream of open) upstream.close();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}
