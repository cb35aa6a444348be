import { FormErr } from '../wire/form-error.ts';
import type { WireReader } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';
import { parseIpv4, printIpv4 } from './ipv4.ts';
import { parseIpv6, printIpv6 } from './ipv6.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';
import { printGeneric } from './unknown.ts';

/** List of address prefixes. https://www.rfc-editor.org/rfc/rfc3123#section-4 */
export interface Apl {
  /** May be empty. */
  items: AplItem[];
}

export interface AplItem {
  /** 1 IPv4, 2 IPv6; others have no text but the generic one. */
  family: number;
  /** Bits. */
  prefix: number;
  negated: boolean;
  /** The address without trailing zero octets. */
  address: Uint8Array;
}

interface Family {
  octets: number;
  example: string;
  parse(text: string): Uint8Array | undefined;
  print(octets: Uint8Array): string;
}

const families: ReadonlyMap<number, Family> = new Map([
  [1, { octets: 4, example: '1:192.0.2.0/24', parse: parseIpv4, print: printIpv4 }],
  [2, { octets: 16, example: '2:2001:db8::/32', parse: parseIpv6, print: printIpv6 }],
]);

const NEGATED = 0x80;

export const apl: RdataType<Apl> = {
  type: 42,
  name: 'APL',
  decode(reader) {
    const items: AplItem[] = [];
    while (reader.remaining > 0) items.push(decodeItem(reader));
    return { items };
  },
  encode,
  parse(tokens: RdataTokens) {
    const items: AplItem[] = [];
    while (!tokens.done) items.push(parseItem(tokens));
    return { items };
  },
  print(value) {
    const texts = value.items.map(printItem);
    // An empty list would be no text at all, which not every reader takes.
    return texts.length === 0 || texts.includes(undefined)
      ? printGeneric((writer) => encode(value, writer))
      : texts.join(' ');
  },
};

function decodeItem(reader: WireReader): AplItem {
  const family = reader.u16();
  const prefix = reader.u8();
  const length = reader.u8();
  const address = reader.take(length & ~NEGATED);
  const { octets = Infinity } = families.get(family) ?? {};
  if (prefix > octets * 8 || address.length > octets)
    throw new FormErr('APL prefix is longer than an address');
  // RFC 3123 §4: trailing zero octets MUST NOT be there.
  if (address.at(-1) === 0) throw new FormErr('APL address ends in a zero octet');
  return { family, prefix, negated: (length & NEGATED) !== 0, address };
}

function encode(value: Apl, writer: WireWriter): void {
  for (const { family, prefix, negated, address } of value.items) {
    writer.u16(family);
    writer.u8(prefix);
    writer.u8(address.length | (negated ? NEGATED : 0));
    writer.bytes(address);
  }
}

function parseItem(tokens: RdataTokens): AplItem {
  const text = tokens.word('prefix');
  const [, not, number, written, bits] = /^(!?)(\d{1,5}):([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = families.get(Number(number));
  if (!family)
    tokens.fail(`prefix must be such as 1:192.0.2.0/24, or 2:2001:db8::/32 for IPv6, not "${text}"`);
  const octets = family.parse(written!);
  if (!octets || Number(bits) > family.octets * 8)
    tokens.fail(`prefix must be such as ${family.example}, not "${text}"`);
  const length = octets.findLastIndex((octet) => octet !== 0) + 1;
  return {
    family: Number(number),
    prefix: Number(bits),
    negated: not === '!',
    address: octets.slice(0, length),
  };
}

function printItem({ family, prefix, negated, address }: AplItem): string | undefined {
  const known = families.get(family);
  if (!known) return undefined;
  const octets = new Uint8Array(known.octets);
  octets.set(address);
  return `${negated ? '!' : ''}${family}:${known.print(octets)}/${prefix}`;
}
