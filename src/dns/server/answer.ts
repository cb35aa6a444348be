import { epochSeconds } from '../../core/clock.ts';
import { CLASS_IN } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Class, Opcode, Rcode } from '../wire/codes.ts';
import { copyOctets } from '../wire/copy-octets.ts';
import { FormErr } from '../wire/form-error.ts';
import { putAdditional } from './additional.ts';
import { putAuthority } from './authority.ts';
import { Ede, HeaderBit, QueryType } from './codes.ts';
import { hashCollision } from './denial-nsec3.ts';
import { EDE_SIZE, optSize, putOpt } from './edns.ts';
import { answerChaos } from './chaos.ts';
import { type ClientAddress, createClientAddress } from './client-address.ts';
import { CookieState } from './cookies.ts';
import { createExchange, type Exchange, resetExchange } from './exchange.ts';
import { type Features, noFeatures } from './features.ts';
import { findZone } from './find-zone.ts';
import { shorten, verdictOn } from './limit-response.ts';
import { noZone, unloadedZone } from './no-zone.ts';
import { type Query, readEdnsAlone, readQuery, resetQuery } from './query.ts';
import { Verdict } from './rate-limit.ts';
import { resolve } from './resolve.ts';
import { HEADER_SIZE, QNAME_POINTER, Section, startResponse, viewOf } from './response.ts';
import { ancestorStart } from './search-name.ts';
import type { MessageMemory } from './transport.ts';
import type { ZoneSet } from './zone-set.ts';

/** Space that every `out` must have, octets: the largest message there is. */
export const MAX_MESSAGE = 0xffff;
/** What we send over UDP without risk of fragments (DNS flag day 2020), octets. */
export const MAX_UDP_SIZE = 1232;

/** What an answer depends on beside query and zones; the last fields tell the caller what became of it. */
export interface AnswerContext {
  transport: 'udp' | 'tcp';
  /** Whether nobody else reads what is sent: then responses are padded for who asks for it. */
  encrypted: boolean;
  /** Who asks. */
  client: ClientAddress;
  features: Features;
  /** Whether responses are limited by their rate. */
  limits: boolean;
  /** The largest UDP response we send, octets; what the client takes can only lower it. */
  maxUdpSize: number;
  /** Whether what is signed, asks for a transfer or an update, is a NOTIFY, or is for few, is left to the caller: {@link DEFERRED}. */
  defers: boolean;
  /** Whether zones are transferred this way, to who may have them. */
  transfers: boolean;
  /** Whether who asks may have zones that are withheld from others. */
  admitted: boolean;
  /** What messages are parts of; undefined where the caller does not know. */
  memory: MessageMemory | undefined;
  /** Whether the caller has the zones begin when queries were received, and not `answer` for each of them. */
  begun: boolean;
  /** Octets of the response that are kept free behind it, for a signature. */
  reserved: number;
  /** What every question is answered with. */
  refusal: Refusal | undefined;
  /** Set by every answer: the type asked for, 0 when the question could not be read. */
  qtype: number;
  /** Set by every answer: the response code, extended ones included. */
  rcode: number;
  /** Set by every answer: what its cookie says of the client. */
  cookie: CookieState;
  /** Set by every answer: what became of it as there were too many. */
  limited: Verdict;
  /** Set by every answer: whether the response did not fit (TC). */
  truncated: boolean;
  /** Set by every answer: what the zone of the question is counted under; 0 for none of ours, and where there are too many. */
  zone: number;
  /** Set by every answer: whether the name does not exist (NXDOMAIN), whatever is sent of that. */
  nameError: boolean;
  /** Set by every answer: what of a zone it begins to transfer. */
  transfer: 'whole' | 'difference' | undefined;
  /** Called with what went wrong inside, after which the answer is SERVFAIL. */
  onError: (error: unknown) => void;
}

export function createAnswerContext(
  transport: 'udp' | 'tcp',
  onError: (error: unknown) => void,
  features: Features = noFeatures,
): AnswerContext {
  return {
    transport,
    encrypted: false,
    client: createClientAddress(),
    features,
    limits: true,
    maxUdpSize: MAX_UDP_SIZE,
    defers: false,
    transfers: true,
    admitted: false,
    memory: undefined,
    begun: false,
    reserved: 0,
    refusal: undefined,
    qtype: 0,
    rcode: 0,
    cookie: CookieState.none,
    limited: Verdict.pass,
    truncated: false,
    zone: 0,
    nameError: false,
    transfer: undefined,
    onError,
  };
}

/** What `answer` returns for a message that it leaves to its caller: what is in `out` is none. */
export const DEFERRED = -1;

export interface Refusal {
  rcode: number;
  /** An extended error; `Ede.none`. */
  ede: number;
}

/** One for each thread: answering is synchronous, so no two queries are ever in it. */
const exchange = createExchange();

/**
 * Answers one message: reads `length` octets of `query`, writes the response to `out` (of {@link MAX_MESSAGE} octets) and
 * returns its length in octets; 0 when there must be no reply, or there were too many, {@link DEFERRED} for what the context defers. Never throws, never waits.
 */
export function answer(
  query: Uint8Array,
  length: number,
  zones: ZoneSet,
  out: Uint8Array,
  context: AnswerContext,
): number {
  context.qtype = 0;
  context.cookie = CookieState.none;
  context.limited = Verdict.pass;
  context.zone = 0;
  context.nameError = false;
  context.transfer = undefined;
  // A response is never answered: two servers could keep each other busy for ever.
  if (length < HEADER_SIZE || (query[2]! & HeaderBit.qr) !== 0) return 0;
  resetExchange(exchange, zones);
  resetQuery(exchange.query);
  try {
    if (!answerQuery(exchange, query, length, out, context)) return DEFERRED;
  } catch (error) {
    resetExchange(exchange, zones);
    exchange.rcode = error instanceof FormErr ? Rcode.FORMERR : Rcode.SERVFAIL;
    if (error === hashCollision) exchange.ede = Ede.invalidData;
    else if (exchange.rcode === Rcode.SERVFAIL) context.onError(error);
    startMessage(exchange, query, out, context);
  }
  context.nameError = exchange.rcode === Rcode.NXDOMAIN;
  const verdict = context.limits ? verdictOn(exchange, context) : Verdict.pass;
  context.limited = verdict;
  if (verdict === Verdict.drop) return 0;
  if (verdict === Verdict.slip) shorten(exchange);
  return finishMessage(exchange, query, context);
}

/** False for what is deferred. */
function answerQuery(
  exchange: Exchange,
  bytes: Uint8Array,
  length: number,
  out: Uint8Array,
  context: AnswerContext,
): boolean {
  const { query } = exchange;
  if (!context.begun) exchange.zones.begin();
  exchange.zones.next();
  // RFC 1035 §4.1.1. The sections of other opcodes mean something else, so of those nothing is read but OPT.
  const opcode = opcodeOf(bytes);
  if (opcode === Opcode.QUERY) readQuery(query, bytes, length);
  else refuseOpcode(exchange, opcode, bytes, length, context);
  if (context.defers && isDeferred(opcode, query)) return false;
  exchange.admitted = context.admitted;
  checkCookie(exchange, bytes, context);
  startMessage(exchange, bytes, out, context);
  if (exchange.rcode !== Rcode.NOERROR) return true;
  if (!context.refusal && isCookieQuery(exchange)) return true;
  if (query.qclass === Class.CH && !context.refusal && query.version === 0) {
    answerChaos(exchange, context.features);
    return true;
  }
  if (!isForUs(exchange, context)) return !(context.defers && exchange.withheld);
  resolve(exchange);
  if (!exchange.truncated) putAuthority(exchange);
  if (!exchange.truncated) putAdditional(exchange);
  return true;
}

function refuseOpcode(
  exchange: Exchange,
  opcode: number,
  bytes: Uint8Array,
  length: number,
  { refusal, defers }: AnswerContext,
): void {
  const { query } = exchange;
  if (defers && isForControl(opcode)) return;
  readEdnsAlone(query, bytes, length);
  if (refusal) refuse(exchange, refusal.rcode, refusal.ede);
  else refuse(exchange, query.version > 0 ? Rcode.BADVERS : Rcode.NOTIMP, Ede.none);
}

/** Finds out what the cookie of a query says of the client. */
export function checkCookie(
  exchange: Pick<Exchange, 'query' | 'cookie' | 'now'>,
  bytes: Uint8Array,
  { client, features }: AnswerContext,
): void {
  const { query } = exchange;
  if (!features.cookies || query.cookieLength === 0) return;
  exchange.now = epochSeconds(features.clock);
  exchange.cookie = features.cookies.check(bytes, query.cookieAt, query.cookieLength, client, exchange.now);
}

/** RFC 7873 §5.4: who asks nothing but whether its cookie is good. */
function isCookieQuery(exchange: Exchange): boolean {
  const { query, cookie } = exchange;
  if (query.questionEnd > 0 || query.cookieLength === 0) return false;
  if (query.version > 0) exchange.rcode = Rcode.BADVERS;
  else if (cookie === CookieState.none) exchange.rcode = Rcode.FORMERR;
  else if (cookie === CookieState.invalid) exchange.rcode = Rcode.BADCOOKIE;
  return true;
}

/** Of other opcodes a signature is not looked at, and the type means something else. */
function isDeferred(opcode: number, query: Query): boolean {
  return isForControl(opcode) || (opcode === Opcode.QUERY && (query.signed || isTransfer(query.qtype)));
}

/** Whether the control plane answers, as what is asked changes something. */
function isForControl(opcode: number): boolean {
  return opcode === Opcode.UPDATE || opcode === Opcode.NOTIFY;
}

/** AXFR or IXFR. */
export function isTransfer(qtype: number): boolean {
  return qtype === Type.AXFR || qtype === Type.IXFR;
}

/** Of a message with a whole header. */
export function opcodeOf(bytes: Uint8Array): number {
  return (bytes[2]! >>> 3) & 0x0f;
}

/** RFC 6895 §3.1: those that hold no data are from 128 to 255, and OPT. */
function isMeta(qtype: number): boolean {
  return qtype === Type.OPT || (qtype >= 128 && qtype <= 255);
}

/** Types that no zone holds: what asks for them gets no data. */
const metaRefusals = new Map<number, Refusal>([
  [Type.OPT, { rcode: Rcode.FORMERR, ede: Ede.none }],
  // RFC 9824 §3.4: it is only ever seen in a bitmap.
  [QueryType.nxname, { rcode: Rcode.FORMERR, ede: Ede.invalidQueryType }],
  [Type.TSIG, { rcode: Rcode.NOTIMP, ede: Ede.notSupported }],
  [QueryType.tkey, { rcode: Rcode.NOTIMP, ede: Ede.notSupported }],
  [QueryType.mailb, { rcode: Rcode.NOTIMP, ede: Ede.notSupported }],
  [QueryType.maila, { rcode: Rcode.NOTIMP, ede: Ede.notSupported }],
  [Type.AXFR, { rcode: Rcode.REFUSED, ede: Ede.prohibited }],
  [Type.IXFR, { rcode: Rcode.REFUSED, ede: Ede.prohibited }],
]);

/** Finds the zone of the question; false, with the response code set, when it is none of ours or no plain question. */
function isForUs(exchange: Exchange, context: AnswerContext): boolean {
  const { query } = exchange;
  if (context.refusal) return refuse(exchange, context.refusal.rcode, context.refusal.ede);
  if (query.version > 0) return refuse(exchange, Rcode.BADVERS, Ede.none);
  if (query.qclass !== CLASS_IN) return refuse(exchange, Rcode.REFUSED, Ede.notSupported);
  const refusal = isMeta(query.qtype) ? metaRefusals.get(query.qtype) : undefined;
  if (refusal) return refuse(exchange, refusal.rcode, refusal.ede);
  const zone = findZone(exchange);
  if (!zone)
    return refuse(exchange, Rcode.REFUSED, exchange.withheld ? Ede.prohibited : Ede.notAuthoritative);
  // Not REFUSED, which says that we are the wrong server: a resolver may have what it needs from another one.
  if (zone === noZone) return refuse(exchange, Rcode.SERVFAIL, Ede.invalidData);
  if (zone === unloadedZone) return refuse(exchange, Rcode.SERVFAIL, Ede.notReady);
  exchange.zone = zone;
  context.zone = zone.number;
  // Of all names that an answer has the most frequent: owner of SOA and NSEC. The root is shorter than a pointer.
  const { name, response } = exchange;
  response.apexArena = zone.arena;
  response.apexPointer = zone.originLabels === 0 ? 0 : QNAME_POINTER + ancestorStart(name, zone.originLabels);
  return true;
}

function refuse(exchange: Exchange, rcode: number, ede: number): false {
  exchange.rcode = rcode;
  exchange.ede = ede;
  return false;
}

/** The memory of the query, where nobody says it: that of the one before, mostly. */
let queryView: DataView = new DataView(new ArrayBuffer(0));

/** Header and question: octet for octet as they came, so that the client finds the case that it sent. */
function startMessage(exchange: Exchange, bytes: Uint8Array, out: Uint8Array, context: AnswerContext): void {
  const { query, response } = exchange;
  const end = query.questionEnd === 0 ? HEADER_SIZE : query.questionEnd;
  const size = context.transport === 'tcp' ? MAX_MESSAGE : Math.min(query.udpSize, context.maxUdpSize);
  const room = Math.max(512, size) - context.reserved;
  let limit = room - optSize(exchange, context);
  if (limit < end && query.nsid) {
    // RFC 5001 §3.4: it is never owed, and a long one beside a long question is more than the client takes.
    query.nsid = false;
    limit = room - optSize(exchange, context);
  }
  const { memory } = context;
  if (!memory) queryView = viewOf(bytes, queryView);
  startResponse(response, out, end, limit, memory?.responses);
  copyOctets(response.view, response.viewAt, memory?.queries ?? queryView, bytes.byteOffset, end);
}

/** RFC 1035 §4.1.1: RD as it came, no RA; RFC 4035 §3.1.6: CD as it came, no AD. */
function finishMessage(exchange: Exchange, bytes: Uint8Array, context: AnswerContext): number {
  const { query, response, rcode } = exchange;
  const { bytes: out, counts } = response;
  // RFC 8914 §3: an extended error is the first to go, and TC says so.
  if (exchange.ede !== Ede.none && query.edns && response.at + EDE_SIZE > response.limit) {
    exchange.ede = Ede.none;
    exchange.truncated = true;
  }
  out[2] = HeaderBit.qr | (bytes[2]! & (0x78 | HeaderBit.rd));
  if (exchange.authoritative) out[2] |= HeaderBit.aa;
  if (exchange.truncated) out[2] |= HeaderBit.tc;
  out[3] = (bytes[3]! & HeaderBit.cd) | (rcode & 0x0f);
  if (query.edns) {
    putOpt(exchange, bytes, context);
    counts[Section.additional]!++;
  }
  putCount(out, 4, query.questionEnd === 0 ? 0 : 1);
  for (let section = 0; section < 3; section++) putCount(out, 6 + 2 * section, counts[section]!);
  context.qtype = query.qtype;
  context.rcode = rcode;
  context.cookie = exchange.cookie;
  context.truncated = exchange.truncated;
  return response.at;
}

function putCount(out: Uint8Array, at: number, count: number): void {
  out[at] = count >>> 8;
  out[at + 1] = count;
}
