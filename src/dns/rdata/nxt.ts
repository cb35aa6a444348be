import { typeName } from '../type-codes.ts';
import { FormErr } from '../wire/form-error.ts';
import type { Name } from '../wire/name.ts';
import { octetsOfBits, setBits } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';
import { parseTypeOrNumber } from './type-bitmap.ts';

/** Next owner of the zone and the types here, before there was NSEC. https://www.rfc-editor.org/rfc/rfc2535#section-5.2 */
export interface Nxt {
  next: Name;
  /** From 1 to 127, in ascending order. */
  types: number[];
}

const MAX_TYPE = 127;

/** Decompressed on input, never compressed on output (RFC 3597 §4). */
export const nxt: RdataType<Nxt> = {
  type: 30,
  name: 'NXT',
  compressible: true,
  decode: (reader) => ({ next: reader.name(), types: typesOf(reader.rest()) }),
  encode(value, writer) {
    writer.name(value.next, false);
    writer.bytes(octetsOfBits(value.types));
  },
  parse(tokens: RdataTokens) {
    const next = tokens.domainName('next name');
    const types = new Set<number>();
    while (!tokens.done) types.add(parseCovered(tokens));
    return { next, types: [...types].sort((a, b) => a - b) };
  },
  print: (value) => [value.next.toString(), ...value.types.map(typeName)].join(' '),
  canonical: (value) => ({ ...value, next: value.next.canonical() }),
};

function parseCovered(tokens: RdataTokens): number {
  const type = parseTypeOrNumber(tokens, 'type');
  if (type < 1 || type > MAX_TYPE) tokens.fail(`type must be one from 1 to ${MAX_TYPE}`);
  return type;
}

/** Bit n stands for type n. @throws FormErr */
function typesOf(bitmap: Uint8Array): number[] {
  const types = setBits(bitmap);
  // RFC 2535 §5.2: bit 0 would say that the bitmap has another format, which nobody defined.
  if (types[0] === 0 || bitmap.length > 16) throw new FormErr('NXT bitmap is for other types than 1 to 127');
  if (bitmap.at(-1) === 0) throw new FormErr('NXT bitmap ends in a zero octet');
  return types;
}
