import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Clock } from '../core/clock.ts';
import type { Peer } from './env.ts';
import { refuseAmbiguous } from './request-line.ts';

/** Answers a request of `peer`. */
export type Answer = (request: Request, peer: Peer) => Response | Promise<Response>;

/** Milliseconds that running requests have to finish when a server closes. */
const CLOSE_DEADLINE = 10_000;

/** Against clients that send slowly or never (milliseconds), and those that send without end. */
export const limits = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};

export function listenerFor(answer: Answer, peerOf: (incoming: IncomingMessage) => Peer): RequestListener {
  const listener = getRequestListener(
    // HTTP/1 only: our servers make no other requests.
    (request, { incoming }) => answer(request, peerOf(incoming as IncomingMessage)),
    { overrideGlobalObjects: false },
  );
  return (incoming, outgoing) => {
    if (!refuseAmbiguous(incoming, outgoing)) void listener(incoming, outgoing);
  };
}

export function networkPeer({ socket }: IncomingMessage): Peer {
  return { kind: 'network', address: socket.remoteAddress ?? '' };
}

/** Why an address cannot be bound, and what to do. */
export function bindProblem(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? `${message}.`;
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'another program listens there; stop it, or choose another port.',
  EACCES: 'this user may not bind it; grant CAP_NET_BIND_SERVICE, or choose a port above 1023.',
  EADDRNOTAVAIL: 'this machine has no such address.',
};

/** `address` undefined: all, of IPv6 and IPv4. Resolves with where it listens. */
export function bind(
  server: Server,
  { address, port }: { address: string | undefined; port: number },
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(address !== undefined && { host: address }) }, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Accepts nothing more and lets running requests finish within ten seconds. */
export function closeServer(server: Server, clock: Clock): Promise<void> {
  const deadline = clock.after(CLOSE_DEADLINE, () => server.closeAllConnections());
  return new Promise((resolve) => {
    server.close(() => {
      deadline.cancel();
      resolve();
    });
  });
}

/** `192.0.2.1:80` or `[2001:db8::1]:80`. */
export function authority({ address, port }: { address: string; port: number }): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
