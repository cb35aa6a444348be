import { createHash } from 'node:crypto';
import { rdataFromText } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { SignedRRset, ZoneNode } from '../../dns/zone/node.ts';

/*
 * The records of a catalog zone (RFC 9432 §4): SOA and NS, as every zone has them, the version of the schema, and a PTR for each member. Nobody
 * resolves it, so all have a TTL of 0, which means nothing (§4.1), and it is not signed.
 */

/** Seconds. NOTIFY tells of changes at once; this is for one that got lost: until then a new zone is nowhere else. */
const REFRESH = 3600;
const RETRY = 600;
/** Seconds: when the catalog expires, consumers keep the zones that they have (RFC 9432 §5.1), but follow no more. */
const EXPIRE = 1_209_600;

/** RFC 9432 §4.2.1: schema version 2. */
const SCHEMA = '"2"';
/** RFC 9432 §4: there is no nameserver to name, and this is the name for none. */
const NO_SERVER = 'invalid.';
/** Hex digits of the label of a member: 80 bits, so that no two of a million are alike. */
const LABEL_DIGITS = 20;

export function apexNode(catalog: Name, serial: number): ZoneNode {
  const soa = `${NO_SERVER} ${NO_SERVER} ${serial} ${REFRESH} ${RETRY} ${EXPIRE} 0`;
  return {
    owner: catalog,
    rrsets: [rrset(catalog, Type.NS, NO_SERVER), rrset(catalog, Type.SOA, soa)],
  };
}

export function versionNode(catalog: Name): ZoneNode {
  const owner = catalog.child('version');
  return { owner, rrsets: [rrset(owner, Type.TXT, SCHEMA)] };
}

/** RFC 4592 §2.2.2: the names of all members are below it. */
export function membersNode(catalog: Name): ZoneNode {
  return { owner: catalog.child('zones'), rrsets: [] };
}

/**
 * RFC 9432 §4.1: a label of its own for each member. It is made of the zone's id, so it stays while the zone keeps its keys and its serial, and
 * is another one for a zone of the same name that begins anew: a consumer that sees the label change drops what it had (§5.4, §5.6).
 */
export function memberLabel(zoneId: number): string {
  return createHash('sha256').update(`zone ${zoneId}`).digest('hex').slice(0, LABEL_DIGITS);
}

export function memberOwner(catalog: Name, label: string): Name {
  return catalog.child('zones').child(label);
}

export function memberNode(catalog: Name, label: string, zone: Name): ZoneNode {
  const owner = memberOwner(catalog, label);
  return { owner, rrsets: [{ owner, type: Type.PTR, ttl: 0, rdatas: [zone.wire], signatures: [] }] };
}

function rrset(owner: Name, type: number, text: string): SignedRRset {
  return { owner, type, ttl: 0, rdatas: [rdataFromText(type, text)], signatures: [] };
}
