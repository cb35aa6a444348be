import { rrsetTtl } from '../zone/image-reader.ts';
import type { Exchange } from './exchange.ts';
import { Part, putRRset, putRRsetOf } from './put-rrset.ts';

/**
 * Writes an RRset of the current zone, with its RRSIGs when the client asked for them (RFC 4035 §3.1.1). Its owner is the
 * current name (so a wildcard's RRset is expanded), or that of `node` when given. What does not fit truncates the answer.
 */
export function putData(exchange: Exchange, rrset: number, node = -1): boolean {
  const { zone } = exchange;
  const ttl = rrsetTtl(zone.view, rrset);
  const part = exchange.query.dnssecOk ? Part.both : Part.records;
  const fits =
    node >= 0
      ? putRRsetOf(exchange.response, zone, node, rrset, ttl, part)
      : putRRset(exchange.response, zone, rrset, exchange.name.wire, exchange.ownerAt, ttl, part);
  if (!fits) exchange.truncated = true;
  return fits;
}

/** Writes only the RRSIGs of an RRset at the current name. */
export function putSignatures(exchange: Exchange, rrset: number): void {
  const { zone } = exchange;
  const owner = exchange.name.wire;
  const ttl = rrsetTtl(zone.view, rrset);
  if (!putRRset(exchange.response, zone, rrset, owner, exchange.ownerAt, ttl, Part.signatures))
    exchange.truncated = true;
}
