import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { InstalledCertificate } from '../../certs/model.ts';
import { tlsSettings } from '../../core/tls-settings.ts';

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
