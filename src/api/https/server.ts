import type { RequestListener } from 'node:http';
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
import { refuseAmbiguous } from '../request-line.ts';
import { strictTransportSecurity } from '../security-headers.ts';
import { serveCertificates } from './certificates.ts';
import { createHandOn, type HandOn } from './hand-on.ts';
import { hostOf, type WebPlace } from './web.ts';

/** Milliseconds for a TLS handshake. */
const HANDSHAKE_TIMEOUT = 10_000;
/** Milliseconds for a whole request to webmail: an attachment of 100 MiB over a slow line. */
const UPLOAD_TIMEOUT = 1_800_000;

export interface HttpsOptions {
  answer: Answer;
  store: CertificateStore;
  /** `address` undefined: all, of IPv6 and IPv4. Port 0 takes any. */
  listen: { address: string | undefined; port: number };
  clock: Clock;
  random: Random;
  log: Log;
  trustedProxies?: readonly string[] | undefined;
  web?: WebOptions | undefined;
}

export interface WebOptions {
  /** Which requests are handed on to the web server of this machine. */
  placeOf(host: string, path: string): WebPlace | undefined;
  at: { host: string; port: number };
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
  const { answer, clock, log, web, trustedProxies } = options;
  const certificates = serveCertificates(options);
  const handOn = web && createHandOn({ to: web.at, trustedProxies, log });
  const listener = listenerFor(answer, networkPeer);
  const server = createServer(
    {
      ...limits,
      ...(web && { requestTimeout: UPLOAD_TIMEOUT }),
      ...certificates.initial(),
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      ALPNProtocols: ['http/1.1'],
      SNICallback: (host, done) => done(null, certificates.contextFor(host)),
    },
    web && handOn ? webBefore(listener, { web, handOn, clock }) : listener,
  );
  shareOut(server, trustedProxies);
  server.on('tlsClientError', ({ message }, { remoteAddress }) =>
    log.debug({ remoteAddress, message }, 'a TLS handshake failed'),
  );
  const address = await bind(server, options.listen);
  certificates.follow(server);
  return {
    url: `https://${authority(address)}`,
    close() {
      certificates.stop();
      return closeServer(server, clock).finally(() => handOn?.close());
    },
  };
}

/** Hands on what the web server answers; all else has the time of requests that hold no files. */
function webBefore(
  listener: RequestListener,
  { web, handOn, clock }: { web: WebOptions; handOn: HandOn; clock: Clock },
): RequestListener {
  return (incoming, outgoing) => {
    const { url = '', headers } = incoming;
    // RFC 9112 §3.2.2: a target that is a whole URL is for proxies.
    const [path] = url.startsWith('/') ? url.split('?', 1) : [];
    const place = path === undefined ? undefined : web.placeOf(hostOf(headers.host ?? ''), path);
    if (place !== undefined) {
      if (refuseAmbiguous(incoming, outgoing)) return;
      const ofBox = { 'Strict-Transport-Security': strictTransportSecurity };
      handOn.answer(incoming, outgoing, place === 'webmail' ? ofBox : {});
      return;
    }
    const late = clock.after(limits.requestTimeout, () => incoming.complete || incoming.socket.destroy());
    incoming.once('close', () => late.cancel());
    listener(incoming, outgoing);
  };
}
