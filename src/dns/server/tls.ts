import type { Socket } from 'node:net';
import { createServer, type Server, TLSSocket } from 'node:tls';
import type { Clock } from '../../core/clock.ts';
import { tlsSettings } from '../../core/tls-settings.ts';
import type { ServerLog } from './server-log.ts';
import { acceptStreams, type TcpLimits, type TcpShared } from './tcp.ts';
import type { Answerer, SocketAddress, Transport } from './transport.ts';

/** What the server shows its clients. */
export interface TlsIdentity {
  /** PEM, the leaf first. */
  chain: string;
  /** PEM. */
  privateKey: string;
}

/** Milliseconds for a TLS handshake. */
const HANDSHAKE_TIMEOUT = 5000;

/**
 * Fewer than over TCP: each has some 50 KiB of OpenSSL beside its buffers. Resolvers keep one each, and secondaries some (RFC 7858
 * §3.4: it is for the server to say how long).
 */
export const defaultTlsLimits: TcpLimits = {
  connections: 500,
  connectionsPerClient: 20,
  idle: 10_000,
  idleWhenBusy: 2000,
  progress: 5000,
  buffered: 500 * 32 * 1024,
  messagesPerTurn: 64,
};

/** Who answers over TLS. */
export interface TlsAnswerers {
  /** Streams that zones may be transferred over (RFC 9103). */
  transfers: Answerer;
  /** All others. */
  questions: Answerer;
}

export interface TlsTransport extends Transport {
  /** From the next handshake on. @throws Error when key and chain do not fit */
  show(identity: TlsIdentity): void;
}

/**
 * DNS over TLS (RFC 7858), transfers included (RFC 9103). Rejects when the address cannot be bound. A connection has its seat from its
 * first moment on, so that handshakes are limited as well.
 */
export async function listenTls(
  address: SocketAddress,
  identity: TlsIdentity,
  answerers: TlsAnswerers,
  clock: Clock,
  log: ServerLog,
  limits: TcpLimits,
  shared: TcpShared,
): Promise<TlsTransport> {
  const server: Server = createServer({
    ...contextOf(identity),
    allowHalfOpen: true,
    noDelay: true,
    handshakeTimeout: HANDSHAKE_TIMEOUT,
    // RFC 7858 does not ask for it, RFC 9103 does.
    ALPNProtocols: ['dot'],
  });
  server.on('tlsClientError', ({ message }, socket) => {
    log.debug({ message }, 'a TLS handshake failed');
    // One that took too long is open still.
    socket.destroy();
  });
  const transport = await acceptStreams(server, 'secureConnection', {
    address,
    answererOf: (socket) => (mayTransfer(socket) ? answerers.transfers : answerers.questions),
    clock,
    log,
    limits,
    shared,
  });
  return { ...transport, show: (next) => server.setSecureContext(contextOf(next)) };
}

/** RFC 9103 §7.1, §7.2: by TLS 1.3 and under the name "dot" alone, while questions may come by TLS 1.2 (RFC 7858). */
function mayTransfer(socket: Socket): boolean {
  return socket instanceof TLSSocket && socket.alpnProtocol === 'dot' && socket.getProtocol() === 'TLSv1.3';
}

function contextOf({ chain, privateKey }: TlsIdentity) {
  return { ...tlsSettings, cert: chain, key: privateKey };
}
