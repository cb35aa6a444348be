import { type Clock, epochSeconds } from '../../core/clock.ts';
import { type Random, randomInteger } from '../../core/random.ts';
import { CLASS_IN, type ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Rcode, rcodeName } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import {
  decodeMessage,
  encodeMessage,
  type Message,
  type MessageRecord,
  newMessage,
} from '../message/message.ts';
import { signRequest, type TsigKey, type TsigSession } from '../message/tsig.ts';
import type { Name } from '../wire/name.ts';
import { type Failure, type Server, serverText } from './exchange.ts';
import { openTcp, type TcpStream } from './tcp.ts';

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

export type TransferResult =
  | {
      kind: 'zone';
      /** The SOA first, and not again at the end. */
      records: ResourceRecord[];
      /** Records outside the zone, which no secondary takes. */
      skipped: number;
    }
  | TransferFailure;

const defaultLimits: TransferLimits = { records: 1_000_000, octets: 256 << 20, idle: 15_000, total: 300_000 };

/** State of a transfer between two messages. */
interface Progress {
  soa: MessageRecord | undefined;
  complete: boolean;
  records: ResourceRecord[];
  skipped: number;
  octets: number;
}

/** Fetches a whole zone by AXFR over TCP (RFC 5936). Never rejects. */
export async function transferZone(options: TransferOptions): Promise<TransferResult> {
  const limits = { ...defaultLimits, ...options.limits };
  const { clock, server, signal } = options;
  const until = clock.monotonic() + limits.total;
  const stream = await openTcp(server, { clock, timeout: Math.min(limits.idle, limits.total), signal });
  if (stream.kind !== 'open') return { kind: stream.kind, message: stream.detail };
  try {
    return await receiveZone(stream, options, limits, until);
  } finally {
    stream.close();
  }
}

async function receiveZone(
  stream: TcpStream,
  { server, zone, clock, random, key, signal }: TransferOptions,
  limits: TransferLimits,
  until: number,
): Promise<TransferResult> {
  const request = newMessage({
    id: randomInteger(random, 0x10000),
    questions: [{ name: zone, type: Type.AXFR, class: CLASS_IN }],
  });
  const signed = key && signRequest(encodeMessage(request), key, epochSeconds(clock));
  stream.send(signed?.message ?? encodeMessage(request));
  const progress: Progress = { soa: undefined, complete: false, records: [], skipped: 0, octets: 0 };
  while (!progress.complete) {
    const timeout = Math.min(limits.idle, until - clock.monotonic());
    if (timeout <= 0)
      return {
        kind: 'timeout',
        message: `${serverText(server)} needs more than ${limits.total} ms for the zone`,
      };
    const bytes = await stream.receive({ clock, timeout, signal });
    if ('kind' in bytes) return { kind: bytes.kind, message: bytes.detail };
    progress.octets += bytes.length;
    const failure =
      progress.octets > limits.octets
        ? tooLarge(zone, limits.octets, 'octets')
        : (takeMessage(bytes, request, progress, limits) ??
          checkSignature(bytes, signed?.session, epochSeconds(clock), progress.complete));
    if (failure) return { ...failure, message: `${serverText(server)}: ${failure.message}` };
  }
  return { kind: 'zone', records: progress.records, skipped: progress.skipped };
}

function takeMessage(
  bytes: Uint8Array,
  request: Message,
  progress: Progress,
  limits: TransferLimits,
): TransferFailure | undefined {
  let message: Message;
  try {
    message = decodeMessage(bytes);
  } catch (error) {
    if (error instanceof FormErr) return malformed(error.message);
    throw error;
  }
  const failure = checkHeader(message, request);
  if (failure) return failure;
  for (const record of message.answers) {
    const wrong = takeRecord(record, request.questions[0]!.name, progress, limits);
    if (wrong) return wrong;
  }
  return message.answers.length === 0 ? malformed('a message of the transfer holds no record') : undefined;
}

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
  const [echo] = message.questions;
  if (message.id !== request.id || !message.flags.qr)
    return malformed('a message belongs to another question');
  if (message.rcode !== Rcode.NOERROR) return rcodeFailure(message.rcode, asked!.name);
  if (echo && (echo.type !== Type.AXFR || !echo.name.equals(asked!.name)))
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

/** RFC 5936 §2.2: the SOA is the first record and, once more, the last. */
function takeRecord(
  record: MessageRecord,
  zone: Name,
  progress: Progress,
  limits: TransferLimits,
): TransferFailure | undefined {
  const isSoa = record.type === Type.SOA && record.owner.equals(zone);
  if (progress.complete) return malformed('records follow the SOA that ends the zone');
  if (record.class !== CLASS_IN) return malformed(`a record is of class ${record.class}`);
  if (!progress.soa) {
    if (!isSoa) return malformed('the first record is not the SOA of the zone');
    progress.soa = record;
  } else if (isSoa) {
    progress.complete = true;
    return Buffer.compare(progress.soa.rdata, record.rdata) === 0
      ? undefined
      : malformed('the SOA at the end is not that of the beginning: the zone changed meanwhile');
  }
  if (!record.owner.isAtOrBelow(zone)) {
    progress.skipped++;
    return undefined;
  }
  if (progress.records.length >= limits.records) return tooLarge(zone, limits.records, 'records');
  const { owner, type, ttl, rdata } = record;
  progress.records.push({ owner, type, ttl, rdata });
  return undefined;
}

function tooLarge(zone: Name, limit: number, what: string): TransferFailure {
  return { kind: 'too-large', message: `${zone.toText()} has more than ${limit} ${what}` };
}

function malformed(message: string): TransferFailure {
  return { kind: 'malformed', message };
}
