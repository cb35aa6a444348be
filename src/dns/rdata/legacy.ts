import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';

/**
 * Types that hardly anybody uses, but whose names RFC 4034 §6.2 lower-cases and RFC 3597 §4 decompresses: a server that did
 * not know them would sign them wrongly.
 */
export interface Legacy {
  /** The 16-bit number that comes first, where the type has one. */
  numbers: number[];
  names: Name[];
}

/** `numbers` and `names` say what each field is. Compressed on output only when RFC 1035 defines the type. */
function legacy(
  type: number,
  name: string,
  numbers: readonly string[],
  names: readonly string[],
  compress: boolean,
): RdataType<Legacy> {
  return {
    type,
    name,
    compressible: true,
    decode: (reader) => ({
      numbers: numbers.map(() => reader.u16()),
      names: names.map(() => reader.name()),
    }),
    encode(value, writer) {
      for (const number of value.numbers) writer.u16(number);
      for (const target of value.names) writer.name(target, compress);
    },
    parse: (tokens) => ({
      numbers: numbers.map((what) => tokens.u16(what)),
      names: names.map((what) => tokens.domainName(what)),
    }),
    print: (value) => [...value.numbers, ...value.names].map(String).join(' '),
    canonical: (value) => ({ ...value, names: value.names.map((target) => target.canonical()) }),
  };
}

/** RFC 1035 §3.3 (MD to MINFO), RFC 1183 §1 and §3.3 (AFSDB, RT), RFC 2163 §4 (PX), RFC 2230 §3.1 (KX). */
export const legacyTypes: readonly RdataType<Legacy>[] = [
  legacy(3, 'MD', [], ['mail host'], true),
  legacy(4, 'MF', [], ['mail host'], true),
  legacy(7, 'MB', [], ['mail host'], true),
  legacy(8, 'MG', [], ['mailbox'], true),
  legacy(9, 'MR', [], ['mailbox'], true),
  legacy(14, 'MINFO', [], ['mailbox', 'error mailbox'], true),
  legacy(18, 'AFSDB', ['subtype'], ['server'], false),
  legacy(21, 'RT', ['preference'], ['intermediate host'], false),
  legacy(26, 'PX', ['preference'], ['RFC 822 domain', 'X.400 domain'], false),
  legacy(36, 'KX', ['preference'], ['exchanger'], false),
];
