import { type Clock, epochSeconds } from '../../core/clock.ts';
import { type Random, randomInteger } from '../../core/random.ts';
import { CLASS_IN, type ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Rcode, rcodeName } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { EdnsOptionCode, findOption, padding } from '../message/edns-options.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { refusedSignature, signRequest, type TsigKey, type TsigSession, tsigSize } from '../message/tsig.ts';
import type { Name } from '../wire/name.ts';
import { type Failure, type Server, serverText } from './exchange.ts';
import { openTcp, type TcpStream } from './tcp.ts';
import {
  type Collector,
  type CurrentZone,
  malformed,
  tooLarge,
  type TransferredZone,
  wholeZone,
} from './transfer-whole.ts';
import { type TransferredDifferences, zoneDifferences } from './transfer-differences.ts';

/** Bounds on what a server may send us. */
export interface TransferLimits {
  records: number;
  /** Octets of all messages. */
  octets: number;
  /** Milliseconds without a message. */
  idle: number;
  /** Milliseconds for all of it. */
  total: number;
}

export interface TransferOptions {
  server: Server;
  zone: Name;
  clock: Clock;
  random: Random;
  /** Signs the request, and must have signed every message of the answer (RFC 8945). */
  key?: TsigKey | undefined;
  limits?: Partial<TransferLimits>;
  signal?: AbortSignal | undefined;
}

export interface TransferFailure {
  kind: 'refused' | 'notauth' | 'failed' | 'too-large' | Failure['kind'];
  message: string;
}

export type TransferResult = TransferredZone | TransferFailure;

export interface UpdateOptions extends TransferOptions {
  /** The SOA of the version that is here. */
  since: ResourceRecord;
  /** Asks for the whole zone (AXFR) in place of what has changed. */
  whole?: boolean;
}

export type UpdateResult = TransferredZone | TransferredDifferences | CurrentZone | TransferFailure;

const defaultLimits: TransferLimits = { records: 1_000_000, octets: 256 << 20, idle: 15_000, total: 300_000 };

/** Fetches a whole zone by AXFR over TCP (RFC 5936). Never rejects. */
export async function transferZone(options: TransferOptions): Promise<TransferResult> {
  const limits = { ...defaultLimits, ...options.limits };
  const collector = wholeZone(options.zone, limits.records);
  return transfer<TransferredZone>(options, limits, { type: Type.AXFR, since: undefined }, collector);
}

/**
 * Fetches what has changed since the version that is here, by IXFR over TCP (RFC 1995): the server may send the whole zone all the same. No
 * serial is asked for first, as the answer begins with it (RFC 1995 §2), signed and encrypted as the transfer is. Never rejects.
 */
export async function transferUpdate({ whole = false, ...options }: UpdateOptions): Promise<UpdateResult> {
  const limits = { ...defaultLimits, ...options.limits };
  const { zone, since } = options;
  if (whole) {
    const collector = wholeZone(zone, limits.records, since);
    return transfer<TransferredZone | CurrentZone>(
      options,
      limits,
      { type: Type.AXFR, since: undefined },
      collector,
    );
  }
  return transfer(options, limits, { type: Type.IXFR, since }, zoneDifferences(zone, limits.records, since));
}

/** What is asked for, with the SOA of the version that is here. */
interface Wanted {
  type: number;
  since: ResourceRecord | undefined;
}

async function transfer<T>(
  options: TransferOptions,
  limits: TransferLimits,
  wanted: Wanted,
  collector: Collector<T>,
): Promise<T | TransferFailure> {
  const { clock, server, signal } = options;
  const until = clock.monotonic() + limits.total;
  const stream = await openTcp(server, { clock, timeout: Math.min(limits.idle, limits.total), signal });
  if (stream.kind !== 'open') return { kind: stream.kind, message: stream.detail };
  try {
    return await receive(stream, options, { limits, until, wanted, collector });
  } finally {
    stream.close();
  }
}

interface Receiving<T> {
  limits: TransferLimits;
  /** Of the monotonic clock. */
  until: number;
  wanted: Wanted;
  collector: Collector<T>;
}

async function receive<T>(
  stream: TcpStream,
  { server, zone, clock, random, key, signal }: TransferOptions,
  { limits, until, wanted, collector }: Receiving<T>,
): Promise<T | TransferFailure> {
  const plainRequest = newMessage({
    id: randomInteger(random, 0x10000),
    questions: [{ name: zone, type: wanted.type, class: CLASS_IN }],
    ...(wanted.since && { authorities: [{ ...wanted.since, class: CLASS_IN }] }),
  });
  const request = server.tls ? paddedRequest(plainRequest, key) : plainRequest;
  const signed = key && signRequest(encodeMessage(request), key, epochSeconds(clock));
  stream.send(signed?.message ?? encodeMessage(request));
  let octets = 0;
  for (;;) {
    const timeout = Math.min(limits.idle, until - clock.monotonic());
    if (timeout <= 0)
      return {
        kind: 'timeout',
        message: `${serverText(server)} needs more than ${limits.total} ms for the zone`,
      };
    const bytes = await stream.receive({ clock, timeout, signal });
    if ('kind' in bytes) return { kind: bytes.kind, message: bytes.detail };
    octets += bytes.length;
    const failure =
      octets > limits.octets
        ? tooLarge(zone, limits.octets, 'octets')
        : wellFormed(
            () =>
              takeMessage(bytes, request, collector) ??
              checkSignature(bytes, signed?.session, epochSeconds(clock), collector.result !== undefined),
          );
    if (failure) return { ...failure, message: `${serverText(server)}: ${failure.message}` };
    if (collector.result !== undefined) return collector.result;
  }
}

/** RFC 8467 §4.1: up to a multiple of so many octets. */
const PADDING_BLOCK = 128;

/** A request that is encrypted: its length does not say which zone it is about. */
function paddedRequest(request: Message, key: TsigKey | undefined): Message {
  const withPadding = (length: number): Message => ({
    ...request,
    edns: { udpSize: 1232, version: 0, do: false, options: [padding(length)] },
  });
  const length = encodeMessage(withPadding(0)).length + (key ? tsigSize(key) : 0);
  return withPadding((PADDING_BLOCK - (length % PADDING_BLOCK)) % PADDING_BLOCK);
}

/** What comes of work with a message that may be none. */
function wellFormed(work: () => TransferFailure | undefined): TransferFailure | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormErr) return malformed(error.message);
    throw error;
  }
}

/** @throws FormErr */
function takeMessage(
  bytes: Uint8Array,
  request: Message,
  collector: Collector<unknown>,
): TransferFailure | undefined {
  const message = decodeMessage(bytes);
  const failure = checkHeader(message, request);
  // RFC 8945 §5.4: it may not be the zone that is wrong.
  const refused = failure?.kind === 'notauth' ? refusedSignature(bytes) : undefined;
  if (failure) return refused === undefined ? failure : { ...failure, message: refused };
  for (const record of message.answers) {
    if (record.class !== CLASS_IN) return malformed(`a record is of class ${record.class}`);
    const wrong = collector.take(record);
    if (wrong) return wrong;
  }
  // RFC 9103 §7.9.1: one without records may hide how large the zone is.
  const isPadding = message.edns && findOption(message.edns.options, EdnsOptionCode.PADDING) !== undefined;
  return message.answers.length > 0 || isPadding
    ? undefined
    : malformed('a message of the transfer holds no record');
}

/** @throws FormErr */
function checkSignature(
  bytes: Uint8Array,
  session: TsigSession | undefined,
  now: number,
  last: boolean,
): TransferFailure | undefined {
  const wrong = session?.verify(bytes, now, last);
  return wrong === undefined ? undefined : { kind: 'failed', message: wrong };
}

/** RFC 5936 §2.2.1 and §2.2.2: the question is repeated in the first message and may be in the others. */
function checkHeader(message: Message, request: Message): TransferFailure | undefined {
  const [asked] = request.questions;
  const [echo, ...more] = message.questions;
  if (message.id !== request.id || !message.flags.qr)
    return malformed('a message belongs to another question');
  if (message.rcode !== Rcode.NOERROR) return rcodeFailure(message.rcode, asked!.name);
  // RFC 9619 §4: a QUERY holds one question.
  if (more.length > 0 || (echo && (echo.type !== asked!.type || !echo.name.equals(asked!.name))))
    return malformed('a message answers another question');
  return undefined;
}

function rcodeFailure(rcode: number, zone: Name): TransferFailure {
  const name = zone.toText();
  switch (rcode) {
    case Rcode.REFUSED:
      return {
        kind: 'refused',
        message: `the transfer of ${name} is refused; allow AXFR from this box there`,
      };
    case Rcode.NOTAUTH:
      return { kind: 'notauth', message: `it is not authoritative for ${name}` };
    default:
      return { kind: 'failed', message: `the transfer of ${name} fails with ${rcodeName(rcode)}` };
  }
}
