import { parseIpv4 } from '../dns/rdata/ipv4.ts';
import { parseIpv6 } from '../dns/rdata/ipv6.ts';
import { type ClientAddress, setClientOctets } from '../dns/server/client-address.ts';
import type { SocketAddress } from '../dns/server/transport.ts';

/** Linux, socket(7). */
export const AF_INET = 2;
export const AF_INET6 = 10;

/** struct sockaddr_in (ip(7)) and sockaddr_in6 (ipv6(7)): family, then port and address in network order; behind that of IPv6 its scope. */
const PORT_AT = 2;
const V4 = { size: 16, at: 4 };
const V6 = { size: 28, at: 8, scopeAt: 24 };
/** Room for either. */
export const SOCKET_ADDRESS_OCTETS = V6.size;

/** @throws Error for what is no address */
export function encodeSocketAddress({ address, port }: SocketAddress): {
  family: number;
  octets: Uint8Array;
} {
  const isV6 = address.includes(':');
  const ip = isV6 ? parseIpv6(address) : parseIpv4(address);
  if (!ip) throw Object.assign(new Error(`${address} is no address`), { code: 'EINVAL' });
  const octets = Buffer.alloc(isV6 ? V6.size : V4.size);
  putSocketAddress(octets, 0, ip, ip.length, port, 0);
  return { family: isV6 ? AF_INET6 : AF_INET, octets };
}

/** Writes the socket address of the first `size` (4 or 16) octets of an address; how long it is. `scope` is the index of an interface, or 0. */
export function putSocketAddress(
  into: Uint8Array,
  at: number,
  ip: Uint8Array,
  size: number,
  port: number,
  scope: number,
): number {
  const { size: length, at: ipAt } = size === 16 ? V6 : V4;
  into.fill(0, at, at + length);
  into[at] = size === 16 ? AF_INET6 : AF_INET;
  into[at + PORT_AT] = port >>> 8;
  into[at + PORT_AT + 1] = port;
  for (let i = 0; i < size; i++) into[at + ipAt + i] = ip[i]!;
  for (let i = 0; scope > 0; i++, scope >>>= 8) into[at + V6.scopeAt + i] = scope;
  return length;
}

export function portAt(octets: Uint8Array, at: number): number {
  return (octets[at + PORT_AT]! << 8) | octets[at + PORT_AT + 1]!;
}

export function readClient(client: ClientAddress, octets: Uint8Array, at: number): void {
  if (octets[at] === AF_INET6) setClientOctets(client, octets, at + V6.at, 16);
  else setClientOctets(client, octets, at + V4.at, 4);
}
