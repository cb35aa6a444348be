import type { Name } from './wire/name.ts';

/** RFC 1035 §3.2.4; everything here is class IN but EDNS and TSIG. */
export const CLASS_IN = 1;

/**
 * A resource record. `rdata` is always its uncompressed wire form with the case of names kept: that one form is
 * stored, compared, diffed, signed (after canonicalisation) and sent. Typed views come from `rdata/registry.ts`.
 */
export interface ResourceRecord {
  owner: Name;
  type: number;
  /** Seconds, 0 to 2^31-1 (RFC 2181 §8). */
  ttl: number;
  rdata: Uint8Array;
}

/** All records of one owner and type; one TTL (RFC 2181 §5.2); no rdata twice. */
export interface RRset {
  owner: Name;
  type: number;
  ttl: number;
  rdatas: Uint8Array[];
}
