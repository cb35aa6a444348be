import { fromWire, rdataFromText, toWire } from '../../dns/rdata/registry.ts';
import { RdataError, unescapeText } from '../../dns/rdata/tokens.ts';
import { txt } from '../../dns/rdata/txt.ts';
import { Type } from '../../dns/type-codes.ts';
import { textRdata } from '../text.ts';

const QUOTED = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/gsy;

/**
 * TXT rdata as people paste it: in quotes (zone-file form), bare (`v=spf1 mx -all`, taken as one text), in the parentheses of a
 * generated key file, over several lines, or with strings above 255 octets, which are split (RFC 7208 §3.3: readers join them).
 * @throws RdataError
 */
export function textFromValue(value: string): Uint8Array {
  const text = withoutParentheses(value.trim());
  if (/^\\#(\s|$)/.test(text)) return rdataFromText(Type.TXT, text);
  if (!text.startsWith('"')) return textRdata(unescape(text.replace(/[\r\n]\s*/g, ' ')));
  const strings = quotedStrings(text).flatMap((octets) => fromWire(txt, textRdata(octets)).strings);
  return toWire(txt, { strings });
}

function withoutParentheses(text: string): string {
  return /^\(([^]*)\)$/.exec(text)?.[1]!.trim() ?? text;
}

function quotedStrings(text: string): Uint8Array[] {
  const strings: Uint8Array[] = [];
  QUOTED.lastIndex = 0;
  while (QUOTED.lastIndex < text.length) {
    const match = QUOTED.exec(text);
    if (!match)
      throw new RdataError('a quote is left open; close it, or leave the quotes out', strings.length);
    strings.push(unescape(match[1] ?? match[2]!));
  }
  return strings;
}

function unescape(text: string): Uint8Array {
  const octets = unescapeText(text);
  if (!octets) throw new RdataError('a backslash must stand before a character or three digits (\\DDD)', 0);
  return octets;
}
