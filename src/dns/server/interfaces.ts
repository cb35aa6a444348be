import type { NetworkInterfaceInfo } from 'node:os';
import { addressKey, type SocketAddress } from './transport.ts';

/**
 * The addresses to bind for those asked for: `0.0.0.0` and `::` stand for every address of the machine. A socket bound to a
 * wildcard answers from the address that the route prefers, which on a host with more than one is not always the one that
 * was asked. Link-local IPv6 addresses are left out: they mean nothing without their interface.
 */
export function expandAddresses(
  requested: readonly SocketAddress[],
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
): SocketAddress[] {
  const local = Object.values(interfaces).flatMap((list) => list ?? []);
  const found = new Map<string, SocketAddress>();
  for (const { address, port } of requested) {
    const family = address === '0.0.0.0' ? 'IPv4' : address === '::' ? 'IPv6' : undefined;
    const expanded = family
      ? local
          .filter((info) => info.family === family && !isLinkLocal(info.address))
          .map((info) => info.address)
      : [address];
    for (const each of expanded) {
      const bound = { address: each, port };
      found.set(addressKey(bound), bound);
    }
  }
  return [...found.values()];
}

/** fe80::/10 (RFC 4291 §2.5.6). */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}
