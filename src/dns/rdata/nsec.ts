import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';
import { decodeTypeBitmap, encodeTypeBitmap, parseTypeBitmap, printTypeBitmap } from './type-bitmap.ts';

/** Next owner of the zone and the types here. https://www.rfc-editor.org/rfc/rfc4034#section-4 */
export interface Nsec {
  next: Name;
  /** In ascending order. */
  types: number[];
}

/** No canonical form: RFC 6840 §5.1 keeps the case of the next name. */
export const nsec: RdataType<Nsec> = {
  type: 47,
  name: 'NSEC',
  decode: (reader) => ({ next: reader.name(false), types: decodeTypeBitmap(reader) }),
  encode(value, writer) {
    writer.name(value.next, false);
    encodeTypeBitmap(value.types, writer);
  },
  parse: (tokens) => ({ next: tokens.domainName('next name'), types: parseTypeBitmap(tokens) }),
  print: (value) => `${value.next.toString()}${printTypeBitmap(value.types)}`,
};
