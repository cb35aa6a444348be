import type { RdataType } from './rdata-type.ts';
import { quoteText } from './tokens.ts';
import { FormErr } from '../wire/form-error.ts';

/** Text. https://www.rfc-editor.org/rfc/rfc1035#section-3.3.14 */
export interface Txt {
  /** At least one; at most 255 octets each. */
  strings: Uint8Array[];
}

/** TXT, and the types of `text-only.ts`, which have the same form. */
export function txtForm(type: number, name: string): RdataType<Txt> {
  return {
    type,
    name,
    decode(reader) {
      const strings: Uint8Array[] = [];
      while (reader.remaining > 0) strings.push(reader.string());
      if (strings.length === 0) throw new FormErr(`${name} rdata is empty`);
      return { strings };
    },
    encode(value, writer) {
      for (const string of value.strings) writer.string(string);
    },
    parse(tokens) {
      const strings: Uint8Array[] = [];
      do strings.push(tokens.characterString('text'));
      while (!tokens.done);
      return { strings };
    },
    print: (value) => value.strings.map(quoteText).join(' '),
  };
}

export const txt: RdataType<Txt> = txtForm(16, 'TXT');
