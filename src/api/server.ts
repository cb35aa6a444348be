import { createServer } from 'node:http';
import type { CertificateStore } from '../certs/model.ts';
import { hosts } from '../zones/box-names.ts';
import { createApi } from './app.ts';
import { MAX_CONNECTIONS, shareOut } from './connections.ts';
import { documentOf } from './docs/document.ts';
import type { ApiOptions } from './env.ts';
import {
  type Answer,
  authority,
  bind,
  bindProblem,
  closeServer,
  limits,
  listenerFor,
  networkPeer,
} from './http-server.ts';
import { answerDnsQueries, type DnsQueryOptions } from './https/dns-query.ts';
import { answerByHost, type HostsOptions } from './https/hosts.ts';
import { type HttpsOptions, type HttpsServer, startHttps } from './https/server.ts';
import { answeredByWeb, type WebServer } from './https/web.ts';
import type { ApiServices } from './services.ts';
import { listenOnSocket } from './unix-socket.ts';

export interface ApiServerOptions extends Omit<ApiOptions, 'stopping'> {
  services: ApiServices;
  /** Port 0 takes any. */
  http: { address: string; port: number };
  socketPath: string;
  https?: HttpsPart | undefined;
}

export interface HttpsPart {
  store: CertificateStore;
  /** The first that can be had is taken. `address` undefined: all, of IPv6 and IPv4. */
  addresses: readonly { address: string | undefined; port: number }[];
  discovery: HostsOptions['discovery'];
  /** Answers DNS over HTTPS; undefined: it is not served. */
  dns?: DnsQueryOptions['ask'] | undefined;
  /** Undefined: this machine serves no web. */
  web?: WebServer | undefined;
}

export interface ApiServer {
  /** Such as `http://127.0.0.1:8080`. */
  http: string;
  /** Path of the unix socket. */
  socket: string;
  /** Such as `https://192.0.2.1:443`, or why there is none. */
  https: { url: string } | { error: Error } | undefined;
  /** Accepts nothing more, ends streams, lets running requests finish within ten seconds. */
  close(): Promise<void>;
}

/** What the system says of a folder that it has no room or no right to write to: the API is served without a socket then. */
const unwritable = new Set(['ENOSPC', 'EROFS', 'EACCES']);

/**
 * Serves the API over TCP and, without a token for whoever may open it, over a unix socket; over HTTPS as well when that can be had.
 * @throws Error whose message says which of the two cannot be bound, and why
 */
export async function startApi(options: ApiServerOptions): Promise<ApiServer> {
  const { services, http, socketPath, https, ...rest } = options;
  const stopping = new AbortController();
  const api = createApi(services, { ...rest, stopping: stopping.signal });
  // Before anybody can be kept waiting by it.
  documentOf(api);
  const answer: Answer = (request, peer) => api.fetch(request, { peer });
  const network = createServer(limits, listenerFor(answer, networkPeer));
  const local = createServer(
    limits,
    listenerFor(answer, () => ({ kind: 'local' })),
  );
  // Only the owner of the socket comes here.
  local.maxConnections = MAX_CONNECTIONS;
  shareOut(network, rest.trustedProxies);
  const address = await bind(network, http).catch((cause: unknown) => {
    const problem = bindProblem(cause);
    throw new Error(`The API cannot listen at ${http.address} port ${http.port} (--http): ${problem}`, {
      cause,
    });
  });
  const removeSocket = await listenOnSocket(local, socketPath).catch((error: unknown) => {
    if (unwritable.has((error as NodeJS.ErrnoException).code ?? '')) {
      rest.log.warn(`there is no socket at ${socketPath}, as its folder cannot be written to; use HTTP`);
      return () => Promise.resolve();
    }
    network.close();
    throw new Error(`The API cannot listen at its socket ${socketPath}: ${(error as Error).message}`, {
      cause: error,
    });
  });
  const hostnames = (): string[] => {
    const box = services.box.get();
    return box ? hosts(box).map(({ hostname }) => hostname.toText().toLowerCase()) : [];
  };
  const byHost =
    https && withDns(answerByHost({ api, discovery: https.discovery, hostnames }), https, hostnames);
  const secure =
    byHost &&
    (await startFirst(https.addresses, (listen) =>
      startHttps({ ...rest, ...https, listen, answer: byHost, web: webOf(https, hostnames) }),
    ));
  return {
    http: `http://${authority(address)}`,
    socket: socketPath,
    https: secure,
    async close() {
      stopping.abort();
      await removeSocket();
      const servers = [network, local].map((server) => closeServer(server, options.clock));
      await Promise.all([...servers, secure && 'close' in secure && secure.close()]);
    },
  };
}

function withDns(answer: Answer, { dns }: HttpsPart, hostnames: () => string[]): Answer {
  return dns ? answerDnsQueries(answer, { ask: dns, hostnames }) : answer;
}

function webOf({ web, discovery }: HttpsPart, hostnames: () => string[]): HttpsOptions['web'] {
  return web && { at: web, placeOf: answeredByWeb(web, { discovery, hostnames }) };
}

/** The first that starts, or why the last one did not. */
async function startFirst(
  addresses: HttpsPart['addresses'],
  start: (address: HttpsPart['addresses'][number]) => Promise<HttpsServer>,
): Promise<HttpsServer | { error: Error }> {
  let failure = new Error('there is no address to listen at');
  for (const address of addresses) {
    try {
      return await start(address);
    } catch (error) {
      failure = error as Error;
    }
  }
  return { error: failure };
}
