import { addresses, boxAddresses, ns1, ns2 } from '../box-names.ts';
import type { Box } from '../model.ts';
import type { Derived, ZoneRule } from './rule.ts';

/** `ns2` has the second address of each family where the box has one: some registries want two (mailinabox#110). */
export const host: ZoneRule = {
  id: 'host',
  rfc: 'RFC 1035, RFC 3596',
  level: 'required',
  why: 'The addresses of the box and of its nameservers: everything else leads to them.',
  derive: ({ box, holdsHostname }) =>
    holdsHostname ? [...boxAddresses(box, box.hostname), ...nameserverAddresses(box)] : [],
};

/** A and AAAA of ns1.H and ns2.H: in the zone, and as glue in its parent. */
export function nameserverAddresses(box: Pick<Box, 'hostname' | 'ipv4' | 'ipv6'>): Derived[] {
  return [
    ...addresses(ns1(box), box.ipv4.slice(0, 1), box.ipv6.slice(0, 1)),
    ...addresses(ns2(box), second(box.ipv4), second(box.ipv6)),
  ];
}

function second(list: readonly string[]): string[] {
  return list.length > 1 ? list.slice(1, 2) : list.slice(0, 1);
}
