import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { Peer } from './env.ts';

/** Says whose X-Forwarded-For is believed: loopback, where a reverse proxy on the box connects from, and the given addresses. */
export function createProxyList(addresses: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('::1', 'ipv6');
  for (const address of addresses) list.addAddress(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return (address) => isIP(address) > 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
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

/** What one client is taken to be when it is counted: an IPv4 address, or the /64 that an IPv6 host owns (RFC 6177). */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const missing = address.includes('::') ? 8 - left.length - tail.split(':').length : 0;
  const groups = [...left, ...Array<string>(Math.max(missing, 0)).fill('0'), ...tail.split(':')];
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group || '0', 16).toString(16));
  return `${prefix.join(':')}::/64`;
}

/** Without a zone index, and IPv4-mapped IPv6 (RFC 4291 §2.5.5.2) as IPv4. */
function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : bare;
}
