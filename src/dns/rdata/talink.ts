import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';

/** Link in a list of trust anchors (draft-wijngaards-dnsop-trust-history). */
export interface Talink {
  /** The root at the start of the list. */
  previous: Name;
  /** The root at the end of the list. */
  next: Name;
}

/** Neither compressed nor, as RFC 4034 §6.2 does not list the type, in lower case in the canonical form. */
export const talink: RdataType<Talink> = {
  type: 58,
  name: 'TALINK',
  decode: (reader) => ({ previous: reader.name(false), next: reader.name(false) }),
  encode(value, writer) {
    writer.name(value.previous, false);
    writer.name(value.next, false);
  },
  parse: (tokens) => ({
    previous: tokens.domainName('previous name'),
    next: tokens.domainName('next name'),
  }),
  print: (value) => `${value.previous.toString()} ${value.next.toString()}`,
};
