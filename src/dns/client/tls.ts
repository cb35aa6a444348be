import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';

/** How a server is known over TLS (RFC 8310 §6): by name, by public key, or by both, which then must both be right. */
export interface TlsTrust {
  /** The name, or the address, that its certificate must be for; undefined: the public key alone says who it is. */
  name: string | undefined;
  /** Certificates of CAs in PEM that may have issued it; undefined: those that the system trusts. */
  ca?: string | undefined;
  /** SHA-256 of its public key (SubjectPublicKeyInfo) in base64 (RFC 7858 §4.2); one of them must be right. */
  pins: readonly string[];
}

/** DNS over TLS (RFC 7858 §3.1). */
export const DNS_TLS_PORT = 853;
/** RFC 9103 §7.1. */
const ALPN = 'dot';

/**
 * Opens TLS 1.3 to a server (RFC 9103 §7.2). Whether it is the right one is told by `distrust`, when the handshake is done: before that nothing
 * may be sent.
 * @throws Error when the CA certificates cannot be read
 */
export function connectTls(address: string, port: number, { name, ca }: TlsTrust): TLSSocket {
  return connect({
    host: address,
    port,
    ...(name !== undefined && isIP(name) === 0 && { servername: name }),
    ...(ca !== undefined && { ca }),
    ALPNProtocols: [ALPN],
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    rejectUnauthorized: false,
    checkServerIdentity: (_host, certificate) =>
      name === undefined ? undefined : checkServerIdentity(name, certificate),
  });
}

/** Why the server of a finished handshake is not the one that is meant; undefined when it is. */
export function distrust(socket: TLSSocket, { name, pins }: TlsTrust): string | undefined {
  // RFC 9103 §7.1: a server that does not choose it does not transfer over TLS.
  if (socket.alpnProtocol !== ALPN) return 'it does not speak DNS over TLS (ALPN "dot")';
  const shown = socket.getPeerX509Certificate();
  if (!shown) return 'it shows no certificate';
  if (pins.length > 0 && !pins.includes(pinOf(shown)))
    return `it shows another public key than the pinned one: that of ${pinOf(shown)}`;
  if (name === undefined) return pins.length > 0 ? undefined : 'nothing says who it must be';
  if (socket.authorized) return undefined;
  return `its certificate is not trusted for ${name} (${String(socket.authorizationError)})`;
}

/** The pin of a certificate's public key. */
export function pinOf({ publicKey }: X509Certificate): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
