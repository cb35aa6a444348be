import { Denial, findRRset, rrsetTtl, type ImageReader } from '../zone/image-reader.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import type { Exchange } from './exchange.ts';
import { putData } from './put-data.ts';
import { Part, putProof, putRRsetOf } from './put-rrset.ts';
import { Section } from './response.ts';

/**
 * Writes the authority section: the cut of a referral, the SOA of a negative answer, proofs. Minimal: a positive answer
 * carries no NS. What does not fit truncates the answer.
 */
export function putAuthority(exchange: Exchange): void {
  exchange.response.section = Section.authority;
  const { cut, negativeZone } = exchange;
  if (cut >= 0 && !putReferral(exchange, cut)) return;
  if (negativeZone && !putSoa(exchange, negativeZone)) return;
  if (exchange.query.dnssecOk) putProofs(exchange);
}

/** NS, and the DS with its signature where there is one (RFC 4035 §3.1.4). */
function putReferral(exchange: Exchange, cut: number): boolean {
  const { view } = exchange.zone;
  if (!putData(exchange, findRRset(view, cut, Type.NS), cut)) return false;
  const ds = findRRset(view, cut, Type.DS);
  return ds < 0 || !exchange.query.dnssecOk || putData(exchange, ds, cut);
}

/** RFC 2308 §3: its TTL is that of the negative answer; so is its RRSIG's (RFC 4034 §3). */
function putSoa(exchange: Exchange, zone: ImageReader): boolean {
  const { soa, apex, negativeTtl } = zone;
  const part = exchange.query.dnssecOk ? Part.both : Part.records;
  const fits = putRRsetOf(exchange.response, zone, apex, soa, negativeTtl, part);
  if (!fits) exchange.truncated = true;
  return fits;
}

function putProofs(exchange: Exchange): void {
  for (let i = 0; i < exchange.proofs; i++) {
    const zone = exchange.proofZones[i]!;
    const node = exchange.proofNodes[i]!;
    const rrset = exchange.proofRRsets[i]!;
    const ttl = rrsetTtl(zone.view, rrset);
    // The owner of an NSEC that proves that a type is not there is the name of the question.
    const fits =
      exchange.rcode === Rcode.NXDOMAIN || zone.denial === Denial.nsec3
        ? putProof(exchange.response, zone, node, rrset, ttl)
        : putRRsetOf(exchange.response, zone, node, rrset, ttl, Part.both);
    if (!fits) {
      exchange.truncated = true;
      return;
    }
  }
}
