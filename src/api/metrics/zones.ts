import { readMetric, type ReadMetric, single } from './snapshot.ts';

export const zoneMetrics: readonly ReadMetric[] = [
  single('signpost_zones', 'gauge', 'Zones that are served.', ({ zones }) => zones.zones),
  readMetric({
    name: 'signpost_domains',
    help: 'Domains, by whether their DNS is served here (local) or elsewhere (external).',
    type: 'gauge',
    labels: ['dns'],
    read: ({ zones }) => (['local', 'external'] as const).map((dns) => [{ dns }, zones.domains[dns]]),
  }),
  single(
    'signpost_zones_unreadable',
    'gauge',
    'Zones of which the workers cannot read the newest version; /api/v1/health says which.',
    ({ unreadableZones }) => unreadableZones,
  ),
  readMetric({
    name: 'signpost_zones_in_trouble',
    help: 'Zones that cannot be published (publication) or whose rows are damaged (damage); /api/v1/health names them.',
    type: 'gauge',
    labels: ['reason'],
    read: ({ zonesInTrouble }) =>
      (['publication', 'damage'] as const).map((reason) => [{ reason }, zonesInTrouble[reason]]),
  }),
  readMetric({
    name: 'signpost_secondaries_in_trouble',
    help: 'Secondary nameservers that do not answer (silent), lack the newest zones (behind) or have no address (unresolved).',
    type: 'gauge',
    labels: ['reason'],
    read: ({ secondariesInTrouble }) =>
      (['silent', 'behind', 'unresolved'] as const).map((reason) => [
        { reason },
        secondariesInTrouble.filter((one) => one === reason).length,
      ]),
  }),
  readMetric({
    name: 'signpost_secondary_zones',
    help: 'Zones of others that the box is a secondary for: not transferred yet (pending), as the primaries have them (current), served though no primary gives them any more (failing), and not served for that reason (expired).',
    type: 'gauge',
    labels: ['state'],
    read: ({ secondaryZones }) =>
      (['pending', 'current', 'failing', 'expired'] as const).map((state) => [
        { state },
        secondaryZones[state],
      ]),
  }),
  single(
    'signpost_zone_images_bytes',
    'gauge',
    'Memory of the served zones, shared by all workers.',
    ({ zones }) => zones.imageOctets,
  ),
  single(
    'signpost_signatures_first_expiry_timestamp_seconds',
    'gauge',
    'When the first signature (RRSIG) that is served expires.',
    ({ zones }) => zones.firstExpiration,
  ),
  single(
    'signpost_zones_awaiting_signatures',
    'gauge',
    'Zones whose signatures are due to be renewed and have not been yet.',
    ({ zones }) => zones.awaitingSignatures,
  ),
];
