import type { RdataType } from './rdata-type.ts';
import { decodeTypeBitmap, encodeTypeBitmap, parseTypeBitmap, printTypeBitmap } from './type-bitmap.ts';

/** Which records the parent should copy from the child. https://www.rfc-editor.org/rfc/rfc7477#section-2.1 */
export interface Csync {
  serial: number;
  /** 1 immediate, 2 soaminimum. */
  flags: number;
  /** In ascending order. */
  types: number[];
}

export const csync: RdataType<Csync> = {
  type: 62,
  name: 'CSYNC',
  decode: (reader) => ({ serial: reader.u32(), flags: reader.u16(), types: decodeTypeBitmap(reader) }),
  encode(value, writer) {
    writer.u32(value.serial);
    writer.u16(value.flags);
    encodeTypeBitmap(value.types, writer);
  },
  parse: (tokens) => ({
    serial: tokens.u32('serial'),
    flags: tokens.u16('flags'),
    types: parseTypeBitmap(tokens),
  }),
  print: (value) => `${value.serial} ${value.flags}${printTypeBitmap(value.types)}`,
};
