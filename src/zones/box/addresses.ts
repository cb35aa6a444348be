import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Addresses that the world cannot reach (RFC 6890). */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  notPublic.addSubnet(network, prefix, 'ipv4');
}
/** Of IPv6 only 2000::/3 is global unicast. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** The public addresses of this machine's interfaces. */
export function detectAddresses(): { ipv4: string[]; ipv6: string[] } {
  const all = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
  return {
    ipv4: all.filter((address) => isIPv4(address) && !notPublic.check(address, 'ipv4')),
    ipv6: all.filter((address) => isIPv6(address) && globalUnicast.check(address, 'ipv6')),
  };
}
