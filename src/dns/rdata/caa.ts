import { FormErr } from '../wire/form-error.ts';
import type { RdataType } from './rdata-type.ts';
import { quoteText } from './tokens.ts';

/** Which certification authorities may issue. https://www.rfc-editor.org/rfc/rfc8659#section-4.1 */
export interface Caa {
  /** 128 is "issuer critical". */
  flags: number;
  /** ASCII letters and digits, case kept; compared without it. */
  tag: string;
  value: Uint8Array;
}

const validTag = /^[a-z0-9]{1,255}$/i;

export const caa: RdataType<Caa> = {
  type: 257,
  name: 'CAA',
  decode(reader) {
    const flags = reader.u8();
    const tag = Buffer.from(reader.string()).toString('latin1');
    if (!validTag.test(tag)) throw new FormErr('CAA tag is not made of letters and digits');
    return { flags, tag, value: reader.rest() };
  },
  encode(value, writer) {
    writer.u8(value.flags);
    writer.string(Buffer.from(value.tag, 'latin1'));
    writer.bytes(value.value);
  },
  parse(tokens) {
    const flags = tokens.u8('flags');
    const tag = tokens.word('tag');
    if (!validTag.test(tag)) tokens.fail(`tag must be made of letters and digits, not "${tag}"`);
    return { flags, tag, value: tokens.characterString('value', 0xffff - 2 - tag.length) };
  },
  print: (value) => `${value.flags} ${value.tag} ${quoteText(value.value)}`,
};
