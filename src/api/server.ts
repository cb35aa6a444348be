import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Clock } from '../core/clock.ts';
import type { Services } from '../zones/services.ts';
import { createApi } from './app.ts';
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
const MAX_CONNECTIONS = 1_000;

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
 * @throws Error when an address cannot be bound
 */
export async function startApi(options: ApiServerOptions): Promise<ApiServer> {
  const { services, http, socketPath, ...rest } = options;
  const stopping = new AbortController();
  const api = createApi(services, { ...rest, stopping: stopping.signal });
  const network = serverOf(api, ({ socket }) => ({ kind: 'network', address: socket.remoteAddress ?? '' }));
  const local = serverOf(api, () => ({ kind: 'local' }));
  await listenOnAddress(network, http);
  const removeSocket = await listenOnSocket(local, socketPath).catch((error: unknown) => {
    network.close();
    throw error;
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

function listenOnAddress(
  server: Server,
  { address, port }: { address: string; port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

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
