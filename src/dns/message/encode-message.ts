import { fromWire, rdataType } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import { encodeEdns } from './edns.ts';
import { encodeHeader } from './header.ts';
import { hasKnownRdata } from './known-rdata.ts';
import type { Message, MessageRecord } from './message.ts';
import { Name } from '../wire/name.ts';
import { WireWriter } from '../wire/writer.ts';

/** Owner, type, class, TTL and length of OPT and of each record: RFC 1035 §4.1.3. */
const FIXED_FIELDS = 10;

export interface EncodeOptions {
  /** Compress names (RFC 1035 §4.1.4). Default true. */
  compress?: boolean;
  /** Octets; what does not fit is left out, RRset by RRset, and TC says so. Default 65535. */
  maxSize?: number;
}

/**
 * The wire form. OPT and TSIG are always there. TC is set when an answer or authority RRset had to be left out, or an
 * additional one of a referral, as that is glue (RFC 9471); other additional data goes silently (RFC 2181 §9).
 */
export function encodeMessage(message: Message, options: EncodeOptions = {}): Uint8Array {
  if (message.rcode > 0xf && !message.edns) throw new RangeError('an extended RCODE needs EDNS');
  const writer = new WireWriter({ compress: options.compress ?? true });
  const { tsig, additionals, opt } = split(message);
  const limit = (options.maxSize ?? 0xffff) - (opt ? sizeOf(opt) : 0) - (tsig ? sizeOf(tsig) : 0);
  encodeHeader({ ...message, counts: [message.questions.length, 0, 0, 0] }, writer);
  for (const question of message.questions) {
    writer.name(question.name);
    writer.u16(question.type);
    writer.u16(question.class);
  }
  const answers = writeSection(writer, message.answers, limit);
  const full = answers < message.answers.length;
  const authorities = full ? 0 : writeSection(writer, message.authorities, limit);
  const truncated = full || authorities < message.authorities.length;
  const extra = truncated ? 0 : writeSection(writer, additionals, limit);
  const glueLost = !message.flags.aa && extra < additionals.length;
  for (const record of [opt, tsig]) if (record) writeRecord(writer, record);
  writer.patch16(6, answers);
  writer.patch16(8, authorities);
  writer.patch16(10, extra + (opt ? 1 : 0) + (tsig ? 1 : 0));
  const bytes = writer.finish();
  if (truncated || glueLost) bytes[2]! |= 0x02;
  return bytes;
}

/** What is written whatever the size, apart from the rest. */
function split(message: Message): {
  additionals: MessageRecord[];
  opt: MessageRecord | undefined;
  tsig: MessageRecord | undefined;
} {
  const last = message.additionals.at(-1);
  const tsig = last?.type === Type.TSIG ? last : undefined;
  const additionals = tsig ? message.additionals.slice(0, -1) : message.additionals;
  const opt = message.edns && {
    owner: Name.root,
    type: Type.OPT,
    ...encodeEdns(message.edns, message.rcode),
  };
  return { additionals, opt, tsig };
}

/** An upper bound: without compression. */
function sizeOf(record: MessageRecord): number {
  return record.owner.wire.length + FIXED_FIELDS + record.rdata.length;
}

/** Writes whole RRsets while they fit; returns how many records it wrote. */
function writeSection(writer: WireWriter, records: readonly MessageRecord[], limit: number): number {
  let written = 0;
  while (written < records.length) {
    const mark = writer.length;
    let end = written;
    do writeRecord(writer, records[end++]!);
    while (end < records.length && sameRRset(records[end]!, records[end - 1]!) && writer.length <= limit);
    if (writer.length > limit) {
      writer.rewind(mark);
      break;
    }
    written = end;
  }
  return written;
}

function sameRRset(a: MessageRecord, b: MessageRecord): boolean {
  return a.type === b.type && a.class === b.class && a.owner.equals(b.owner);
}

function writeRecord(writer: WireWriter, record: MessageRecord): void {
  const { owner, type, rdata } = record;
  writer.name(owner);
  writer.u16(type);
  writer.u16(record.class);
  writer.u32(record.ttl);
  const entry = rdataType(type);
  if (!entry?.compressible || rdata.length === 0 || !hasKnownRdata(type, record.class)) {
    writer.u16(rdata.length);
    writer.bytes(rdata);
  } else writer.lengthPrefixed(() => entry.encode(fromWire(entry, rdata), writer));
}
