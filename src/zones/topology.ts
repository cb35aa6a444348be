import type { Name } from '../dns/wire/name.ts';
import { hosts } from './box-names.ts';
import type { Box } from './model.ts';
import type { Reads } from './store.ts';

/*
 * Which zone a name lives in. The homes are the local domains, H, and hostnames of before that still answer. A home with no other home above it is the apex of a
 * zone, which holds all that is below: so every name is in at most one zone, and splitting and joining is a matter of which homes
 * there are.
 */

type TopologyReads = Pick<Reads, 'box' | 'domain' | 'domainsBelow'>;

/** The apex of the zone that holds `name`; undefined when the box does not serve it. */
export function zoneOf(reads: TopologyReads, name: Name): Name | undefined {
  return homesAbove(reads, name).at(-1);
}

/** The nearest home at or above `name`: the domain that a record of this owner belongs to. */
export function homeOf(reads: TopologyReads, name: Name): Name | undefined {
  return homesAbove(reads, name)[0];
}

/** All homes at or above a name, the nearest first. */
function homesAbove(reads: TopologyReads, name: Name): Name[] {
  const own = hostnamesOf(reads);
  const homes: Name[] = [];
  for (let above = name; !above.isRoot; above = above.parent()) {
    const hostname = own.find((one) => one.equals(above));
    if (hostname) homes.push(hostname);
    else {
      const domain = reads.domain(above);
      if (domain?.dns === 'local') homes.push(domain.name);
    }
  }
  return homes;
}

/** The topmost homes at or below `name`: what become zones when nothing at or above `name` is one. */
export function topmostHomes(reads: TopologyReads, name: Name): Name[] {
  const homes = reads
    .domainsBelow(name)
    .filter((domain) => domain.dns === 'local')
    .map((domain) => domain.name);
  homes.push(...hostnamesOf(reads).filter((hostname) => hostname.isAtOrBelow(name)));
  return topmost(homes);
}

function hostnamesOf(reads: TopologyReads): Name[] {
  const box = reads.box();
  return box ? hosts(box).map(({ hostname }) => hostname) : [];
}

/** The names with no other of them above; each once. */
export function topmost(names: readonly Name[]): Name[] {
  const found: Name[] = [];
  // In canonical order a name comes after all of its ancestors, and right after them come its descendants.
  for (const name of [...names].sort((a, b) => a.compare(b))) {
    const last = found.at(-1);
    if (!last || !name.isAtOrBelow(last)) found.push(name);
  }
  return found;
}

/** The zone that holds H. */
export function hostZone(reads: TopologyReads, box: Box): Name {
  return zoneOf(reads, box.hostname) ?? box.hostname;
}
