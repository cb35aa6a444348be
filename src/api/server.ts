import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Clock } from '../core/clock.ts';
import { createSeats } from '../core/seats.ts';
import type { Services } from '../zones/services.ts';
import { createApi } from './app.ts';
import { createProxyList, plainAddress } from './client-address.ts';
import type { Api, ApiOptions, Peer } from './env.ts';
import { listenOnSocket } from './unix-socket.ts';

/** Milliseconds that running requests have to finish when the API closes. */
const CLOSE_DEADLINE = 10_000;

/** Against clients that send slowly or never (milliseconds), and those that send without end. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};
const MAX_CONNECTIONS = 2_000;
/** Of clients that come straight over the network: the rest is for proxies and this machine. */
const SEATS = { connections: 1_000, connectionsPerClient: 100 };

export interface ApiServerOptions extends Omit<ApiOptions, 'stopping'> {
  services: Services;
  /** Port 0 takes any. */
  http: { address: string; port: number };
  socketPath: string;
}

export interface ApiServer {
  /** Such as `http://127.0.0.1:8080`. */
  http: string;
  /** Path of the unix socket. */
  socket: string;
  /** Accepts nothing more, ends streams, lets running requests finish within ten seconds. */
  close(): Promise<void>;
}

/**
 * Serves the API over TCP and, without a token for whoever may open it, over a unix socket.
 * @throws Error whose message says which of the two cannot be bound, and why
 */
export async function startApi(options: ApiServerOptions): Promise<ApiServer> {
  const { services, http, socketPath, ...rest } = options;
  const stopping = new AbortController();
  const api = createApi(services, { ...rest, stopping: stopping.signal });
  const network = serverOf(api, ({ socket }) => ({ kind: 'network', address: socket.remoteAddress ?? '' }));
  const local = serverOf(api, () => ({ kind: 'local' }));
  shareOut(network, createProxyList(rest.trustedProxies ?? []));
  await listenOnAddress(network, http);
  const removeSocket = await listenOnSocket(local, socketPath).catch((error: unknown) => {
    network.close();
    throw new Error(`The API cannot listen at its socket ${socketPath}: ${(error as Error).message}`, {
      cause: error,
    });
  });
  return {
    http: urlOf(network.address() as AddressInfo),
    socket: socketPath,
    async close() {
      stopping.abort();
      await removeSocket();
      await Promise.all([closeServer(network, options.clock), closeServer(local, options.clock)]);
    },
  };
}

function serverOf(api: Api, peerOf: (incoming: IncomingMessage) => Peer): Server {
  const answer = getRequestListener(
    // HTTP/1 only: the server below makes no other requests.
    (request, { incoming }) => api.fetch(request, { peer: peerOf(incoming as IncomingMessage) }),
    { overrideGlobalObjects: false },
  );
  const server = createServer(limits, (incoming, outgoing) => void answer(incoming, outgoing));
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

/** Keeps one client from taking every connection. A proxy speaks for many, so it is not counted. */
function shareOut(server: Server, isProxy: (address: string) => boolean): void {
  const seats = createSeats(SEATS);
  server.on('connection', (socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (isProxy(address)) return;
    const leave = seats.take(address, () => socket.destroy());
    if (leave) socket.once('close', leave);
    else socket.destroy();
  });
}

function listenOnAddress(
  server: Server,
  { address, port }: { address: string; port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const reason = reasons[cause.code ?? ''] ?? cause.message;
      reject(new Error(`The API cannot listen at ${address} port ${port} (--http): ${reason}`, { cause }));
    };
    server.once('error', refuse);
    server.listen(port, address, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'another program listens there; stop it, or choose another port.',
  EACCES: 'this user may not; choose a port above 1023.',
  EADDRNOTAVAIL: 'this machine has no such address.',
};

function closeServer(server: Server, clock: Clock): Promise<void> {
  const deadline = clock.after(CLOSE_DEADLINE, () => server.closeAllConnections());
  return new Promise((resolve) => {
    server.close(() => {
      deadline.cancel();
      resolve();
    });
  });
}

function urlOf({ address, port }: AddressInfo): string {
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
