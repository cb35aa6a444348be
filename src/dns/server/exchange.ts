import { Rcode } from '../wire/codes.ts';
import type { ImageReader } from '../zone/image-reader.ts';
import { Ede } from './codes.ts';
import { CookieState } from './cookies.ts';
import { noZone } from './no-zone.ts';
import { createQuery, type Query } from './query.ts';
import { createResponse, type Response } from './response.ts';
import type { SearchName } from './search-name.ts';
import type { ZoneSet } from './zone-set.ts';

/** RFC 1034 §3.6.2 sets no limit to a chain of aliases; nobody sane has longer ones, and a resolver goes on by itself. */
export const MAX_ALIASES = 10;
/** A chain adds one proof for each wildcard; a negative answer at its end three more. */
const MAX_PROOFS = MAX_ALIASES + 6;

/** One query on its way to its response: the state that the steps of `resolve` share, used again for the next one. */
export interface Exchange {
  readonly query: Query;
  readonly response: Response;
  zones: ZoneSet;
  /** The zone that is searched now. */
  zone: ImageReader;
  /** The name that is searched now: the question's, later the target of an alias. It is `query.name`, overwritten. */
  readonly name: SearchName;
  /** How to write the owner of what is found: -1 the question's name, 0 `name.wire`. */
  ownerAt: number;
  rcode: number;
  ede: number;
  /** What its cookie says of the client. */
  cookie: CookieState;
  /** Seconds since the epoch, where an answer depends on them. */
  now: number;
  authoritative: boolean;
  truncated: boolean;
  /** Whether who asks may have zones that are withheld from others. */
  admitted: boolean;
  /** Whether such a zone was left out. */
  withheld: boolean;
  /** The zone whose SOA makes the answer negative (RFC 2308 §2.2). */
  negativeZone: ImageReader | undefined;
  /** The node of the cut that the answer refers to, in `zone`; or -1. */
  cut: number;
  /** The node of the wildcard that was expanded last, in the zone where it was; or -1. */
  expanded: number;
  /** The RRset in `zone` whose targets' addresses help; or -1. */
  helped: number;
  /** Nodes whose NSEC or NSEC3 goes to the authority section. */
  readonly proofZones: ImageReader[];
  readonly proofNodes: Float64Array;
  readonly proofRRsets: Float64Array;
  proofs: number;
  /** Hashes of the names that were aliases. */
  readonly visited: Int32Array;
  aliases: number;
  /** The DNAMEs that made aliases of them, and their zones; -1 for a CNAME. */
  readonly dnames: Float64Array;
  readonly dnameZones: ImageReader[];
}

const noZones: ZoneSet = {
  begin: () => undefined,
  next: () => undefined,
  find: () => undefined,
  addSlab: () => undefined,
  dropPages: () => undefined,
};

export function createExchange(): Exchange {
  const query = createQuery();
  return {
    query,
    response: createResponse(),
    zones: noZones,
    zone: noZone,
    name: query.name,
    ownerAt: -1,
    rcode: Rcode.NOERROR,
    ede: Ede.none,
    cookie: CookieState.none,
    now: 0,
    authoritative: false,
    truncated: false,
    admitted: false,
    withheld: false,
    negativeZone: undefined,
    cut: -1,
    expanded: -1,
    helped: -1,
    proofZones: [],
    proofNodes: new Float64Array(MAX_PROOFS),
    proofRRsets: new Float64Array(MAX_PROOFS),
    proofs: 0,
    visited: new Int32Array(MAX_ALIASES),
    aliases: 0,
    // One more: the alias at which a chain is given up is noted, too.
    dnames: new Float64Array(MAX_ALIASES + 1),
    dnameZones: [],
  };
}

/** Forgets the query before. */
export function resetExchange(exchange: Exchange, zones: ZoneSet): void {
  exchange.zones = zones;
  exchange.ownerAt = -1;
  exchange.rcode = Rcode.NOERROR;
  exchange.ede = Ede.none;
  exchange.cookie = CookieState.none;
  exchange.authoritative = false;
  exchange.truncated = false;
  exchange.admitted = false;
  exchange.withheld = false;
  exchange.negativeZone = undefined;
  exchange.cut = -1;
  exchange.expanded = -1;
  exchange.helped = -1;
  exchange.proofs = 0;
  exchange.aliases = 0;
}

/** Has the NSEC or NSEC3 of a node of the current zone sent in the authority section, once. */
export function addProof(exchange: Exchange, node: number, rrset: number): void {
  if (rrset < 0) return;
  for (let i = 0; i < exchange.proofs; i++)
    if (exchange.proofNodes[i] === node && exchange.proofZones[i] === exchange.zone) return;
  exchange.proofZones[exchange.proofs] = exchange.zone;
  exchange.proofNodes[exchange.proofs] = node;
  exchange.proofRRsets[exchange.proofs++] = rrset;
}
