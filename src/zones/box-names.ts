import { rdataFromText } from '../dns/rdata/registry.ts';
import { Type } from '../dns/type-codes.ts';
import type { Name } from '../dns/wire/name.ts';
import type { Derived } from './derive/rule.ts';
import type { Box, FormerHostname } from './model.ts';

/** Asked for once for every record of a zone, so they are made once for every box. */
const children = new WeakMap<Name, Map<string, Name>>();

function childOf(name: Name, label: string): Name {
  const known = children.get(name) ?? new Map<string, Name>();
  children.set(name, known);
  const child = known.get(label) ?? name.child(label);
  known.set(label, child);
  return child;
}

type Host = Pick<Box, 'hostname'>;

/** The first nameserver's name, `ns1.H`: SOA mname. @throws NameError when H leaves no room; `PUT /box` has checked it. */
export function ns1({ hostname }: Host): Name {
  return childOf(hostname, 'ns1');
}

export function ns2({ hostname }: Host): Name {
  return childOf(hostname, 'ns2');
}

/** What answers for a hostname: itself and the nameservers of that name. */
export function namesOf(host: Host): Name[] {
  return [host.hostname, ns1(host), ns2(host)];
}

/** H, and those of before that still answer. */
export function hosts(box: Box): Host[] {
  return [box, ...(box.formerHostnames ?? [])];
}

/** The names of the NS RRset of every zone of the box. */
export function nameservers(box: Box): Name[] {
  return [ns1(box), ...(box.secondaries.length > 0 ? box.secondaries : [ns2(box)])];
}

/** Whether the name is one whose addresses the box sets itself: H, ns1.H, ns2.H, and those of before. */
export function isBoxName(box: Box, name: Name): boolean {
  return hosts(box).some((host) => namesOf(host).some((own) => own.equals(name)));
}

/** Hostnames of before whose records are in a zone. */
export function formerIn({ formerHostnames = [] }: Box, zone: Name): readonly FormerHostname[] {
  return formerHostnames.filter(({ hostname }) => hostname.isAtOrBelow(zone));
}

/** A and AAAA of all public addresses of the box. */
export function boxAddresses(box: Box, owner: Name): Derived[] {
  return addresses(owner, box.ipv4, box.ipv6);
}

export function addresses(owner: Name, ipv4: readonly string[], ipv6: readonly string[]): Derived[] {
  return [
    ...ipv4.map((address) => ({ owner, type: Type.A, rdata: rdataFromText(Type.A, address) })),
    ...ipv6.map((address) => ({ owner, type: Type.AAAA, rdata: rdataFromText(Type.AAAA, address) })),
  ];
}
