import { Rcode } from '../wire/codes.ts';
import { LOWER } from '../zone/octets.ts';
import type { ClientAddress } from './client-address.ts';
import { Ede } from './codes.ts';
import { CookieState } from './cookies.ts';
import type { Exchange } from './exchange.ts';
import type { Features } from './features.ts';
import { mixed, ResponseKind, Verdict } from './rate-limit.ts';
import { forgetCounts, HEADER_SIZE } from './response.ts';

/** What a response is limited by. */
export interface LimitSource {
  transport: 'udp' | 'tcp';
  client: ClientAddress;
  features: Features;
}

/**
 * Whether a response that was made may go as it is. Over TCP, and with a cookie of ours, a client is who it says: neither is limited,
 * as its own network would be all that it could harm.
 */
export function verdictOn(exchange: Exchange, { transport, client, features }: LimitSource): Verdict {
  const { limiter, clock } = features;
  if (!limiter || transport === 'tcp' || exchange.cookie >= CookieState.valid || client.size === 0)
    return Verdict.pass;
  const kind = kindOf(exchange);
  return limiter.take(client, kind, subjectOf(exchange, kind), clock.now());
}

/** Makes a short response of one that must not go: an honest client asks again with our cookie, or over TCP. */
export function shorten(exchange: Exchange): void {
  const { query, response } = exchange;
  response.at = query.questionEnd === 0 ? HEADER_SIZE : query.questionEnd;
  forgetCounts(response);
  exchange.authoritative = false;
  // Nothing that makes it longer than the question.
  query.nsid = false;
  exchange.ede = Ede.none;
  // RFC 7873 §5.2.3
  exchange.rcode = exchange.cookie === CookieState.none ? Rcode.NOERROR : Rcode.BADCOOKIE;
  exchange.truncated = exchange.cookie === CookieState.none;
}

function kindOf({ rcode, cut }: Exchange): ResponseKind {
  if (rcode === Rcode.NXDOMAIN) return ResponseKind.nameError;
  if (rcode !== Rcode.NOERROR) return ResponseKind.error;
  return cut >= 0 ? ResponseKind.referral : ResponseKind.answer;
}

/** A number for what the response is about: random names below one zone, cut or wildcard have it in common. */
function subjectOf(exchange: Exchange, kind: ResponseKind): number {
  const { zone, cut, expanded } = exchange;
  if (kind === ResponseKind.error) return 0;
  if (kind === ResponseKind.nameError) return zone.arena;
  if (kind === ResponseKind.referral) return mixed(zone.arena, cut);
  return expanded >= 0 ? mixed(zone.arena, expanded) : hashOfQuestion(exchange);
}

/** Of its name, whatever its case. */
function hashOfQuestion({ query, response }: Exchange): number {
  let hash = 0;
  // The type and the class stand behind the name.
  for (let at = HEADER_SIZE; at < query.questionEnd - 4; at++)
    hash = (Math.imul(hash, 31) + LOWER[response.bytes[at]!]!) | 0;
  return hash;
}
