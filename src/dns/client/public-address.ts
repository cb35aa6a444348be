import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { printIpv4 } from '../rdata/ipv4.ts';
import { parseIpv6 } from '../rdata/ipv6.ts';

type Subnet = readonly [network: string, prefix: number];

/*
 * The special-purpose address registries of IANA (RFC 6890), as of 2026: what is not globally reachable, with multicast and what is
 * reserved. https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry
 */
const notPublicIPv4: readonly Subnet[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared: behind a provider's NAT
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, such as a cloud's metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // IETF protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays, deprecated
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 3], // multicast, reserved, broadcast
];
/** PCP and TURN anycast, within the protocol assignments. */
const publicIPv4: readonly Subnet[] = [
  ['192.0.0.9', 32],
  ['192.0.0.10', 32],
];
/** Of IPv6 only this is global unicast (RFC 4291 §2.4); what is special lies beside it, but for the networks below. */
const globalIPv6: readonly Subnet[] = [['2000::', 3]];
const notPublicIPv6: readonly Subnet[] = [
  ['2001::', 23], // IETF protocol assignments
  ['2001:db8::', 32], // documentation
  ['3fff::', 20], // documentation
];
const publicIPv6: readonly Subnet[] = [
  ['2001::', 32], // Teredo: as public as the addresses in it
  ['2001:1::1', 128], // PCP anycast
  ['2001:1::2', 128], // TURN anycast
  ['2001:1::3', 128], // DNS-SD anycast
  ['2001:3::', 32], // AMT
  ['2001:4:112::', 48], // AS112
  ['2001:20::', 28], // ORCHIDv2
  ['2001:30::', 28], // drone remote ids
];

/** Where an IPv6 address carries an IPv4 one, to which a gateway or the system itself may take what is sent to it. */
const carriers: readonly { prefix: Subnet; at: number; inverted?: true }[] = [
  { prefix: ['::', 96], at: 12 }, // IPv4-compatible (RFC 4291 §2.5.5.1)
  { prefix: ['::ffff:0:0', 96], at: 12 }, // IPv4-mapped (RFC 4291 §2.5.5.2)
  { prefix: ['64:ff9b::', 96], at: 12 }, // NAT64 (RFC 6052)
  { prefix: ['64:ff9b:1::', 48], at: 12 }, // local NAT64 (RFC 8215)
  { prefix: ['2002::', 16], at: 2 }, // 6to4 (RFC 3056)
  { prefix: ['2001::', 32], at: 4 }, // Teredo's server (RFC 4380 §4)
  { prefix: ['2001::', 32], at: 12, inverted: true }, // its client, bits inverted
];
/** Public when the IPv4 address in them is: these prefixes only say how it is written. */
const onlyCarried = subnets([
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
]);

const special = { ipv4: subnets(notPublicIPv4), ipv6: subnets(notPublicIPv6) };
const exempt = { ipv4: subnets(publicIPv4), ipv6: subnets(publicIPv6) };
const globalUnicast = subnets(globalIPv6);
const carrierSubnets = carriers.map(({ prefix, ...place }) => ({ ...place, within: subnets([prefix]) }));

/**
 * Whether the whole internet can reach it (RFC 6890): an address that a stranger may have the box ask. IPv6 addresses that carry
 * an IPv4 one are public only when that is; what is no address is not.
 */
export function isPublic(address: string): boolean {
  const plain = withoutScope(address);
  if (isIPv4(plain)) return !special.ipv4.check(plain) || exempt.ipv4.check(plain);
  if (!isIPv6(plain) || !embeddedIPv4(plain).every(isPublic)) return false;
  if (onlyCarried.check(plain, 'ipv6')) return true;
  const isSpecial = special.ipv6.check(plain, 'ipv6') && !exempt.ipv6.check(plain, 'ipv6');
  return globalUnicast.check(plain, 'ipv6') && !isSpecial;
}

/** The IPv4 addresses that an IPv6 address carries. */
export function embeddedIPv4(address: string): string[] {
  const octets = parseIpv6(withoutScope(address));
  if (!octets) return [];
  return carrierSubnets
    .filter(({ within }) => within.check(withoutScope(address), 'ipv6'))
    .map(({ at, inverted }) => {
      const carried = octets.subarray(at, at + 4);
      return printIpv4(inverted ? carried.map((octet) => ~octet) : carried);
    });
}

/** Without the interface of `fe80::1%eth0` (RFC 4007 §11). */
export function withoutScope(address: string): string {
  return address.replace(/%.*$/, '');
}

function subnets(list: readonly Subnet[]): BlockList {
  const blocks = new BlockList();
  for (const [network, prefix] of list)
    blocks.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  return blocks;
}
