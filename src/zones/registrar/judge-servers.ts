import type { Name } from '../../dns/wire/name.ts';
import type { ExpectedDelegation, Server } from './delegation.ts';
import { needsGlue } from './expected.ts';
import { list } from './phrases.ts';

/** Whether any of the nameservers is one of ours, be it by a name of before. */
export function namesUs(
  { nameservers, formerNameservers }: ExpectedDelegation,
  found: readonly Server[],
): boolean {
  return found.some(({ name }) => includes([...nameservers, ...formerNameservers], name));
}

/** What to change about the nameservers and their addresses, each as the imperative half of a sentence. */
export function serverProblems(expected: ExpectedDelegation, found: readonly Server[]): string[] {
  const missing = expected.nameservers.filter((name) => !found.some((server) => server.name.equals(name)));
  const others = found.map(({ name }) => name).filter((name) => !includes(expected.nameservers, name));
  const former = others.filter((name) => includes(expected.formerNameservers, name));
  const extra = others.filter((name) => !includes(expected.formerNameservers, name));
  return [
    ...(missing.length > 0 ? [`add the nameserver${plural(missing)} ${texts(missing)}`] : []),
    ...(former.length > 0
      ? [`remove the nameserver${plural(former)} ${texts(former)}, by a name that the box had before`]
      : []),
    ...(extra.length > 0 ? [`remove the nameserver${plural(extra)} ${texts(extra)}, not of this box`] : []),
    ...found.flatMap((server) => addressProblems(expected, server)),
  ];
}

function addressProblems(expected: ExpectedDelegation, server: Server): string[] {
  const ours = expected.glue.find(({ name }) => name.equals(server.name));
  if (!ours) return [];
  const glue = needsGlue(expected.zone, server.name);
  // A parent need not send the addresses of names outside of the zone (RFC 9471 §2.2): none tells nothing.
  if (server.addresses.length === 0 && !glue) return [];
  const place = glue ? '' : ` (a host record at the registrar of ${expected.hostDomain.toText()})`;
  const name = server.name.toText();
  const wrong = server.addresses.filter((address) => !ours.addresses.includes(address));
  const missing = ours.addresses.filter((address) => !server.addresses.includes(address));
  if (wrong.length > 0 && missing.length > 0)
    return [`change the address of ${name} from ${list(wrong)} to ${list(missing)}${place}`];
  if (wrong.length > 0) return [`remove the address ${list(wrong)} of ${name}${place}`];
  return missing.length > 0 ? [`give ${name} the address ${list(missing)}${place}`] : [];
}

function includes(names: readonly Name[], name: Name): boolean {
  return names.some((other) => other.equals(name));
}

function texts(names: readonly Name[]): string {
  return list(names.map((name) => name.toText()));
}

function plural(items: readonly unknown[]): string {
  return items.length > 1 ? 's' : '';
}
