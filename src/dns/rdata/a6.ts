import { FormErr } from '../wire/form-error.ts';
import type { Name } from '../wire/name.ts';
import { parseIpv6, printIpv6 } from './ipv6.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** The end of an IPv6 address, and where its start is; given up for AAAA (RFC 6563). https://www.rfc-editor.org/rfc/rfc2874#section-3.1 */
export interface A6 {
  /** Bits that are not here, 0 to 128. */
  prefixLength: number;
  /** The text form of RFC 5952, the bits of the prefix 0; undefined when all 128 are elsewhere. */
  suffix: string | undefined;
  /** Where the prefix is; undefined when there is none. */
  prefix: Name | undefined;
}

const BITS = 128;

/** Never compressed (RFC 2874 §3.1.1), but in lower case in the canonical form (RFC 4034 §6.2). */
export const a6: RdataType<A6> = {
  type: 38,
  name: 'A6',
  decode(reader) {
    const prefixLength = reader.u8();
    if (prefixLength > BITS) throw new FormErr('A6 prefix is longer than 128 bits');
    const rest = prefixLength === BITS ? new Uint8Array(0) : reader.take(16 - octetsOf(prefixLength));
    // RFC 2874 §3.1: the pad bits MUST be zero.
    if (rest.length > 0 && rest[0]! > firstMask(prefixLength)) throw new FormErr('A6 pad bits are not zero');
    const address = new Uint8Array(16);
    address.set(rest, 16 - rest.length);
    return {
      prefixLength,
      suffix: prefixLength === BITS ? undefined : printIpv6(address),
      prefix: prefixLength === 0 ? undefined : reader.name(false),
    };
  },
  encode(value, writer) {
    writer.u8(value.prefixLength);
    if (value.suffix !== undefined)
      writer.bytes(parseIpv6(value.suffix)!.subarray(octetsOf(value.prefixLength)));
    if (value.prefix) writer.name(value.prefix, false);
  },
  parse(tokens: RdataTokens) {
    const prefixLength = tokens.integer('prefix length', BITS);
    const suffix = prefixLength === BITS ? undefined : parseSuffix(tokens, prefixLength);
    const prefix = prefixLength === 0 ? undefined : tokens.domainName('prefix name');
    return { prefixLength, suffix, prefix };
  },
  print: (value) =>
    [value.prefixLength, value.suffix, value.prefix].filter((field) => field !== undefined).join(' '),
  canonical: (value) => ({ ...value, prefix: value.prefix?.canonical() }),
};

/** Whole octets of the prefix, which are not written. */
function octetsOf(prefixLength: number): number {
  return prefixLength >> 3;
}

/** The bits of the first octet written that are not pad. */
function firstMask(prefixLength: number): number {
  return 0xff >> (prefixLength & 7);
}

/** Bits of the prefix may be written, but say nothing. */
function parseSuffix(tokens: RdataTokens, prefixLength: number): string {
  const address = tokens.ipv6('address suffix');
  const first = octetsOf(prefixLength);
  address.fill(0, 0, first);
  address[first]! &= firstMask(prefixLength);
  return printIpv6(address);
}
