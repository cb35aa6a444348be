import { createServer, type Server } from 'node:net';
import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { createSeats, type Seats } from '../../core/seats.ts';
import { serveConnection, type Connection } from './tcp-connection.ts';
import type { Answerer, SocketAddress, Transport } from './transport.ts';

/** What one worker grants its TCP clients (RFC 7766 §6.2); all times in milliseconds. */
export interface TcpLimits {
  connections: number;
  /** A client is an IPv4 address or an IPv6 /64. */
  connectionsPerClient: number;
  /** A connection without a query for so long is closed. */
  idle: number;
  /** The same while more than half of all connections are taken. */
  idleWhenBusy: number;
  /** From the first octet of a message to its last, and for a response to be taken. */
  progress: number;
}

export const defaultTcpLimits: TcpLimits = {
  connections: 1000,
  connectionsPerClient: 50,
  idle: 10_000,
  idleWhenBusy: 2000,
  progress: 5000,
};

/** How often deadlines are looked at, milliseconds. */
const SWEEP = 500;

/** DNS over TCP (RFC 7766). The listeners of a worker share its `seats`. Rejects when the address cannot be bound. */
export async function listenTcp(
  address: SocketAddress,
  answerer: Answerer,
  clock: Clock,
  log: Log,
  limits: TcpLimits = defaultTcpLimits,
  seats: Seats = createSeats(limits),
): Promise<Transport> {
  const connections = new Set<Connection>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const leave = seats.take(socket.remoteAddress ?? '', () => socket.destroy());
    if (!leave) {
      socket.destroy();
      return;
    }
    const connection = serveConnection(socket, answerer, clock);
    connections.add(connection);
    socket.once('close', () => {
      connections.delete(connection);
      leave();
    });
  });
  await listen(server, address);
  server.on('error', (error) => log.warn({ error, address }, 'TCP socket error'));
  let sweeping: Timer;
  const sweep = (): void => {
    const idle = seats.busy ? limits.idleWhenBusy : limits.idle;
    const now = clock.monotonic();
    for (const connection of connections) connection.closeIfLate(now, idle, limits.progress);
    sweeping = clock.after(SWEEP, sweep);
  };
  sweeping = clock.after(SWEEP, sweep);
  const bound = server.address();
  return {
    address: {
      address: address.address,
      port: bound !== null && typeof bound === 'object' ? bound.port : address.port,
    },
    close() {
      sweeping.cancel();
      for (const connection of connections) connection.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, { address, port }: SocketAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, reusePort: true, ipv6Only: address.includes(':') }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
