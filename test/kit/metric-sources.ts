import type { MetricSources } from '../../src/api/metrics/snapshot.ts';
import { LATENCY_BOUNDS } from '../../src/dns/server/latency.ts';
import type { TransportCounters } from '../../src/dns/server/counters.ts';

/** A box in made-up numbers: every metric has some, and no two are alike. */
export function metricSources(): MetricSources {
  return {
    version: '0.1.0',
    dns: () => [
      {
        udp: transport(1000),
        tcp: transport(2000),
        tls: transport(5000),
        https: transport(7000),
        restarts: 3,
        running: true,
      },
      {
        udp: transport(3000),
        tcp: transport(4000),
        tls: transport(6000),
        https: transport(8000),
        restarts: 0,
        running: false,
      },
    ],
    unreadableZones: () => 1,
    secondariesInTrouble: () => ['silent', 'behind', 'behind', 'unresolved'],
    secondaryZones: () => ({ pending: 21, current: 22, failing: 23, expired: 24 }),
    zonesInTrouble: () => ({ publication: 6, damage: 3 }),
    zones: () => ({
      zones: 11,
      domains: { local: 9, external: 2 },
      imageOctets: 65_536,
      firstExpiration: 1_798_000_000,
      awaitingSignatures: 4,
    }),
    databaseCopiedAt: () => 1_796_000_000_000,
    certificates: () => ({
      states: { 'self-signed': 1, ordering: 2, valid: 3, renewing: 4, failed: 5, expired: 6, revoked: 7 },
      firstExpiry: 1_797_000_000_000,
      orders: 2,
      attempts: [
        { outcome: 'success', problem: undefined, count: 8 },
        { outcome: 'postponed', problem: undefined, count: 1 },
        { outcome: 'failed', problem: 'caa', count: 2 },
      ],
      limits: [
        { limit: 'orders', uses: 12, allowed: 300 },
        { limit: 'sameNames', uses: 1, allowed: 5 },
        { limit: 'registeredDomain', uses: 2, allowed: 50 },
        { limit: 'failures', uses: 3, allowed: 6 },
      ],
    }),
    hooksInTrouble: () => 13,
    boxCertificate: () => ({ kind: 'acme', notAfter: '2027-01-01T00:00:00Z' }),
  };
}

function transport(base: number): TransportCounters {
  return {
    queries: base,
    dropped: base + 1,
    failures: base + 2,
    truncated: base + 3,
    shed: base + 4,
    transfers: { whole: base + 10, difference: base + 11 },
    cookies: { new: base + 12, invalid: base + 13, valid: base + 14 },
    limited: { slipped: base + 15, dropped: base + 16 },
    latency: {
      counts: LATENCY_BOUNDS.map((_, index) => base + 20 + index).concat(base + 50),
      sum: base + 60,
    },
    rcodes: new Map([
      [0, base + 5],
      [3, base + 6],
    ]),
    qtypes: new Map([
      [0, base + 7],
      [1, base + 8],
      [263, base + 9],
    ]),
  };
}
