import type { RRset } from '../rr.ts';
import type { Name } from '../wire/name.ts';

/** An RRset with the RRSIG rdatas that cover it; none below a zone cut and in unsigned zones. */
export interface SignedRRset extends RRset {
  signatures: Uint8Array[];
}

/**
 * Everything at one owner. RRSIGs stand with the RRset they cover, never as an RRset of their own; the NSEC of an owner is
 * one of its RRsets. An empty non-terminal (RFC 4592 §2.2.2) is a node without RRsets (or with an NSEC3 elsewhere).
 */
export interface ZoneNode {
  owner: Name;
  /** In ascending order of type. */
  rrsets: SignedRRset[];
}

/**
 * A version of a zone, to be read by owner: what the signer and the publisher need of the version that is served.
 * NSEC3 RRsets live at hashed owners of their own, apart from the names (RFC 5155 §7.2.8): they are never found by `node`.
 */
export interface ZoneView {
  readonly origin: Name;
  /** Number of nodes, empty non-terminals included, NSEC3 owners excluded. */
  readonly size: number;
  node(owner: Name): ZoneNode | undefined;
  /** The node that comes before `owner` in canonical order; the last one when there is none before. */
  previous(owner: Name): ZoneNode;
  /** The node that comes after `owner` in canonical order; the first one (the apex) when there is none after. */
  next(owner: Name): ZoneNode;
  /** All nodes in canonical order, from the apex on; with `below`, only that owner and its descendants. */
  nodes(below?: Name): Iterable<ZoneNode>;
  /** The NSEC3 node of exactly this 20-octet hash. */
  nsec3Node(hash: Uint8Array): ZoneNode | undefined;
  /** The NSEC3 node whose hash comes before `hash`; wraps; undefined in a zone without NSEC3. */
  previousNsec3(hash: Uint8Array): ZoneNode | undefined;
  /** All NSEC3 nodes in hash order. */
  nsec3Nodes(): Iterable<ZoneNode>;
}

/** One owner as it will be in the next version; `node` undefined removes it. */
export interface NodeChange {
  /** Whether this is a name of the zone or an NSEC3 owner. */
  kind: 'name' | 'nsec3';
  owner: Name;
  node: ZoneNode | undefined;
}
