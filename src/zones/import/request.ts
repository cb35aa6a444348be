import { Name } from '../../dns/wire/name.ts';
import type { RecordRequest } from '../custom/validate.ts';
import type { Published } from '../publisher/published.ts';

/** A zone file or a server to transfer from. */
export interface ImportRequest {
  zone: Name;
  from: { kind: 'zonefile'; text: string } | ServerSource;
  /** Says what would happen, changes nothing. */
  dryRun: boolean;
  /** Domain settings if the zone's domain does not exist yet. */
  mail: boolean;
  web: boolean;
}

/** A server that has the zone. */
export interface ServerSource {
  kind: 'axfr';
  server: string;
  /** 53, or 853 over TLS. */
  port?: number | undefined;
  /** Transfers over TLS (RFC 9103), and not at all when the server is not the right one. */
  tls?: ServerTrust | undefined;
}

/** How the server is known: by name, by its public key, or by both. */
export interface ServerTrust {
  /** What its certificate must be for: `server` when neither this nor a pin is given. */
  name?: string | undefined;
  /** SHA-256 of its public key, in base64. */
  pin?: string | undefined;
  /** Certificates of CAs, in PEM; those that the system trusts when left out. */
  ca?: string | undefined;
}

export interface ImportResult {
  zone: Name;
  /** Records taken as custom records. */
  imported: RecordRequest[];
  /** Records left out, with why (the box derives it itself, DNSSEC of the old server, …). */
  skipped: (RecordRequest & { reason: string })[];
  published: Published | undefined;
}
