import type { Clock } from '../../core/clock.ts';
import { type Random, randomInteger } from '../../core/random.ts';
import { CLASS_IN } from '../rr.ts';
import { Rcode } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import type { Name } from '../wire/name.ts';
import { type Failure, malformed, type Server, type WaitOptions } from './exchange.ts';
import { openTcp } from './tcp.ts';
import { exchangeUdp } from './udp.ts';

export interface QueryOptions {
  server: Server;
  name: Name;
  type: number;
  clock: Clock;
  random: Random;
  /** DNSSEC OK: ask for signatures (RFC 3225). Default false. */
  do?: boolean;
  /** Ask the server to recurse. Default false: authoritative servers are asked. */
  rd?: boolean;
  /** EDNS payload size, octets. Default 1232, which fits an IPv6 packet of the least MTU. */
  udpSize?: number;
  /** Milliseconds for each attempt. Default 2000. */
  timeout?: number;
  /** Attempts over UDP after the first one went unanswered. Default 2. */
  retries?: number;
  /** `auto` is UDP, and TCP when the answer is truncated. Default `auto`. */
  transport?: 'auto' | 'tcp';
  signal?: AbortSignal | undefined;
}

/** Whatever the RCODE: any reply to the question is an answer. */
export type QueryResult = { kind: 'answer'; message: Message; transport: 'udp' | 'tcp' } | Failure;

/** Asks one server one question. Never rejects. */
export async function query(options: QueryOptions): Promise<QueryResult> {
  const result = await ask(options, true);
  return rejectsEdns(result) ? ask(options, false) : result;
}

/** RFC 6891 §7: a server that knows no EDNS answers FORMERR (or NOTIMP), without an OPT record. */
function rejectsEdns(result: QueryResult): boolean {
  if (result.kind !== 'answer' || result.message.edns) return false;
  return result.message.rcode === Rcode.FORMERR || result.message.rcode === Rcode.NOTIMP;
}

async function ask(options: QueryOptions, edns: boolean): Promise<QueryResult> {
  if (options.transport === 'tcp') return askTcp(options, edns);
  let result = await askUdp(options, edns);
  for (let retry = options.retries ?? 2; retry > 0 && result.kind === 'timeout'; retry--)
    result = await askUdp(options, edns);
  return result.kind === 'answer' && result.message.flags.tc ? askTcp(options, edns) : result;
}

async function askUdp(options: QueryOptions, edns: boolean): Promise<QueryResult> {
  const request = makeRequest(options, edns);
  let wrong: Failure | undefined;
  const accept = (datagram: Uint8Array): QueryResult | undefined => {
    const reply = readReply(datagram, request, options.server);
    if (reply.kind !== 'malformed') return { ...reply, transport: 'udp' };
    wrong = reply;
    return undefined;
  };
  const result = await exchangeUdp<QueryResult>(
    encodeMessage(request),
    options.server,
    accept,
    waitOf(options),
  );
  return result.kind === 'timeout' && wrong ? wrong : result;
}

async function askTcp(options: QueryOptions, edns: boolean): Promise<QueryResult> {
  const { server } = options;
  const request = makeRequest(options, edns);
  const stream = await openTcp(server, waitOf(options));
  if (stream.kind !== 'open') return stream;
  try {
    stream.send(encodeMessage(request));
    const bytes = await stream.receive(waitOf(options));
    if ('kind' in bytes) return bytes;
    const reply = readReply(bytes, request, server);
    return reply.kind === 'malformed' ? reply : { ...reply, transport: 'tcp' };
  } finally {
    stream.close();
  }
}

function makeRequest(options: QueryOptions, edns: boolean): Message {
  return newMessage({
    id: randomInteger(options.random, 0x10000),
    flags: { rd: options.rd ?? false },
    questions: [{ name: options.name, type: options.type, class: CLASS_IN }],
    ...(edns && {
      edns: { udpSize: options.udpSize ?? 1232, version: 0, do: options.do ?? false, options: [] },
    }),
  });
}

function waitOf({ clock, timeout = 2000, signal }: QueryOptions): WaitOptions {
  return { clock, timeout, signal };
}

/** Decodes a reply and checks that it is one to this request: id, QR, opcode and the question repeated. */
export function readReply(
  bytes: Uint8Array,
  request: Message,
  server: Server,
): { kind: 'answer'; message: Message } | (Failure & { kind: 'malformed' }) {
  const wrong = (reason: string): Failure & { kind: 'malformed' } => ({
    ...malformed(server, reason),
    kind: 'malformed',
  });
  try {
    const message = decodeMessage(bytes);
    if (message.id !== request.id) return wrong('its id is not that of the question');
    if (!message.flags.qr || message.opcode !== request.opcode) return wrong('it is no response to a query');
    return repeatsQuestion(message, request)
      ? { kind: 'answer', message }
      : wrong('it answers another question');
  } catch (error) {
    if (error instanceof FormErr) return wrong(error.message);
    throw error;
  }
}

/** Errors may come without the question: a server that cannot read a message cannot repeat it. */
function repeatsQuestion(reply: Message, request: Message): boolean {
  const [asked] = request.questions;
  const [echo, ...more] = reply.questions;
  if (!echo) return reply.rcode !== Rcode.NOERROR && reply.rcode !== Rcode.NXDOMAIN;
  return (
    more.length === 0 &&
    echo.type === asked!.type &&
    echo.class === asked!.class &&
    echo.name.equals(asked!.name)
  );
}
