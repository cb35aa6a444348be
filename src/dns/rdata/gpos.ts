import type { RdataType } from './rdata-type.ts';
import { quoteText } from './tokens.ts';

/**
 * Location before there was LOC: decimal numbers as text. Like BIND we take any text, as zones have more than the numbers.
 * https://www.rfc-editor.org/rfc/rfc1712#section-3
 */
export interface Gpos {
  /** Degrees, at most 255 octets, as all three. */
  longitude: Uint8Array;
  /** Degrees. */
  latitude: Uint8Array;
  /** Metres. */
  altitude: Uint8Array;
}

export const gpos: RdataType<Gpos> = {
  type: 27,
  name: 'GPOS',
  decode: (reader) => ({
    longitude: reader.string(),
    latitude: reader.string(),
    altitude: reader.string(),
  }),
  encode(value, writer) {
    writer.string(value.longitude);
    writer.string(value.latitude);
    writer.string(value.altitude);
  },
  parse: (tokens) => ({
    longitude: tokens.characterString('longitude'),
    latitude: tokens.characterString('latitude'),
    altitude: tokens.characterString('altitude'),
  }),
  print: (value) => [value.longitude, value.latitude, value.altitude].map(quoteText).join(' '),
};
