import { isIPv6 } from 'node:net';

/** The address of a client, in memory that a transport uses again for the next message. */
export interface ClientAddress {
  /** In network order: the first {@link size} octets. */
  readonly octets: Uint8Array;
  /** 4 or 16; 0 when it is not known. */
  size: number;
  /** As text, once somebody asked for it. */
  text: string | undefined;
}

export function createClientAddress(): ClientAddress {
  return { octets: new Uint8Array(16), size: 0, text: undefined };
}

/** For what is answered after the next message came. */
export function copyClientAddress({ octets, size, text }: ClientAddress): ClientAddress {
  return { octets: octets.slice(), size, text };
}

/** Takes an address from the octets that the kernel gave: `size` is 4 or 16. */
export function setClientOctets(client: ClientAddress, source: Uint8Array, at: number, size: number): void {
  for (let i = 0; i < size; i++) client.octets[i] = source[at + i]!;
  client.size = size;
  client.text = undefined;
}

/** Takes an address as Node writes it, such as `192.0.2.1`, `2001:db8::1` or `fe80::1%eth0`; the zone stays in the text only. */
export function setClientText(client: ClientAddress, text: string): void {
  client.size = text.includes(':') ? readIPv6(client.octets, text) : readIPv4(client.octets, text, 0);
  client.text = text;
}

/** As Node writes it; the empty text when it is not known. */
export function clientText(client: ClientAddress): string {
  client.text ??= writeAddress(client);
  return client.text;
}

const DOT = 0x2e;

/** Octets read: 4, or 0. Called for every datagram, so nothing is allocated. */
function readIPv4(octets: Uint8Array, text: string, at: number): number {
  let part = 0;
  let value = 0;
  let digits = 0;
  for (let i = at; i <= text.length; i++) {
    const code = i === text.length ? DOT : text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || value > 255 || part === 4) return 0;
      octets[part++] = value;
      value = digits = 0;
    } else if (code >= 0x30 && code <= 0x39) {
      value = value * 10 + code - 0x30;
      digits++;
    } else return 0;
  }
  return part === 4 ? 4 : 0;
}

/** RFC 4291 §2.2; octets read: 16, 4 for a mapped IPv4 address (§2.5.5.2), or 0. */
function readIPv6(octets: Uint8Array, scoped: string): number {
  const text = scoped.split('%', 1)[0]!;
  if (!isIPv6(text)) return 0;
  const lastColon = text.lastIndexOf(':') + 1;
  if (text.toLowerCase().startsWith('::ffff:') && text.includes('.'))
    return readIPv4(octets, text, lastColon);
  const [head = '', tail = ''] = text.split('::');
  octets.fill(0);
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  left.forEach((group, i) => putGroup(octets, i, group));
  right.forEach((group, i) => putGroup(octets, 8 - right.length + i, group));
  return 16;
}

function putGroup(octets: Uint8Array, group: number, text: string): void {
  const value = Number.parseInt(text, 16);
  octets[2 * group] = value >>> 8;
  octets[2 * group + 1] = value;
}

function writeAddress({ octets, size }: ClientAddress): string {
  if (size === 4) return octets.subarray(0, 4).join('.');
  if (size !== 16) return '';
  const groups = Array.from({ length: 8 }, (_, i) => (octets[2 * i]! << 8) | octets[2 * i + 1]!);
  // RFC 5952 §4.2: the longest run of zeros, the first of equal ones, and never a single one.
  let from = 0;
  let run = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > run) [from, run] = [i, end - i];
  }
  const hex = groups.map((group) => group.toString(16));
  if (run === 1) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + run).join(':')}`;
}
