import { createServer, type Server, type Socket } from 'node:net';
import { createBufferBudget, type BufferBudget } from '../../core/buffer-budget.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import { createSeats, type Seats } from '../../core/seats.ts';
import { createTurns, type Turns } from '../../core/turns.ts';
import type { ServerLog } from './server-log.ts';
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
  /** Octets of messages that are not whole and of responses that are not taken, of all connections together. */
  buffered: number;
  /** Messages answered before datagrams get their turn again. */
  messagesPerTurn: number;
}

/** What the listeners of a worker share. */
export interface TcpShared {
  seats: Seats;
  budget: BufferBudget;
  turns: Turns;
}

export function createTcpShared(limits: TcpLimits): TcpShared {
  return {
    // What is at work is a transfer, or waits for the control plane: both are for few, whom we know.
    seats: createSeats({ ...limits, sparesWork: true }),
    budget: createBufferBudget(limits.buffered),
    turns: createTurns(limits.messagesPerTurn),
  };
}

export const defaultTcpLimits: TcpLimits = {
  connections: 1000,
  connectionsPerClient: 50,
  idle: 10_000,
  idleWhenBusy: 2000,
  progress: 5000,
  // 32 KiB for each connection: a query has less than 1 KiB, and what waits to be taken is what a client's slow network left of
  // one batch of responses. One connection alone could hold twelve times as much, so it is the sum that needs a limit.
  buffered: 1000 * 32 * 1024,
  // Less than a millisecond of work. Of datagrams the event loop takes up to 32 batches from each socket in between (see `docs/decisions/udp.md`).
  messagesPerTurn: 64,
};

/** Milliseconds without a query after which a connection is closed now. */
export function idleOf({ idle, idleWhenBusy }: TcpLimits, { seats }: TcpShared): number {
  return seats.busy ? idleWhenBusy : idle;
}

/** How often deadlines are looked at, milliseconds. */
const SWEEP = 500;

/** DNS over TCP (RFC 7766). Rejects when the address cannot be bound. */
export function listenTcp(
  address: SocketAddress,
  answerer: Answerer,
  clock: Clock,
  log: ServerLog,
  limits: TcpLimits = defaultTcpLimits,
  shared: TcpShared = createTcpShared(limits),
): Promise<Transport> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  const answererOf = (): Answerer => answerer;
  return acceptStreams(server, 'connection', { address, answererOf, clock, log, limits, shared });
}

export interface StreamOptions {
  address: SocketAddress;
  /** Who answers a connection. */
  answererOf: (socket: Socket) => Answerer;
  clock: Clock;
  log: ServerLog;
  limits: TcpLimits;
  shared: TcpShared;
}

/**
 * Serves the streams that an event of the server brings. Each connection has its seat before: of those of TLS, which the handshake brings
 * later, too.
 */
export async function acceptStreams(
  server: Server,
  event: 'connection' | 'secureConnection',
  { address, answererOf, clock, log, limits, shared }: StreamOptions,
): Promise<Transport> {
  const connections = new Map<string, Connection>();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    const leave = shared.seats.take(
      socket.remoteAddress ?? '',
      () => socket.destroy(),
      () => connections.get(key)?.isAtWork !== true,
    );
    if (!leave) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      leave();
    });
  });
  server.on(event, (socket: Socket) => {
    if (socket.destroyed) return;
    const account = shared.budget.open(() => socket.destroy());
    const answerer = answererOf(socket);
    const connection = serveConnection({ socket, answerer, clock, account, turns: shared.turns });
    const key = keyOf(socket);
    connections.set(key, connection);
    socket.once('close', () => connections.delete(key));
  });
  await listen(server, address);
  server.on('error', (error) => log.warn({ error, address }, 'TCP socket error'));
  let sweeping: Timer;
  const sweep = (): void => {
    const idle = idleOf(limits, shared);
    const now = clock.monotonic();
    for (const connection of connections.values()) connection.closeIfLate(now, idle, limits.progress);
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
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A connection of a listener: with TLS the socket that is served is not the one that came. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
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
