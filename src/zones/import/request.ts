import { Name } from '../../dns/wire/name.ts';
import type { RecordRequest } from '../custom/validate.ts';
import type { Published } from '../publisher/published.ts';

/** A zone file or a server to transfer from. */
export interface ImportRequest {
  zone: Name;
  from: { kind: 'zonefile'; text: string } | { kind: 'axfr'; server: string; port: number };
  /** Says what would happen, changes nothing. */
  dryRun: boolean;
  /** Domain settings if the zone's domain does not exist yet. */
  mail: boolean;
  web: boolean;
}

export interface ImportResult {
  zone: Name;
  /** Records taken as custom records. */
  imported: RecordRequest[];
  /** Records left out, with why (the box derives it itself, DNSSEC of the old server, …). */
  skipped: (RecordRequest & { reason: string })[];
  published: Published | undefined;
}
