import { Name } from '../wire/name.ts';
import { FormErr } from '../wire/form-error.ts';
import { WireReader } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';
import { isMetaType, typeName } from '../type-codes.ts';
import { a } from './a.ts';
import { a6 } from './a6.ts';
import { aaaa } from './aaaa.ts';
import { amtrelay } from './amtrelay.ts';
import { apl } from './apl.ts';
import { atma } from './atma.ts';
import { caa } from './caa.ts';
import { cdnskey } from './cdnskey.ts';
import { cds } from './cds.ts';
import { cert } from './cert.ts';
import { cname } from './cname.ts';
import { csync } from './csync.ts';
import { dlv } from './dlv.ts';
import { dname } from './dname.ts';
import { dnskey } from './dnskey.ts';
import { doa } from './doa.ts';
import { ds } from './ds.ts';
import { dsync } from './dsync.ts';
import { eui48, eui64 } from './eui.ts';
import { genericOnlyTypes } from './generic-only.ts';
import { gpos } from './gpos.ts';
import { hinfo } from './hinfo.ts';
import { hip } from './hip.ts';
import { https } from './https.ts';
import { l32, l64, lp, nid } from './ilnp.ts';
import { ipseckey } from './ipseckey.ts';
import { isdn } from './isdn.ts';
import { key } from './key.ts';
import { legacyTypes } from './legacy.ts';
import { loc } from './loc.ts';
import { mx } from './mx.ts';
import { naptr } from './naptr.ts';
import { ns } from './ns.ts';
import { nsap } from './nsap.ts';
import { nsapPtr } from './nsap-ptr.ts';
import { nsec } from './nsec.ts';
import { nsec3 } from './nsec3.ts';
import { nsec3param } from './nsec3param.ts';
import { nxt } from './nxt.ts';
import { octetsOnlyTypes } from './octets-only.ts';
import { openpgpkey } from './openpgpkey.ts';
import { opt } from './opt.ts';
import { ptr } from './ptr.ts';
import type { RdataType } from './rdata-type.ts';
import { rkey } from './rkey.ts';
import { rp } from './rp.ts';
import { rrsig } from './rrsig.ts';
import { sig } from './sig.ts';
import { sink } from './sink.ts';
import { smimea } from './smimea.ts';
import { soa } from './soa.ts';
import { srv } from './srv.ts';
import { sshfp } from './sshfp.ts';
import { svcb } from './svcb.ts';
import { ta } from './ta.ts';
import { talink } from './talink.ts';
import { textOnlyTypes } from './text-only.ts';
import { tlsa } from './tlsa.ts';
import { RdataError, RdataTokens, type Token } from './tokens.ts';
import { tsig } from './tsig.ts';
import { txt } from './txt.ts';
import { noTextForm, parseUnknown, printUnknown } from './unknown.ts';
import { uri } from './uri.ts';
import { wks } from './wks.ts';
import { x25 } from './x25.ts';
import { zonemd } from './zonemd.ts';

export { typeCode, typeName } from '../type-codes.ts';

/** Every type with a file of its own. All others are RFC 3597 unknowns and just as welcome. */
const all: readonly RdataType<unknown>[] = [
  a,
  a6,
  aaaa,
  amtrelay,
  apl,
  atma,
  caa,
  cdnskey,
  cds,
  cert,
  cname,
  csync,
  dlv,
  dname,
  dnskey,
  doa,
  ds,
  dsync,
  eui48,
  eui64,
  gpos,
  hinfo,
  hip,
  https,
  ipseckey,
  isdn,
  key,
  l32,
  l64,
  loc,
  lp,
  mx,
  naptr,
  nid,
  ns,
  nsap,
  nsapPtr,
  nsec,
  nsec3,
  nsec3param,
  nxt,
  openpgpkey,
  opt,
  ptr,
  rkey,
  rp,
  rrsig,
  sig,
  sink,
  smimea,
  soa,
  srv,
  sshfp,
  svcb,
  ta,
  talink,
  tlsa,
  tsig,
  txt,
  uri,
  wks,
  x25,
  zonemd,
  ...genericOnlyTypes,
  ...legacyTypes,
  ...octetsOnlyTypes,
  ...textOnlyTypes,
];

const byCode = new Map(all.map((entry) => [entry.type, entry]));

/** The rdata type object of a code, if it has a file here. */
export function rdataType(type: number): RdataType<unknown> | undefined {
  return byCode.get(type);
}

/** The wire form of a typed value. */
export function toWire<T>(entry: RdataType<T>, value: T): Uint8Array {
  const writer = new WireWriter({ size: 64 });
  entry.encode(value, writer);
  return writer.finish();
}

/** The typed value of uncompressed rdata. @throws FormErr */
export function fromWire<T>(entry: RdataType<T>, rdata: Uint8Array): T {
  const reader = new WireReader(rdata, 0, rdata.length, false);
  const value = entry.decode(reader);
  if (reader.remaining > 0) throw new FormErr(`${entry.name} rdata is longer than its content`);
  return value;
}

/**
 * Reads `length` octets of rdata in a message and undoes its compression. @throws FormErr
 */
export function decompressRdata(reader: WireReader, type: number, length: number): Uint8Array {
  const entry = byCode.get(type);
  if (!entry) return reader.take(length);
  const start = reader.offset;
  const body = reader.slice(length);
  const value = entry.decode(body);
  if (body.remaining > 0) throw new FormErr(`${entry.name} rdata is longer than its content`);
  if (entry.compressible) return toWire(entry, value);
  return new Uint8Array(reader.bytes.subarray(start, reader.offset));
}

/** Presentation form (known or `\# …`) to wire form. @throws RdataError */
export function parseRdata(type: number, tokens: RdataTokens): Uint8Array {
  const entry = byCode.get(type);
  if (isMetaType(type)) tokens.fail(`${typeName(type)} is for messages only; no zone has such a record`);
  const first = tokens.peek();
  if (first?.text === '\\#' && !first.quoted) {
    const rdata = parseUnknown(tokens);
    if (entry) checkKnown(entry, rdata, tokens);
    return rdata;
  }
  if (!entry) noTextForm(tokens, typeName(type));
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
