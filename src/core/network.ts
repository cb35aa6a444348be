import { BlockList, isIP } from 'node:net';

/** All addresses that begin with the same `prefix` bits as `address`. */
export interface Network {
  address: string;
  prefix: number;
}

/** Reads `10.0.0.0/8`, `fd00::/8`; an address alone is a network of one. undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const match = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text);
  const address = match?.[1] ?? '';
  const family = isIP(address);
  if (family === 0) return undefined;
  const longest = family === 4 ? 32 : 128;
  const prefix = match?.[2] === undefined ? longest : Number(match[2]);
  return prefix <= longest ? { address, prefix } : undefined;
}

/** Whether an address is in one of the networks; an IPv4-mapped IPv6 address counts as the IPv4 one. */
export function inNetworks(networks: readonly Network[]): (address: string) => boolean {
  const list = new BlockList();
  for (const { address, prefix } of networks) list.addSubnet(address, prefix, familyOf(address));
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
