import { Type } from '../type-codes.ts';
import { Ede, OptionCode } from './codes.ts';
import { COOKIE_LENGTH, CookieState } from './cookies.ts';
import type { Exchange } from './exchange.ts';
import type { Features } from './features.ts';
import type { ClientAddress } from './client-address.ts';
import { putBytes, putU16, type Response } from './response.ts';

/** An OPT record without options, octets. */
export const OPT_SIZE = 11;
/** OPTION-CODE and OPTION-LENGTH. */
const OPTION_HEADER = 4;
/** An extended error without text (RFC 8914 §2), octets. */
export const EDE_SIZE = OPTION_HEADER + 2;
/** RFC 7828 §3.1: a timeout in units of 100 milliseconds. */
const KEEPALIVE_LENGTH = 2;
const KEEPALIVE_UNIT = 100;
const PADDING_BLOCK = 468;

/** What the OPT record of a response has from its query. */
export interface OptSource {
  /** The largest UDP message that we take, octets. */
  maxUdpSize: number;
  transport: 'udp' | 'tcp';
  encrypted: boolean;
  client: ClientAddress;
  features: Features;
  /** Octets at the end of the response that something else is to have: a TSIG record. */
  reserved: number;
}

/** Octets that the OPT record of the response takes, as far as that is known before the answer. */
export function optSize({ query, cookie }: Exchange, { transport, features }: OptSource): number {
  if (!query.edns) return 0;
  let size = OPT_SIZE;
  if (cookie !== CookieState.none) size += OPTION_HEADER + COOKIE_LENGTH;
  if (query.nsid && features.identity) size += OPTION_HEADER + features.identity.length;
  if (query.keepalive && transport === 'tcp' && features.idle) size += OPTION_HEADER + KEEPALIVE_LENGTH;
  return size;
}

/** Writes the OPT record of a response to the query of these octets, with the options that it has; the space was kept free. */
export function putOpt(exchange: Exchange, bytes: Uint8Array, source: OptSource): void {
  const { query, response, rcode, ede, cookie } = exchange;
  const lengthAt = startOpt(response, source.maxUdpSize, rcode, query.dnssecOk);
  if (ede !== Ede.none) {
    // RFC 8914 §2
    startOption(response, OptionCode.ede, 2);
    putU16(response, ede);
  }
  if (cookie !== CookieState.none) putCookie(exchange, bytes, source);
  if (query.nsid && source.features.identity) putNsid(response, source.features.identity);
  // RFC 7828 §3.3.1: over UDP it is ignored.
  if (query.keepalive && source.transport === 'tcp' && source.features.idle)
    putKeepalive(response, source.features.idle());
  if (query.padded && source.encrypted) putPadding(response, source.reserved);
  endOpt(response, lengthAt);
}

/** RFC 7873 §5.2: whoever sends a cookie gets one. */
function putCookie(
  { query, response, cookie, now }: Exchange,
  bytes: Uint8Array,
  { client, features }: OptSource,
): void {
  startOption(response, OptionCode.cookie, COOKIE_LENGTH);
  features.cookies!.put(response.bytes, response.at, bytes, query.cookieAt, cookie, client, now);
  response.at += COOKIE_LENGTH;
}

function putNsid(response: Response, identity: Uint8Array): void {
  startOption(response, OptionCode.nsid, identity.length);
  putBytes(response, identity, 0, identity.length);
}

function putKeepalive(response: Response, idle: number): void {
  startOption(response, OptionCode.keepalive, KEEPALIVE_LENGTH);
  putU16(response, Math.floor(idle / KEEPALIVE_UNIT));
}

/** RFC 8467 §4.1: up to the next multiple of 468 octets; it is the last of the message, TSIG aside. */
function putPadding(response: Response, reserved: number): void {
  const length = response.at + OPTION_HEADER;
  const padding = (PADDING_BLOCK - (length % PADDING_BLOCK)) % PADDING_BLOCK;
  if (length + padding > response.bytes.length - reserved) return;
  startOption(response, OptionCode.padding, padding);
  response.bytes.fill(0, response.at, response.at + padding);
  response.at += padding;
}

/**
 * Begins an OPT record (RFC 6891 §6.1): our UDP size, the upper bits of the RCODE, DO as it came (RFC 3225 §3). Returns where its
 * length stands, for {@link endOpt}.
 */
export function startOpt(response: Response, udpSize: number, rcode: number, dnssecOk: boolean): number {
  response.bytes[response.at++] = 0;
  putU16(response, Type.OPT);
  putU16(response, udpSize);
  response.bytes[response.at++] = rcode >>> 4;
  response.bytes[response.at++] = 0;
  putU16(response, dnssecOk ? 0x8000 : 0);
  putU16(response, 0);
  return response.at - 2;
}

export function endOpt(response: Response, lengthAt: number): void {
  const length = response.at - lengthAt - 2;
  response.bytes[lengthAt] = length >>> 8;
  response.bytes[lengthAt + 1] = length;
}

function startOption(response: Response, code: number, length: number): void {
  putU16(response, code);
  putU16(response, length);
}
