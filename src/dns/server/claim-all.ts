import type { NetworkInterfaceInfo } from 'node:os';
import type { Log } from '../../core/log.ts';
import { claimPorts } from './claim-port.ts';
import { expandAddresses } from './interfaces.ts';
import { addressKey, type SocketAddress } from './transport.ts';

/** The addresses that a machine has: `os.networkInterfaces`. */
export type Interfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * Claims every address. One of the machine's own that cannot be bound yet (IPv6 addresses are tentative at first, RFC 4862
 * §5.4) is left for a later look; one that was asked for by itself is a problem.
 */
export async function claimAll(
  requested: readonly SocketAddress[],
  interfaces: Interfaces,
  log: Log,
  transports?: readonly ('udp' | 'tcp')[],
): ReturnType<typeof claimPorts> {
  const asked = new Set(requested.map(addressKey));
  let wanted = expandAddresses(requested, interfaces());
  for (;;) {
    const claimed = await claimPorts(wanted, transports);
    if (!('problem' in claimed) || claimed.problem.code !== 'address-unavailable') return claimed;
    const { address } = claimed.problem.address;
    const left = wanted.filter((other) => other.address !== address || asked.has(addressKey(other)));
    if (left.length === wanted.length) return claimed;
    log.warn({ address }, 'an address of this machine cannot be bound yet');
    wanted = left;
  }
}

/** What was asked for, with the port that was drawn for port 0. */
export function withPorts(
  requested: readonly SocketAddress[],
  claimed: readonly SocketAddress[],
): SocketAddress[] {
  const asked = new Set(requested.map(({ port }) => port));
  const drawn = claimed.find(({ port }) => !asked.has(port))?.port ?? 0;
  return requested.map(({ address, port }) => ({ address, port: port === 0 ? drawn : port }));
}

export function sameAddresses(a: readonly SocketAddress[], b: readonly SocketAddress[]): boolean {
  const keys = new Set(a.map(addressKey));
  return a.length === b.length && b.every((address) => keys.has(addressKey(address)));
}
