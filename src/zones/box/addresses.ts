import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isPublic } from '../../dns/client/public-address.ts';

/** All addresses of this machine's interfaces, as they are now. */
export function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
}

/** The public addresses of this machine's interfaces. */
export function detectAddresses(): { ipv4: string[]; ipv6: string[] } {
  const all = interfaceAddresses().filter(isPublic);
  return { ipv4: all.filter((address) => isIPv4(address)), ipv6: all.filter((address) => isIPv6(address)) };
}
