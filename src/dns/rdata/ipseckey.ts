import { FormErr } from '../wire/form-error.ts';
import {
  decodeGateway,
  encodeGateway,
  gatewayType,
  MAX_GATEWAY_TYPE,
  parseGateway,
  printGateway,
  type Gateway,
} from './gateway.ts';
import { printBase64 } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** Key for IPsec. https://www.rfc-editor.org/rfc/rfc4025#section-2 */
export interface Ipseckey {
  /** The lowest is tried first. */
  precedence: number;
  gateway: Gateway;
  /** 1 DSA, 2 RSA, 3 ECDSA, 4 EdDSA. */
  algorithm: number;
  /** RFC 4025 §2.4 knows records without a key, but BIND refuses every zone that has one. */
  publicKey: Uint8Array;
}

export const ipseckey: RdataType<Ipseckey> = {
  type: 45,
  name: 'IPSECKEY',
  decode(reader) {
    const precedence = reader.u8();
    const type = reader.u8();
    if (type > MAX_GATEWAY_TYPE) throw new FormErr('IPSECKEY gateway is of a type that is not assigned');
    const algorithm = reader.u8();
    const gateway = decodeGateway(reader, type);
    return { precedence, gateway, algorithm, publicKey: reader.restNotEmpty('public key') };
  },
  encode(value, writer) {
    writer.u8(value.precedence);
    writer.u8(gatewayType(value.gateway));
    writer.u8(value.algorithm);
    encodeGateway(value.gateway, writer);
    writer.bytes(value.publicKey);
  },
  parse(tokens: RdataTokens) {
    const precedence = tokens.u8('precedence');
    const type = tokens.integer('gateway type', MAX_GATEWAY_TYPE);
    const algorithm = tokens.u8('algorithm');
    const gateway = parseGateway(tokens, type, 'gateway');
    return { precedence, gateway, algorithm, publicKey: tokens.base64('public key') };
  },
  print: (value) =>
    `${value.precedence} ${gatewayType(value.gateway)} ${value.algorithm} ${printGateway(value.gateway)} ` +
    printBase64(value.publicKey),
};
