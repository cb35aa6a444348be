import type { Name } from '../wire/name.ts';
import { parseIpv4, printIpv4 } from './ipv4.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** The types of the identifier-locator network protocol. https://www.rfc-editor.org/rfc/rfc6742#section-2 */

/** Node identifier, and locator of 64 bits. */
export interface Ilnp64 {
  /** The lowest is tried first. */
  preference: number;
  /** 8 octets. */
  value: Uint8Array;
}

/** Locator of 32 bits. */
export interface L32 {
  preference: number;
  /** Dotted quad. */
  locator: string;
}

/** Pointer to a name with L32 and L64 records. */
export interface Lp {
  preference: number;
  target: Name;
}

function ilnp64(type: number, name: string, what: string): RdataType<Ilnp64> {
  return {
    type,
    name,
    decode: (reader) => ({ preference: reader.u16(), value: reader.take(8) }),
    encode(value, writer) {
      writer.u16(value.preference);
      writer.bytes(value.value);
    },
    parse: (tokens) => ({ preference: tokens.u16('preference'), value: parseGroups(tokens, what) }),
    print: (value) => `${value.preference} ${printGroups(value.value)}`,
  };
}

export const nid: RdataType<Ilnp64> = ilnp64(104, 'NID', 'node identifier');
export const l64: RdataType<Ilnp64> = ilnp64(106, 'L64', 'locator');

export const l32: RdataType<L32> = {
  type: 105,
  name: 'L32',
  decode: (reader) => ({ preference: reader.u16(), locator: printIpv4(reader.take(4)) }),
  encode(value, writer) {
    writer.u16(value.preference);
    writer.bytes(parseIpv4(value.locator)!);
  },
  parse: (tokens) => ({
    preference: tokens.u16('preference'),
    locator: printIpv4(tokens.ipv4('locator')),
  }),
  print: (value) => `${value.preference} ${value.locator}`,
};

/** RFC 6742 §2.4: never compressed; as RFC 4034 §6.2 does not list the type, the target keeps its case. */
export const lp: RdataType<Lp> = {
  type: 107,
  name: 'LP',
  decode: (reader) => ({ preference: reader.u16(), target: reader.name(false) }),
  encode(value, writer) {
    writer.u16(value.preference);
    writer.name(value.target, false);
  },
  parse: (tokens) => ({ preference: tokens.u16('preference'), target: tokens.domainName('target') }),
  print: (value) => `${value.preference} ${value.target.toString()}`,
};

/** Four groups of four hexadecimal digits; leading zeros may be left out, but none of the groups. */
function parseGroups(tokens: RdataTokens, what: string): Uint8Array {
  const text = tokens.word(what);
  if (!/^[0-9a-f]{1,4}(:[0-9a-f]{1,4}){3}$/i.test(text))
    tokens.fail(
      `${what} must be four groups of hexadecimal digits such as 0014:4fff:ff20:ee64, not "${text}"`,
    );
  const groups = text.split(':').map((group) => parseInt(group, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function printGroups(octets: Uint8Array): string {
  return Buffer.from(octets)
    .toString('hex')
    .replace(/.{4}(?!$)/g, '$&:');
}
