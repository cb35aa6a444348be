import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { formerIn, nameservers } from '../box-names.ts';
import type { ZoneInput } from '../model.ts';
import { derived, type ZoneRule } from './rule.ts';

export const ns: ZoneRule = {
  id: 'ns',
  rfc: 'RFC 1035',
  level: 'required',
  why: 'Names the servers that answer for this domain; the registrar must list the same ones.',
  derive: (input) =>
    [...nameservers(input.box), ...formerNameservers(input)].map((server) =>
      derived(input.zone.name, Type.NS, server.toString()),
    ),
};

/** A zone that is there for a hostname of before has its nameservers, too: it is found without any other name, as its parent has it. */
function formerNameservers({ box, zone, domains }: ZoneInput): Name[] {
  if (domains.some(({ name }) => name.equals(zone.name))) return [];
  const former = formerIn(box, zone.name).find(({ hostname }) => hostname.equals(zone.name));
  if (!former) return [];
  const present = nameservers(box);
  return nameservers({ ...box, hostname: former.hostname }).filter(
    (server) => !present.some((other) => other.equals(server)),
  );
}
