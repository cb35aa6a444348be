import { decompressRdata } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import { Class } from '../wire/codes.ts';
import { decodeEdns } from './edns.ts';
import { FormErr } from '../wire/form-error.ts';
import { decodeHeader } from './header.ts';
import { hasKnownRdata } from './known-rdata.ts';
import type { Message, MessageRecord, Question } from './message.ts';
import { WireReader } from '../wire/reader.ts';

/** RFC 1035 §4.2.2: over TCP a length of 16 bits goes before the message. */
const MAX_MESSAGE = 0xffff;

/**
 * Reads a whole message. What it allocates is bounded by its length: a question takes at least 5 octets and a record 11,
 * and a compressed name of 2 octets grows to 255 at most.
 * @throws FormErr and nothing else
 */
export function decodeMessage(bytes: Uint8Array): Message {
  if (bytes.length > MAX_MESSAGE) throw new FormErr('message is longer than 65535 octets');
  const reader = new WireReader(bytes);
  const { counts, ...header } = decodeHeader(reader);
  const message: Message = {
    ...header,
    questions: readMany(counts[0], () => readQuestion(reader)),
    answers: readMany(counts[1], () => readRecord(reader)),
    authorities: readMany(counts[2], () => readRecord(reader)),
    additionals: readMany(counts[3], () => readRecord(reader)),
  };
  if (reader.remaining > 0) throw new FormErr('message is longer than its records');
  checkTsigPosition(message);
  takeOpt(message);
  return message;
}

function readMany<T>(count: number, read: () => T): T[] {
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}

function readQuestion(reader: WireReader): Question {
  return { name: reader.name(), type: reader.u16(), class: reader.u16() };
}

function readRecord(reader: WireReader): MessageRecord {
  const owner = reader.name();
  const type = reader.u16();
  const rrClass = reader.u16();
  const ttl = reader.u32();
  const rdata = readRdata(reader, type, rrClass);
  // RFC 2181 §8: a TTL with the top bit set counts as 0. OPT's field is no TTL.
  return { owner, type, class: rrClass, ttl: ttl > 0x7fffffff && type !== Type.OPT ? 0 : ttl, rdata };
}

function readRdata(reader: WireReader, type: number, rrClass: number): Uint8Array {
  const length = reader.u16();
  // RFC 2136 §2.4 and §2.5: updates leave the rdata out where it says "any".
  if (length === 0 && (rrClass === Class.ANY || rrClass === Class.NONE)) return new Uint8Array(0);
  // OPT's class is a size (RFC 6891 §6.1.2).
  if (type !== Type.OPT && !hasKnownRdata(type, rrClass)) return reader.take(length);
  return decompressRdata(reader, type, length);
}

/** RFC 8945 §5.1: one TSIG at most, and as the last record of all. */
function checkTsigPosition(message: Message): void {
  const elsewhere = [message.answers, message.authorities, message.additionals.slice(0, -1)];
  if (elsewhere.some((section) => section.some((record) => record.type === Type.TSIG)))
    throw new FormErr('TSIG is not the last record');
}

/** Moves OPT from the additional section to `edns` and completes the RCODE. */
function takeOpt(message: Message): void {
  const isOpt = (record: MessageRecord): boolean => record.type === Type.OPT;
  if (message.answers.some(isOpt) || message.authorities.some(isOpt))
    throw new FormErr('OPT is outside the additional section');
  const opts = message.additionals.filter(isOpt);
  const opt = opts[0];
  if (!opt) return;
  // RFC 6891 §6.1.1
  if (opts.length > 1) throw new FormErr('message has more than one OPT');
  if (!opt.owner.isRoot) throw new FormErr('the owner of OPT is not the root');
  const { edns, extendedRcode } = decodeEdns(opt);
  message.additionals = message.additionals.filter((record) => record !== opt);
  message.edns = edns;
  message.rcode |= extendedRcode << 4;
}
