import { NodeFlag, RRSET_HEADER } from '../zone/node-layout.ts';
import {
  findRRset,
  nameAt,
  nodeFlags,
  recordCount,
  rrsetTtl,
  rrsetType,
  searchName,
  type ImageReader,
} from '../zone/image-reader.ts';
import { LOWER, u16 } from '../zone/octets.ts';
import { Type } from '../type-codes.ts';
import type { Exchange } from './exchange.ts';
import { Part, putRRsetOf } from './put-rrset.ts';
import { Section, nameEnd } from './response.ts';
import { createSearchName, keyLength, setSearchName } from './search-name.ts';

const target = createSearchName();

/**
 * Nodes whose addresses were written: RFC 2181 §5.5 wants an RRset once, however many records lead to it. They stand where their hash says or behind that; those of another
 * message have another number beside them. No message has as many as half of it, as a record has 14 octets at least.
 */
const SLOT_BITS = 14;
const slots = new Float64Array(1 << SLOT_BITS);
const messages = new Uint32Array(1 << SLOT_BITS);
let message = 0;
/** A small integer for V8. */
const LAST_MESSAGE = 0x3fff_ffff;

/**
 * Addresses that save a look-up, from the same zone: of the nameservers of a referral (glue), and of the targets of
 * NS, MX, SRV, SVCB and HTTPS answers, as Knot does, of those of MB, MD and MF (RFC 1035 §3.3.3 to §3.3.5), AFSDB and RT (RFC 1183 §1, §3.3).
 */
export function putAdditional(exchange: Exchange): void {
  exchange.response.section = Section.additional;
  if (message === LAST_MESSAGE) {
    messages.fill(0);
    message = 0;
  }
  message++;
  if (exchange.cut >= 0) putGlue(exchange, exchange.cut);
  else if (exchange.helped >= 0) putTargets(exchange, exchange.helped);
}

/**
 * RFC 9471 §3: all glue below the cut must come, else the answer is truncated. Addresses of nameservers elsewhere in the zone
 * come after it, as far as they fit.
 */
function putGlue(exchange: Exchange, cut: number): void {
  const { zone } = exchange;
  const ns = findRRset(zone.view, cut, Type.NS);
  for (const below of [true, false]) {
    let at = ns + RRSET_HEADER;
    for (let left = recordCount(zone.view, ns); left > 0; left--) {
      const node = findTarget(zone, at + 2);
      if (
        node >= 0 &&
        isAtOrBelow(zone.data, node, cut) === below &&
        !putAddresses(exchange, node, ADDRESSES) &&
        below
      ) {
        exchange.truncated = true;
        return;
      }
      at += 2 + u16(zone.data, at);
    }
  }
}

function putTargets(exchange: Exchange, rrset: number): void {
  const { zone } = exchange;
  const type = rrsetType(zone.view, rrset);
  const skip = targetOffset(type);
  if (skip < 0) return;
  const types = typesOfTarget(type);
  let at = rrset + RRSET_HEADER;
  for (let left = recordCount(zone.view, rrset); left > 0; left--) {
    const node = findTarget(zone, at + 2 + skip);
    if (node >= 0 && !putAddresses(exchange, node, types)) return;
    at += 2 + u16(zone.data, at);
  }
}

/** Where in the rdata the name of a host stands; -1 for types without one. */
function targetOffset(type: number): number {
  switch (type) {
    case Type.NS:
    case Type.MB:
    case Type.MD:
    case Type.MF:
      return 0;
    case Type.MX:
    case Type.AFSDB:
    case Type.RT:
    case Type.SVCB:
    case Type.HTTPS:
      return 2;
    case Type.SRV:
      return 6;
    default:
      return -1;
  }
}

const ADDRESSES = [Type.A, Type.AAAA];
/** RFC 1183 §3.3. */
const ROUTES = [...ADDRESSES, Type.X25, Type.ISDN];
/** RFC 9460 §4.1, and §6 for the type that is like SVCB. */
const BINDINGS = [...ADDRESSES, Type.SVCB];
const HTTPS_BINDINGS = [...ADDRESSES, Type.HTTPS];

/** What records of this type want to have of the names that they lead to. */
function typesOfTarget(type: number): readonly number[] {
  switch (type) {
    case Type.RT:
      return ROUTES;
    case Type.SVCB:
      return BINDINGS;
    case Type.HTTPS:
      return HTTPS_BINDINGS;
    default:
      return ADDRESSES;
  }
}

/** The node of the name at `at` of the image, if it is in the zone. */
function findTarget(zone: ImageReader, at: number): number {
  const end = nameEnd(zone.data, at);
  if (!endsLikeZone(zone, at, end)) return -1;
  setSearchName(target, zone.data, at, end);
  if (!isInZone(zone)) return -1;
  const position = searchName(zone, target.key, keyLength(target));
  return position < 0 ? -1 : nameAt(zone, position);
}

/** False for most names that are not in the zone: nothing more has to be made of them. */
function endsLikeZone({ data, origin, originAt, originLength }: ImageReader, at: number, end: number) {
  if (end - at < originLength) return false;
  for (let i = 1; i <= originLength; i++)
    if (LOWER[data[end - i]!] !== origin[originAt + originLength - i]) return false;
  return true;
}

function isInZone(zone: ImageReader): boolean {
  if (target.labels < zone.originLabels || keyLength(target) < zone.apexKeyLength) return false;
  const apexKey = zone.originAt - zone.apexKeyLength;
  for (let i = 0; i < zone.apexKeyLength; i++) if (zone.origin[apexKey + i] !== target.key[i]) return false;
  return true;
}

function isAtOrBelow(data: Uint8Array, node: number, ancestor: number): boolean {
  const length = u16(data, ancestor + 4);
  if (u16(data, node + 4) < length) return false;
  for (let i = 0; i < length; i++) if (data[node + 10 + i] !== data[ancestor + 10 + i]) return false;
  return true;
}

/** False when something did not fit. RRSIGs go with their RRset or not at all (RFC 4035 §3.1.1). */
function putAddresses(exchange: Exchange, node: number, types: readonly number[]): boolean {
  const { zone } = exchange;
  const { data, view } = zone;
  if (nodeFlags(data, node) & NodeFlag.empty) return true;
  const slot = slotOf(node);
  if (messages[slot] === message) return true;
  const part = exchange.query.dnssecOk ? Part.both : Part.records;
  const before = exchange.response.at;
  let fits = true;
  for (const type of types) {
    const rrset = findRRset(view, node, type);
    // RFC 2181 §5.5: what is the answer is not added to it.
    if (rrset >= 0 && rrset !== exchange.helped)
      fits &&= putRRsetOf(exchange.response, zone, node, rrset, rrsetTtl(view, rrset), part);
  }
  if (exchange.response.at > before) {
    slots[slot] = node;
    messages[slot] = message;
  }
  return fits;
}

/** Where the node stands in this message, or would. */
function slotOf(node: number): number {
  let slot = Math.imul(node, 0x9e3779b1) >>> (32 - SLOT_BITS);
  while (messages[slot] === message && slots[slot] !== node) slot = (slot + 1) & ((1 << SLOT_BITS) - 1);
  return slot;
}
