import { createServer } from 'node:https';
import type { CertificateStore } from '../../certs/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { shareOut } from '../connections.ts';
import {
  type Answer,
  authority,
  bind,
  closeServer,
  limits,
  listenerFor,
  networkPeer,
} from '../http-server.ts';
import { serveCertificates } from './certificates.ts';

/** Milliseconds for a TLS handshake. */
const HANDSHAKE_TIMEOUT = 10_000;

export interface HttpsOptions {
  answer: Answer;
  store: CertificateStore;
  /** `address` undefined: all, of IPv6 and IPv4. Port 0 takes any. */
  listen: { address: string | undefined; port: number };
  clock: Clock;
  random: Random;
  log: Log;
  trustedProxies?: readonly string[] | undefined;
}

export interface HttpsServer {
  /** Such as `https://192.0.2.1:443`. */
  url: string;
  /** Accepts nothing more, lets running requests finish within ten seconds. */
  close(): Promise<void>;
}

/**
 * Serves HTTP/1.1 over TLS with the store's certificate for each name; a new one is used from the next connection on.
 * @throws Error when the address cannot be bound
 */
export async function startHttps(options: HttpsOptions): Promise<HttpsServer> {
  const { answer, clock, log } = options;
  const certificates = serveCertificates(options);
  const server = createServer(
    {
      ...limits,
      ...certificates.initial(),
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      ALPNProtocols: ['http/1.1'],
      SNICallback: (host, done) => done(null, certificates.contextFor(host)),
    },
    listenerFor(answer, networkPeer),
  );
  shareOut(server, options.trustedProxies);
  server.on('tlsClientError', ({ message }, { remoteAddress }) =>
    log.debug({ remoteAddress, message }, 'a TLS handshake failed'),
  );
  const address = await bind(server, options.listen);
  certificates.follow(server);
  return {
    url: `https://${authority(address)}`,
    close() {
      certificates.stop();
      return closeServer(server, clock);
    },
  };
}
