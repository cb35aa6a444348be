import { MAX_NAME } from '../wire/name.ts';
import { RRSET_HEADER } from '../zone/node-layout.ts';
import { rrsetTtl } from '../zone/image-reader.ts';
import { u16 } from '../zone/octets.ts';
import { CLASS_IN } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import { MAX_ALIASES, type Exchange } from './exchange.ts';
import { putData } from './put-data.ts';
import { QNAME_POINTER, createMark, mark, putName, putU16, putU32, rollBack } from './response.ts';
import { ancestorStart, keyLength, setSearchName } from './search-name.ts';

const start = createMark();
const target = new Uint8Array(2 * MAX_NAME);

/** Writes the CNAME and goes on at its target; false when the chain ends here. */
export function followCname(exchange: Exchange, cname: number): boolean {
  const { data } = exchange.zone;
  if (!putData(exchange, cname)) return false;
  exchange.dnames[exchange.aliases] = -1;
  const rdata = cname + RRSET_HEADER + 2;
  return goTo(exchange, data, rdata, rdata + u16(data, rdata - 2));
}

/**
 * Writes the DNAME of an ancestor with so many labels and the CNAME that it makes of the name (RFC 6672 §3.2), and goes on
 * at its target; false when the chain ends here.
 */
export function followDname(exchange: Exchange, dname: number, node: number, labels: number): boolean {
  const { name, zone, aliases } = exchange;
  if (!isAnswered(exchange, dname) && !putData(exchange, dname, node)) return false;
  exchange.dnames[aliases] = dname;
  exchange.dnameZones[aliases] = zone;
  const prefix = ancestorStart(name, labels);
  target.set(name.wire.subarray(0, prefix));
  const rdata = dname + RRSET_HEADER + 2;
  const length = u16(zone.data, rdata - 2);
  target.set(zone.data.subarray(rdata, rdata + length), prefix);
  if (prefix + length > MAX_NAME) {
    // RFC 6672 §2.2: the name would be too long.
    exchange.rcode = Rcode.YXDOMAIN;
    return false;
  }
  if (!putSynthesisedCname(exchange, rrsetTtl(zone.view, dname))) {
    exchange.truncated = true;
    return false;
  }
  // RFC 6672 §3.1: the CNAME itself answers a question for it.
  if (exchange.query.qtype === Type.CNAME || exchange.query.qtype === Type.ANY) return false;
  return goTo(exchange, target, 0, prefix + length);
}

/** Whether the chain came by this DNAME before: RFC 2181 §5.5 wants an RRset once. */
function isAnswered({ zone, aliases, dnames, dnameZones }: Exchange, dname: number): boolean {
  for (let i = 0; i < aliases; i++) if (dnames[i] === dname && dnameZones[i] === zone) return true;
  return false;
}

/** RFC 6672 §3.1: the CNAME has the TTL of the DNAME, and no signature of its own. */
function putSynthesisedCname(exchange: Exchange, ttl: number): boolean {
  const { response } = exchange;
  mark(response, start);
  if (putOwner(exchange) && response.at + 10 <= response.limit) {
    putU16(response, Type.CNAME);
    putU16(response, CLASS_IN);
    putU32(response, ttl);
    const lengthAt = response.at;
    response.at += 2;
    if (putName(response, target, 0)) {
      const length = response.at - lengthAt - 2;
      response.bytes[lengthAt] = length >>> 8;
      response.bytes[lengthAt + 1] = length;
      response.counts[response.section]!++;
      return true;
    }
  }
  rollBack(response, start);
  return false;
}

function putOwner(exchange: Exchange): boolean {
  const { response, name } = exchange;
  if (exchange.ownerAt >= 0) return putName(response, name.wire, 0);
  if (response.at + 2 > response.limit) return false;
  putU16(response, QNAME_POINTER);
  return true;
}

/** Makes the target the current name; false for a loop or a chain without end. */
function goTo(exchange: Exchange, source: Uint8Array, at: number, end: number): boolean {
  const { name, visited } = exchange;
  if (exchange.aliases === MAX_ALIASES) return false;
  visited[exchange.aliases++] = hashName(exchange);
  setSearchName(name, source, at, end);
  exchange.ownerAt = 0;
  const hash = hashName(exchange);
  for (let i = 0; i < exchange.aliases; i++) if (visited[i] === hash) return false;
  return true;
}

function hashName({ name }: Exchange): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < keyLength(name); i++) hash = Math.imul(hash ^ name.key[i]!, 0x01000193);
  return hash;
}
