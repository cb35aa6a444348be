import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { InstalledCertificate } from '../../certs/model.ts';

/** Mozilla's "intermediate" set (Server Side TLS 5.8): every browser and mail client of the last ten years, and forward secrecy with all. */
export const tlsSettings = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  ecdhCurve: 'X25519MLKEM768:X25519:prime256v1:secp384r1',
  // All of them are good: the client knows which is fast for it.
  honorCipherOrder: false,
  // TLS 1.2 only. Nobody needs it, and each costs us more than the client (CVE-2011-1473).
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const satisfies SecureContextOptions;

export interface Contexts {
  /** What TLS serves a certificate with: made once for each. @throws Error when key and chain do not fit */
  of(certificate: InstalledCertificate): SecureContext;
  /** The same as options, for a server's default. */
  options(certificate: InstalledCertificate): SecureContextOptions;
}

/** `ticketKeys`: 48 octets that seal session tickets (RFC 5077), the same for all names. */
export function createContexts(ticketKeys: Buffer): Contexts {
  const made = new WeakMap<InstalledCertificate, SecureContext>();
  const options = ({ chain, privateKey }: InstalledCertificate): SecureContextOptions => ({
    ...tlsSettings,
    cert: chain,
    key: privateKey,
    ticketKeys,
  });
  return {
    options,
    of(certificate) {
      let context = made.get(certificate);
      if (!context) made.set(certificate, (context = createSecureContext(options(certificate))));
      return context;
    },
  };
}
