import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createSeats } from '../core/seats.ts';
import { createProxyList, plainAddress } from './client-address.ts';

/** Connections of a server at most: somewhat more than there are seats, so that it is the seats that decide. */
export const MAX_CONNECTIONS = 2_000;
/** Of clients that come straight over the network. */
const STRANGERS = { connections: 1_000, connectionsPerClient: 100 };
/** Of proxies and of this machine, each of which speaks for many. */
const SHARED = { connections: 900, connectionsPerClient: Infinity };
const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * Keeps a server's connections from being all taken: every newcomer finds room, if need be that of the oldest connection on which
 * nothing is being answered. A proxy on the machine itself comes from loopback, named in the settings or not.
 */
export function shareOut(server: Server, trustedProxies: readonly string[] = []): void {
  server.maxConnections = MAX_CONNECTIONS;
  const isShared = createProxyList([...trustedProxies, ...LOOPBACK]);
  const strangers = createSeats(STRANGERS);
  const shared = createSeats(SHARED);
  const answering = watchRequests(server);
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const key = keyOf(socket);
    const leave = (isShared(address) ? shared : strangers).take(
      address,
      () => socket.destroy(),
      () => !answering.has(key),
    );
    if (leave) socket.once('close', leave);
    else socket.destroy();
  });
}

/** The connections on which something is being answered. */
function watchRequests(server: Server): ReadonlyMap<string, number> {
  const running = new Map<string, number>();
  server.on('request', ({ socket }, response) => {
    const key = keyOf(socket);
    running.set(key, (running.get(key) ?? 0) + 1);
    response.once('close', () => {
      const left = (running.get(key) ?? 1) - 1;
      if (left > 0) running.set(key, left);
      else running.delete(key);
    });
  });
  return running;
}

/** A connection by its addresses: with TLS the socket that comes is not the one that requests are read from. */
function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
