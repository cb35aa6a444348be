import { isIPv6 } from 'node:net';

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
