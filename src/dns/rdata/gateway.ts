import type { WireReader } from '../wire/reader.ts';
import type { Name } from '../wire/name.ts';
import type { WireWriter } from '../wire/writer.ts';
import { parseIpv4, printIpv4 } from './ipv4.ts';
import { parseIpv6, printIpv6 } from './ipv6.ts';
import type { RdataTokens } from './tokens.ts';

/** A gateway or relay as IPSECKEY (RFC 4025 §2.5) and AMTRELAY (RFC 8777 §4.2) have it: none, an IPv4 or IPv6 address, or a name. */
export type Gateway = undefined | { ipv4: string } | { ipv6: string } | { name: Name };

/** Types of gateway above this are not assigned. */
export const MAX_GATEWAY_TYPE = 3;

export function gatewayType(gateway: Gateway): number {
  if (!gateway) return 0;
  if ('ipv4' in gateway) return 1;
  return 'ipv6' in gateway ? 2 : 3;
}

/** `type` is at most `MAX_GATEWAY_TYPE`. The name is never compressed. @throws FormErr */
export function decodeGateway(reader: WireReader, type: number): Gateway {
  switch (type) {
    case 0:
      return undefined;
    case 1:
      return { ipv4: printIpv4(reader.take(4)) };
    case 2:
      return { ipv6: printIpv6(reader.take(16)) };
    default:
      return { name: reader.name(false) };
  }
}

export function encodeGateway(gateway: Gateway, writer: WireWriter): void {
  if (!gateway) return;
  if ('ipv4' in gateway) writer.bytes(parseIpv4(gateway.ipv4)!);
  else if ('ipv6' in gateway) writer.bytes(parseIpv6(gateway.ipv6)!);
  else writer.name(gateway.name, false);
}

/** `type` is at most `MAX_GATEWAY_TYPE`. @throws RdataError */
export function parseGateway(tokens: RdataTokens, type: number, what: string): Gateway {
  switch (type) {
    case 0:
      if (tokens.word(what) !== '.') tokens.fail(`${what} must be "." for none, as its type is 0`);
      return undefined;
    case 1:
      return { ipv4: printIpv4(tokens.ipv4(what)) };
    case 2:
      return { ipv6: printIpv6(tokens.ipv6(what)) };
    default:
      return { name: tokens.domainName(what) };
  }
}

export function printGateway(gateway: Gateway): string {
  if (!gateway) return '.';
  if ('ipv4' in gateway) return gateway.ipv4;
  return 'ipv6' in gateway ? gateway.ipv6 : gateway.name.toString();
}
