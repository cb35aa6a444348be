import type { Name } from '../../dns/wire/name.ts';
import type { DnskeyView, DsView } from '../keys/views.ts';

/** A nameserver with addresses in presentation form. */
export interface Server {
  name: Name;
  addresses: string[];
}

/** What the parent of a zone should have. */
export interface ExpectedDelegation {
  zone: Name;
  nameservers: Name[];
  /** Nameservers by hostnames that the box had before: they answer still, and are to go. */
  formerNameservers: Name[];
  /**
   * Addresses of the nameservers as far as the box knows them. Those of names at or below the zone are glue that the parent must
   * have; the others are host records, set once at the registrar of `hostDomain`.
   */
  glue: Server[];
  /** The registrable domain that the box's own name is in. */
  hostDomain: Name;
  /** Every key in every digest. */
  ds: DsView[];
  dnskey: DnskeyView[];
}

/** What the parent's servers said. */
export type Finding =
  /** They could not be asked; `detail` says why. */
  | { kind: 'failed'; detail: string }
  /** `nodata`: the name exists in the parent, but is no zone. `alias`: it is, or is below, a CNAME or DNAME. */
  | { kind: 'not-delegated'; reason: 'nxdomain' | 'nodata' | 'alias'; parent: Name }
  | {
      kind: 'delegated';
      parent: Name;
      nameservers: Server[];
      /** Of the NS RRset, seconds; undefined: not known, as of what was found by earlier versions. */
      ttl?: number | undefined;
      ds: DsView[];
    };
