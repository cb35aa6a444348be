import type { Name } from '../../dns/wire/name.ts';
import { RowsKey } from '../../work/rows.ts';
import type { ServerTrust } from '../import/request.ts';

/** A server that zones are transferred from. */
export interface Primary {
  address: string;
  /** 53, or 853 over TLS. */
  port?: number | undefined;
  /** The key that transfers are signed with (RFC 8945). */
  tsigKey?: Name | undefined;
  /** Transfers over TLS (RFC 9103), and not at all when the server is not the right one. */
  tls?: ServerTrust | undefined;
}

/** What is here of a zone. */
export interface StoredVersion {
  /** The rdata of its SOA. */
  soa: Uint8Array;
  records: number;
  /** When it came: milliseconds since the epoch. */
  transferredAt: number;
  /** When a primary last said that nothing is later, or sent it: from then on it expires. */
  checkedAt: number;
  /** The address of that primary. */
  primary: string;
}

/** A zone of somebody else's that the box serves as a secondary. */
export interface SecondaryZone {
  name: Name;
  /** In the order in which they are asked. */
  primaries: readonly Primary[];
  /** undefined: nothing came yet. */
  version: StoredVersion | undefined;
  /** RFC 3339. */
  createdAt: string;
}

export interface SecondaryZoneReads {
  zone(name: Name): SecondaryZone | undefined;
  /** In order of name. */
  zones(page: { after: Name | undefined; limit: number }): SecondaryZone[];
  /** All records of the version, as `content.ts` reads them. */
  content(name: Name): Uint8Array | undefined;
  /** The addresses of all primaries, each once. */
  primaryAddresses(): string[];
  /** A zone whose transfers are signed with a key. */
  signedWith(key: Name): Name | undefined;
}

export interface SecondaryZoneWrites extends SecondaryZoneReads {
  putZone(zone: SecondaryZone): void;
  putContent(name: Name, content: Uint8Array): void;
  /** With its content. */
  deleteZone(name: Name): void;
}

export const secondaryZoneRows = new RowsKey<SecondaryZoneReads, SecondaryZoneWrites>('secondary zones');

/** Zones read at once: some milliseconds. */
const PAGE = 500;

/** All of them, in order of name. */
export function* allSecondaryZones(reads: Pick<SecondaryZoneReads, 'zones'>): Generator<SecondaryZone> {
  for (let after: Name | undefined; ;) {
    const page = reads.zones({ after, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.name;
  }
}
