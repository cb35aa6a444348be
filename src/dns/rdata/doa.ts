import { printBase64 } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import { quoteText, type RdataTokens } from './tokens.ts';

/** Digital object (draft-durand-doa-over-dns). */
export interface Doa {
  /** Private enterprise number of who defined the type; 0 for all. */
  enterprise: number;
  type: number;
  /** 1 here, 2 at a URI, 3 in another archive. */
  location: number;
  /** At most 255 octets. */
  mediaType: Uint8Array;
  /** May be empty. */
  data: Uint8Array;
}

export const doa: RdataType<Doa> = {
  type: 259,
  name: 'DOA',
  decode: (reader) => ({
    enterprise: reader.u32(),
    type: reader.u32(),
    location: reader.u8(),
    mediaType: reader.string(),
    data: reader.rest(),
  }),
  encode(value, writer) {
    writer.u32(value.enterprise);
    writer.u32(value.type);
    writer.u8(value.location);
    writer.string(value.mediaType);
    writer.bytes(value.data);
  },
  parse: (tokens: RdataTokens) => ({
    enterprise: tokens.u32('enterprise'),
    type: tokens.u32('type'),
    location: tokens.u8('location'),
    mediaType: tokens.characterString('media type'),
    data: parseData(tokens),
  }),
  print(value) {
    const fields = `${value.enterprise} ${value.type} ${value.location} ${quoteText(value.mediaType)}`;
    return `${fields} ${value.data.length === 0 ? '-' : printBase64(value.data)}`;
  },
};

function parseData(tokens: RdataTokens): Uint8Array {
  if (tokens.peek()?.text !== '-') return tokens.base64('data');
  tokens.word('data');
  return new Uint8Array(0);
}
