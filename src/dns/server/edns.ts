import { Type } from '../type-codes.ts';
import { Ede, OptionCode } from './codes.ts';
import { COOKIE_LENGTH, CookieState } from './cookies.ts';
import type { Exchange } from './exchange.ts';
import type { Features } from './features.ts';
import type { ClientAddress } from './client-address.ts';
import { createResponse, putBytes, putU16, type Response, startResponse } from './response.ts';

/** An OPT record without options, octets. */
const OPT_SIZE = 11;
/** OPTION-CODE and OPTION-LENGTH. */
const OPTION_HEADER = 4;
/** An extended error without text (RFC 8914 §2), octets. */
export const EDE_SIZE = OPTION_HEADER + 2;
/** RFC 7828 §3.1: a timeout in units of 100 milliseconds. */
const KEEPALIVE_LENGTH = 2;
const KEEPALIVE_UNIT = 100;
const PADDING_BLOCK = 468;
/** Octets of the longest message. */
const LONGEST = 0xffff;
/** The options of an OPT record that is made ahead have no more: cookies, an identity, a timeout. */
const LONGEST_OPT = 512;
/** Where RDLENGTH stands in an OPT record. */
const LENGTH_AT = 9;

/** A query as far as OPT answers it. */
type OptExchange = Pick<Exchange, 'query' | 'response' | 'rcode' | 'ede' | 'cookie' | 'now'>;

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
export function optSize(
  { query, cookie }: Pick<Exchange, 'query' | 'cookie'>,
  { transport, features }: OptSource,
): number {
  if (!query.edns) return 0;
  let size = OPT_SIZE;
  if (cookie !== CookieState.none) size += OPTION_HEADER + COOKIE_LENGTH;
  if (query.nsid && features.identity) size += OPTION_HEADER + features.identity.length;
  if (query.keepalive && transport === 'tcp' && features.idle) size += OPTION_HEADER + KEEPALIVE_LENGTH;
  return size;
}

/** Writes the OPT record of a response to the query of these octets, with the options that it has; the space was kept free. */
export function putOpt(exchange: OptExchange, bytes: Uint8Array, source: OptSource): void {
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
  { query, response, cookie, now }: OptExchange,
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

/** RFC 8467 §4.1: up to the next multiple of 468 octets, with the TSIG behind it; it is the last option. */
function putPadding(response: Response, reserved: number): void {
  const length = response.at + OPTION_HEADER + reserved;
  const padding = (PADDING_BLOCK - (length % PADDING_BLOCK)) % PADDING_BLOCK;
  if (length + padding > Math.min(response.bytes.length, LONGEST)) return;
  startOption(response, OptionCode.padding, padding);
  response.bytes.fill(0, response.at, response.at + padding);
  response.at += padding;
}

/** An OPT record that every message of a reply has (RFC 9103 §6.3.4). */
export interface ReadyOpt {
  /** Without padding. */
  octets: Uint8Array;
  padded: boolean;
}

/** Makes one for the reply to the query of these octets; undefined without an OPT there. */
export function readyOpt(
  asked: Pick<Exchange, 'query' | 'cookie' | 'now'>,
  bytes: Uint8Array,
  source: OptSource,
): ReadyOpt | undefined {
  const { query } = asked;
  if (!query.edns) return undefined;
  const response = createResponse();
  const octets = new Uint8Array(LONGEST_OPT);
  startResponse(response, octets, 0, LONGEST_OPT);
  putOpt({ ...asked, query: { ...query, padded: false }, response, rcode: 0, ede: Ede.none }, bytes, source);
  return { octets: octets.slice(0, response.at), padded: query.padded && source.encrypted };
}

/** Octets that it takes at least. */
export function readyOptSize(opt: ReadyOpt | undefined): number {
  return opt ? opt.octets.length + (opt.padded ? OPTION_HEADER : 0) : 0;
}

/** Writes it to a message, behind which so many octets are reserved. */
export function putReadyOpt(response: Response, { octets, padded }: ReadyOpt, reserved: number): void {
  const { at } = response;
  putBytes(response, octets, 0, octets.length);
  if (!padded) return;
  putPadding(response, reserved);
  endOpt(response, at + LENGTH_AT);
}

const appended = createResponse();

/** Writes it behind a message without additional records, with room for as much as is reserved; returns the message's new length. */
export function appendOpt(
  out: Uint8Array,
  length: number,
  opt: ReadyOpt | undefined,
  reserved: number,
): number {
  if (!opt) return length;
  startResponse(appended, out, length, LONGEST);
  putReadyOpt(appended, opt, reserved);
  out[11] = 1;
  return appended.at;
}

/**
 * Begins an OPT record (RFC 6891 §6.1): our UDP size, the upper bits of the RCODE, DO as it came (RFC 3225 §3). Returns where its
 * length stands, for {@link endOpt}.
 */
function startOpt(response: Response, udpSize: number, rcode: number, dnssecOk: boolean): number {
  response.bytes[response.at++] = 0;
  putU16(response, Type.OPT);
  putU16(response, udpSize);
  response.bytes[response.at++] = rcode >>> 4;
  response.bytes[response.at++] = 0;
  putU16(response, dnssecOk ? 0x8000 : 0);
  putU16(response, 0);
  return response.at - 2;
}

function endOpt(response: Response, lengthAt: number): void {
  const length = response.at - lengthAt - 2;
  response.bytes[lengthAt] = length >>> 8;
  response.bytes[lengthAt + 1] = length;
}

function startOption(response: Response, code: number, length: number): void {
  putU16(response, code);
  putU16(response, length);
}
