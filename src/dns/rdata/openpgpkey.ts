import { printBase64 } from './octets.ts';
import type { RdataType } from './rdata-type.ts';

/** OpenPGP public key of a mailbox. https://www.rfc-editor.org/rfc/rfc7929#section-2 */
export interface Openpgpkey {
  publicKey: Uint8Array;
}

export const openpgpkey: RdataType<Openpgpkey> = {
  type: 61,
  name: 'OPENPGPKEY',
  decode: (reader) => ({ publicKey: reader.restNotEmpty('public key') }),
  encode: (value, writer) => writer.bytes(value.publicKey),
  parse: (tokens) => ({ publicKey: tokens.base64('public key') }),
  print: (value) => printBase64(value.publicKey),
};
