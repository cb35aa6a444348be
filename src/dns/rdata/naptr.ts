import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';
import { quoteText, type RdataTokens } from './tokens.ts';

/** Naming authority pointer. https://www.rfc-editor.org/rfc/rfc3403#section-4.1 */
export interface Naptr {
  order: number;
  preference: number;
  /** Letters and digits. */
  flags: Uint8Array;
  services: Uint8Array;
  /** A substitution expression (RFC 3402 §3.2), or empty when there is a replacement. */
  regexp: Uint8Array;
  /** The root when there is a regexp. */
  replacement: Name;
}

/** Decompressed on input, never compressed on output (RFC 3597 §4). */
export const naptr: RdataType<Naptr> = {
  type: 35,
  name: 'NAPTR',
  compressible: true,
  decode: (reader) => ({
    order: reader.u16(),
    preference: reader.u16(),
    flags: reader.string(),
    services: reader.string(),
    regexp: reader.string(),
    replacement: reader.name(),
  }),
  encode(value, writer) {
    writer.u16(value.order);
    writer.u16(value.preference);
    writer.string(value.flags);
    writer.string(value.services);
    writer.string(value.regexp);
    writer.name(value.replacement, false);
  },
  parse(tokens: RdataTokens) {
    const order = tokens.u16('order');
    const preference = tokens.u16('preference');
    const flags = tokens.characterString('flags');
    if (!/^[a-z0-9]*$/i.test(latin1(flags))) tokens.fail('flags must be letters and digits');
    const services = tokens.characterString('services');
    const regexp = tokens.characterString('regexp');
    if (!isSubstitution(latin1(regexp)))
      tokens.fail('regexp must be empty or such as "!^.*$!sip:info@example.com!"');
    const replacement = tokens.domainName('replacement');
    // RFC 3403 §4.1: the two are mutually exclusive, and a record with both is in error.
    if (regexp.length > 0 && !replacement.isRoot)
      tokens.fail('there can be a regexp or a replacement, but not both; write "." for no replacement');
    return { order, preference, flags, services, regexp, replacement };
  },
  print: (value) =>
    `${value.order} ${value.preference} ${quoteText(value.flags)} ${quoteText(value.services)} ` +
    `${quoteText(value.regexp)} ${value.replacement.toString()}`,
  canonical: (value) => ({ ...value, replacement: value.replacement.canonical() }),
};

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** RFC 3402 §3.2: delimiter, expression, delimiter, replacement, delimiter, `i` or nothing. */
function isSubstitution(text: string): boolean {
  const delimiter = text[0];
  if (delimiter === undefined) return true;
  if (/[1-9i\\]/.test(delimiter)) return false;
  const parts = text.replace(/\\./gs, '').split(delimiter);
  return parts.length === 4 && /^i?$/.test(parts[3]!);
}
