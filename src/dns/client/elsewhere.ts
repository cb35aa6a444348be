import { BlockList } from 'node:net';

const here = new BlockList();
here.addSubnet('0.0.0.0', 8);
here.addSubnet('127.0.0.0', 8);
here.addSubnet('169.254.0.0', 16);
here.addSubnet('224.0.0.0', 3);
here.addSubnet('::', 127, 'ipv6');
here.addSubnet('fe80::', 10, 'ipv6');
here.addSubnet('ff00::', 8, 'ipv6');

/**
 * Neither loopback, unspecified, link-local nor multicast (RFC 6890): an address that a stranger may have the box ask.
 * IPv4-mapped IPv6 addresses count as the IPv4 ones.
 */
export function isElsewhere(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  return !here.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}
