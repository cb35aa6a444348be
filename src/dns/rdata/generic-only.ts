import type { RdataType } from './rdata-type.ts';
import { noTextForm, printUnknown } from './unknown.ts';

/** Rdata of any octets, and of none. */
export interface GenericOnly {
  octets: Uint8Array;
}

function genericOnly(type: number, name: string): RdataType<GenericOnly> {
  return {
    type,
    name,
    decode: (reader) => ({ octets: reader.rest() }),
    encode: (value, writer) => writer.bytes(value.octets),
    parse: (tokens) => noTextForm(tokens, name),
    print: (value) => printUnknown(value.octets),
  };
}

/** Types that have a mnemonic, but no text besides the generic one: RFC 1035 §3.3.10 (NULL), and four that no document describes. */
export const genericOnlyTypes: readonly RdataType<GenericOnly>[] = [
  genericOnly(10, 'NULL'),
  genericOnly(100, 'UINFO'),
  genericOnly(101, 'UID'),
  genericOnly(102, 'GID'),
  genericOnly(103, 'UNSPEC'),
];
