import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { Peer } from './env.ts';

/** Says whose X-Forwarded-For is believed: that of the given addresses and networks (`10.0.0.0/8`), and nobody else's. */
export function createProxyList(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = familyOf(address);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) > 0 && list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/**
 * The client's network address: the peer's, or when that is a trusted proxy the rightmost address of X-Forwarded-For that is
 * no proxy of ours. Everything left of it was written by the client and means nothing.
 */
export function clientAddress(
  peer: Peer,
  forwarded: string | undefined,
  isProxy: (address: string) => boolean,
): string | undefined {
  if (peer.kind === 'local') return undefined;
  let address = plainAddress(peer.address);
  const hops = (forwarded ?? '').split(',').map((hop) => plainAddress(hop.trim()));
  while (isProxy(address)) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

/** Without a zone index, and IPv4-mapped IPv6 (RFC 4291 §2.5.5.2) as IPv4. */
export function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : bare;
}
