import type { Name } from '../../dns/wire/name.ts';
import type { Domain } from '../model.ts';
import { ancestry } from '../owner-keys.ts';

type Hosted = Pick<Domain, 'name' | 'mail'>;

/** The local domains that live in a zone, by name: there may be very many. */
export interface HostedDomains {
  at(name: Name): Hosted | undefined;
  /** One of those at or below a name. */
  below(name: Name): Hosted | undefined;
}

/** The domains of a list. It is gone through when something is first asked of it. */
export function hostedDomains(domains: readonly Hosted[]): HostedDomains {
  let names: Map<string, Hosted> | undefined;
  let ancestors: Map<string, Hosted> | undefined;
  return {
    at(name) {
      names ??= new Map(domains.map((domain) => [domain.name.key, domain]));
      return names.get(name.key);
    },
    below(name) {
      ancestors ??= byAncestor(domains);
      return ancestors.get(name.key);
    },
  };
}

function byAncestor(domains: readonly Hosted[]): Map<string, Hosted> {
  const found = new Map<string, Hosted>();
  for (const domain of domains) {
    for (const key of ancestry(domain.name.key)) {
      // Those above have it already: of the first domain, or of one before it.
      if (found.has(key)) break;
      found.set(key, domain);
    }
  }
  return found;
}
