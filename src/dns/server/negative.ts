import { Denial } from '../zone/image-reader.ts';
import { Rcode } from '../wire/codes.ts';
import { proveAbsentNsec, proveNoDataNsec, proveNoWildcardNsec } from './denial-nsec.ts';
import {
  proveEncloserNsec3,
  proveNextCloserNsec3,
  proveNoDataNsec3,
  proveNoWildcardNsec3,
  proveWildcardNoDataNsec3,
} from './denial-nsec3.ts';
import type { Exchange } from './exchange.ts';

/** How to prove what is missing: not at all to a client that did not ask for DNSSEC (RFC 4035 §3.1). */
function wantedDenial({ query, zone }: Exchange): Denial {
  return query.dnssecOk ? zone.denial : Denial.none;
}

/** The name exists, the type does not (RFC 2308 §2.2). `position` is that of the node. */
export function answerNoData(exchange: Exchange, position: number): void {
  exchange.negativeZone = exchange.zone;
  proveTypeAbsent(exchange, position, exchange.name.labels);
}

/** Proof that a name of so many labels lacks the type; for the DS at a cut it goes without SOA (RFC 4035 §3.1.4, RFC 5155 §7.2.7). */
export function proveTypeAbsent(exchange: Exchange, position: number, labels: number): void {
  const denial = wantedDenial(exchange);
  if (denial === Denial.nsec) proveNoDataNsec(exchange, position);
  else if (denial === Denial.nsec3) proveNoDataNsec3(exchange, labels);
}

/** Neither the name nor a wildcard for it exists (RFC 2308 §2.1; for the end of a chain RFC 6604 §3). */
export function answerNameError(exchange: Exchange, insertion: number, encloser: number): void {
  exchange.rcode = Rcode.NXDOMAIN;
  exchange.negativeZone = exchange.zone;
  const denial = wantedDenial(exchange);
  if (denial === Denial.nsec) {
    proveAbsentNsec(exchange, insertion);
    proveNoWildcardNsec(exchange, encloser);
  } else if (denial === Denial.nsec3) {
    proveNoWildcardNsec3(exchange, proveEncloserNsec3(exchange, encloser));
  }
}

/** A wildcard answers, so the name itself must be shown not to exist (RFC 4035 §3.1.3.3, RFC 5155 §7.2.6). */
export function proveExpansion(exchange: Exchange, insertion: number, encloser: number): void {
  const denial = wantedDenial(exchange);
  if (denial === Denial.nsec) proveAbsentNsec(exchange, insertion);
  else if (denial === Denial.nsec3) proveNextCloserNsec3(exchange, encloser);
}

/** The wildcard that matches lacks the type (RFC 4035 §3.1.3.4, RFC 5155 §7.2.5). */
export function answerWildcardNoData(
  exchange: Exchange,
  wildcard: number,
  insertion: number,
  encloser: number,
): void {
  exchange.negativeZone = exchange.zone;
  const denial = wantedDenial(exchange);
  if (denial === Denial.nsec) {
    proveAbsentNsec(exchange, insertion);
    proveNoDataNsec(exchange, wildcard);
  } else if (denial === Denial.nsec3) {
    proveEncloserNsec3(exchange, encloser);
    proveWildcardNoDataNsec3(exchange, encloser);
  }
}
