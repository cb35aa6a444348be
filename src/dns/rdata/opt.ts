import type { WireReader } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';
import { messageOnly, type RdataType } from './rdata-type.ts';
import { printGeneric } from './unknown.ts';

export interface EdnsOption {
  code: number;
  data: Uint8Array;
}

/** The rdata of EDNS's pseudo-record. https://www.rfc-editor.org/rfc/rfc6891#section-6.1.2 */
export interface Opt {
  options: EdnsOption[];
}

function decode(reader: WireReader): Opt {
  const options: EdnsOption[] = [];
  while (reader.remaining > 0) options.push({ code: reader.u16(), data: reader.take(reader.u16()) });
  return { options };
}

function encode(value: Opt, writer: WireWriter): void {
  for (const option of value.options) {
    writer.u16(option.code);
    writer.u16(option.data.length);
    writer.bytes(option.data);
  }
}

/** Its only text is the generic one of RFC 3597. */
export const opt: RdataType<Opt> = {
  type: 41,
  name: 'OPT',
  decode,
  encode,
  parse: messageOnly,
  print: (value) => printGeneric((writer) => encode(value, writer)),
};
