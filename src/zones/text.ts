import { fromWire, toWire } from '../dns/rdata/registry.ts';
import { txt } from '../dns/rdata/txt.ts';
import { Type } from '../dns/type-codes.ts';
import type { Name } from '../dns/wire/name.ts';
import { below, type Derived } from './derive/rule.ts';

const MAX_STRING = 255;

/** Octets as a TXT RRset's rdata: as many character-strings of at most 255 octets as it takes (RFC 1035 §3.3.14). */
export function textRdata(text: string | Uint8Array): Uint8Array {
  const octets = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  const strings: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < octets.length; at += MAX_STRING)
    strings.push(octets.subarray(at, at + MAX_STRING));
  return toWire(txt, { strings });
}

/** The strings of a TXT record put together, as SPF, DKIM and DMARC read them (RFC 7208 §3.3). */
export function joinedText(rdata: Uint8Array): string {
  return Buffer.concat(fromWire(txt, rdata).strings).toString('utf8');
}

/**
 * What a TXT record is for: its first tag when that is `v=…` (RFC 6376 §3.6.1 and all who copied it), or `path=` (RFC 6764 §4).
 * Two records of one kind at one owner are a mistake; records without a kind never concern each other.
 */
export function textKind(rdata: Uint8Array): string | undefined {
  const text = joinedText(rdata);
  const version = /^\s*v\s*=\s*([^\s;]+)/i.exec(text);
  if (version) return `v=${version[1]!.toLowerCase()}`;
  return /^path=/i.test(text) ? 'path=' : undefined;
}

export function derivedText(owner: Name, text: string): Derived {
  return { owner, type: Type.TXT, rdata: textRdata(text) };
}

/** A TXT record below a name, or none when the owner would be too long. */
export function derivedTextBelow(labels: string, name: Name, text: string): Derived[] {
  const owner = below(labels, name);
  return owner ? [derivedText(owner, text)] : [];
}
