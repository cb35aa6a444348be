import { printBase64 } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** Data of any kind (draft-eastlake-kitchen-sink). */
export interface Sink {
  meaning: number;
  coding: number;
  subcoding: number;
  /** May be empty. */
  data: Uint8Array;
}

export const sink: RdataType<Sink> = {
  type: 40,
  name: 'SINK',
  decode: (reader) => ({
    meaning: reader.u8(),
    coding: reader.u8(),
    subcoding: reader.u8(),
    data: reader.rest(),
  }),
  encode(value, writer) {
    writer.u8(value.meaning);
    writer.u8(value.coding);
    writer.u8(value.subcoding);
    writer.bytes(value.data);
  },
  parse: (tokens: RdataTokens) => ({
    meaning: tokens.u8('meaning'),
    coding: tokens.u8('coding'),
    subcoding: tokens.u8('subcoding'),
    data: tokens.done ? new Uint8Array(0) : tokens.base64('data'),
  }),
  print(value) {
    const fields = `${value.meaning} ${value.coding} ${value.subcoding}`;
    return value.data.length === 0 ? fields : `${fields} ${printBase64(value.data)}`;
  },
};
