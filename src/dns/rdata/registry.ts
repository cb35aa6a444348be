import { Name } from '../wire/name.ts';
import { FormErr } from '../wire/form-error.ts';
import { WireReader } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';
import { mx } from './mx.ts';
import type { RdataType } from './rdata-type.ts';
import { RdataError, RdataTokens, type Token } from './tokens.ts';
import { parseUnknown, printUnknown } from './unknown.ts';

/** Every type with a file of its own. All others are RFC 3597 unknowns and just as welcome. */
const all: readonly RdataType<unknown>[] = [mx];

const byCode = new Map(all.map((entry) => [entry.type, entry]));
const byName = new Map(all.map((entry) => [entry.name, entry.type]));

/** The rdata type object of a code, if it has a file here. */
export function rdataType(type: number): RdataType<unknown> | undefined {
  return byCode.get(type);
}

/** `MX` or `TYPE15` to 15; undefined for a word that is no type. */
export function typeCode(name: string): number | undefined {
  const upper = name.toUpperCase();
  const code = byName.get(upper);
  if (code !== undefined) return code;
  const unknown = /^TYPE(\d{1,5})$/.exec(upper);
  return unknown && Number(unknown[1]) <= 0xffff ? Number(unknown[1]) : undefined;
}

/** 15 to `MX`, 65280 to `TYPE65280` (RFC 3597 §5). */
export function typeName(type: number): string {
  return byCode.get(type)?.name ?? `TYPE${type}`;
}

/** The wire form of a typed value. */
export function toWire<T>(entry: RdataType<T>, value: T): Uint8Array {
  const writer = new WireWriter({ size: 64 });
  entry.encode(value, writer);
  return writer.finish();
}

/** The typed value of uncompressed rdata. @throws FormErr */
export function fromWire<T>(entry: RdataType<T>, rdata: Uint8Array): T {
  const reader = new WireReader(rdata);
  const value = entry.decode(reader);
  if (reader.remaining > 0) throw new FormErr(`${entry.name} rdata is longer than its content`);
  return value;
}

/**
 * Reads `length` octets of rdata in a message and undoes its compression. @throws FormErr
 */
export function decompressRdata(reader: WireReader, type: number, length: number): Uint8Array {
  const entry = byCode.get(type);
  const body = reader.slice(length);
  if (!entry) return body.rest();
  const value = entry.decode(body);
  if (body.remaining > 0) throw new FormErr(`${entry.name} rdata is longer than its content`);
  return toWire(entry, value);
}

/** Presentation form (known or `\# …`) to wire form. @throws RdataError */
export function parseRdata(type: number, tokens: RdataTokens): Uint8Array {
  const entry = byCode.get(type);
  const first = tokens.peek();
  if (first?.text === '\\#' && !first.quoted) {
    const rdata = parseUnknown(tokens);
    if (entry) checkKnown(entry, rdata, tokens);
    return rdata;
  }
  if (!entry)
    tokens.fail(
      `${typeName(type)} has no text form of its own; write its rdata as \\# LENGTH HEX (RFC 3597)`,
    );
  const value = entry.parse(tokens);
  tokens.expectEnd();
  const rdata = toWire(entry, value);
  if (rdata.length > 0xffff) tokens.fail(`the rdata is ${rdata.length} octets long; 65535 is the limit`);
  return rdata;
}

/** RFC 3597 §5: the generic form of a known type must still be right for that type. */
function checkKnown(entry: RdataType<unknown>, rdata: Uint8Array, tokens: RdataTokens): void {
  try {
    fromWire(entry, rdata);
  } catch (error) {
    if (error instanceof FormErr) tokens.fail(`this is no ${entry.name} rdata: ${error.message}`);
    throw error;
  }
}

/** Wire form to presentation form; rdata that does not decode is printed in the generic form. */
export function printRdata(type: number, rdata: Uint8Array): string {
  const entry = byCode.get(type);
  if (!entry) return printUnknown(rdata);
  try {
    return entry.print(fromWire(entry, rdata));
  } catch (error) {
    if (error instanceof FormErr) return printUnknown(rdata);
    throw error;
  }
}

/** Canonical wire form (RFC 4034 §6.2, RFC 6840 §5.1): what signatures and digests cover. */
export function canonicalRdata(type: number, rdata: Uint8Array): Uint8Array {
  const entry = byCode.get(type);
  return entry?.canonical ? toWire(entry, entry.canonical(fromWire(entry, rdata))) : rdata;
}

/** Rdata of a text such as an API value: words and quoted strings in one line. @throws RdataError */
export function rdataFromText(type: number, text: string, origin: Name = Name.root): Uint8Array {
  return parseRdata(type, new RdataTokens(splitWords(text), origin));
}

/** Splits one line of rdata; quotes group, escapes stay for the type to undo. @throws RdataError on an open quote. */
function splitWords(text: string): Token[] {
  const tokens: Token[] = [];
  const word = /\s*(?:"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+))/gsy;
  while (word.lastIndex < text.length) {
    const start = word.lastIndex;
    const match = word.exec(text);
    if (!match) {
      if (text.slice(start).trim() === '') break;
      throw new RdataError('a quote or an escape is left open', tokens.length);
    }
    tokens.push(
      match[1] === undefined ? { text: match[2]!, quoted: false } : { text: match[1], quoted: true },
    );
  }
  return tokens;
}
