import type { WireWriter } from '../wire/writer.ts';
import {
  decodeGateway,
  encodeGateway,
  gatewayType,
  MAX_GATEWAY_TYPE,
  parseGateway,
  printGateway,
  type Gateway,
} from './gateway.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';
import { printGeneric } from './unknown.ts';

/** Relay for automatic multicast tunnelling. https://www.rfc-editor.org/rfc/rfc8777#section-4 */
export interface Amtrelay {
  /** The lowest is tried first. */
  precedence: number;
  /** Whether a gateway must send a discovery message before its request. */
  discovery: boolean;
  relay: Gateway | UnassignedRelay;
}

/** A relay of a type above those known; it has no text but the generic one. */
export interface UnassignedRelay {
  type: number;
  octets: Uint8Array;
}

const DISCOVERY = 0x80;

export const amtrelay: RdataType<Amtrelay> = {
  type: 260,
  name: 'AMTRELAY',
  decode(reader) {
    const precedence = reader.u8();
    const octet = reader.u8();
    const type = octet & ~DISCOVERY;
    const relay = type > MAX_GATEWAY_TYPE ? { type, octets: reader.rest() } : decodeGateway(reader, type);
    return { precedence, discovery: (octet & DISCOVERY) !== 0, relay };
  },
  encode,
  parse(tokens: RdataTokens) {
    const precedence = tokens.u8('precedence');
    const discovery = tokens.integer('discovery optional', 1) === 1;
    const type = tokens.integer('relay type', MAX_GATEWAY_TYPE);
    return { precedence, discovery, relay: parseGateway(tokens, type, 'relay') };
  },
  print(value) {
    const { precedence, discovery, relay } = value;
    return isUnassigned(relay)
      ? printGeneric((writer) => encode(value, writer))
      : `${precedence} ${Number(discovery)} ${gatewayType(relay)} ${printGateway(relay)}`;
  },
};

function encode({ precedence, discovery, relay }: Amtrelay, writer: WireWriter): void {
  const type = isUnassigned(relay) ? relay.type : gatewayType(relay);
  writer.u8(precedence);
  writer.u8(type | (discovery ? DISCOVERY : 0));
  if (isUnassigned(relay)) writer.bytes(relay.octets);
  else encodeGateway(relay, writer);
}

function isUnassigned(relay: Amtrelay['relay']): relay is UnassignedRelay {
  return relay !== undefined && 'octets' in relay;
}
