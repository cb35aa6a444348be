import type { RdataType } from './rdata-type.ts';
import { quoteText, type RdataTokens } from './tokens.ts';

/** Where a service is, as URI. https://www.rfc-editor.org/rfc/rfc7553#section-4 */
export interface Uri {
  priority: number;
  weight: number;
  /** Not empty (RFC 7553 §4.4). */
  target: Uint8Array;
}

export const uri: RdataType<Uri> = {
  type: 256,
  name: 'URI',
  decode: (reader) => ({
    priority: reader.u16(),
    weight: reader.u16(),
    target: reader.restNotEmpty('target'),
  }),
  encode(value, writer) {
    writer.u16(value.priority);
    writer.u16(value.weight);
    writer.bytes(value.target);
  },
  parse(tokens: RdataTokens) {
    const priority = tokens.u16('priority');
    const weight = tokens.u16('weight');
    const target = tokens.characterString('target', 0xffff - 4);
    if (target.length === 0) tokens.fail('target must not be empty');
    return { priority, weight, target };
  },
  print: (value) => `${value.priority} ${value.weight} ${quoteText(value.target)}`,
};
