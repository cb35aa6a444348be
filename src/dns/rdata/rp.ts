import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';

/** Responsible person. https://www.rfc-editor.org/rfc/rfc1183#section-2.2 */
export interface Rp {
  /** The mailbox, its `@` written as a dot; the root for none. */
  mailbox: Name;
  /** Where TXT records about the person are; the root for none. */
  text: Name;
}

/** Decompressed on input, never compressed on output (RFC 3597 §4). */
export const rp: RdataType<Rp> = {
  type: 17,
  name: 'RP',
  compressible: true,
  decode: (reader) => ({ mailbox: reader.name(), text: reader.name() }),
  encode(value, writer) {
    writer.name(value.mailbox, false);
    writer.name(value.text, false);
  },
  parse: (tokens) => ({ mailbox: tokens.domainName('mailbox'), text: tokens.domainName('text name') }),
  print: (value) => `${value.mailbox.toString()} ${value.text.toString()}`,
  canonical: (value) => ({ mailbox: value.mailbox.canonical(), text: value.text.canonical() }),
};
