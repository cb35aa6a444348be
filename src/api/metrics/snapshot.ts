import type { SecondaryReason } from '../../certs/challenges/secondary-troubles.ts';
import type { CertificateFigures } from '../../certs/figures.ts';
import type { InstalledCertificate } from '../../certs/model.ts';
import type { SeatCounters } from '../../dns/server/counters.ts';
import type { ZoneFigures } from '../../zones/figures.ts';
import type { SecondaryZoneCondition } from '../../zones/secondary-zones/service.ts';
import type { HistogramSample } from './read-histogram.ts';

/** Zones by what is wrong with them; one may count as both. */
export interface ZonesInTrouble {
  /** They cannot be published. */
  publication: number;
  /** What is stored of them is damaged. */
  damage: number;
}

/** Where the numbers are read, each time that somebody asks for them. */
export interface MetricSources {
  version: string;
  /** One entry for each worker of the data plane. */
  dns(): readonly SeatCounters[];
  /** Zones of which the workers cannot read the newest version. */
  unreadableZones(): number;
  zonesInTrouble(): ZonesInTrouble;
  /** Why secondaries are in trouble, one entry for each address. */
  secondariesInTrouble(): readonly SecondaryReason[];
  /** Zones of others, by how it is with them. */
  secondaryZones(): Readonly<Record<SecondaryZoneCondition, number>>;
  zones(): ZoneFigures;
  certificates(): CertificateFigures;
  /** Hooks that did not succeed for a certificate, or are not run at all. */
  hooksInTrouble(): number;
  /** When the database was copied last: milliseconds since the epoch; undefined when it never was. */
  databaseCopiedAt(): number | undefined;
  /** What HTTPS shows at the box's own name. */
  boxCertificate(): Pick<InstalledCertificate, 'kind' | 'notAfter'>;
}

/** All of them at one moment. */
export interface Snapshot {
  version: string;
  dns: readonly SeatCounters[];
  unreadableZones: number;
  zonesInTrouble: ZonesInTrouble;
  secondariesInTrouble: readonly SecondaryReason[];
  secondaryZones: Readonly<Record<SecondaryZoneCondition, number>>;
  zones: ZoneFigures;
  certificates: CertificateFigures;
  hooksInTrouble: number;
  databaseCopiedAt: number | undefined;
  boxCertificate: Pick<InstalledCertificate, 'kind' | 'notAfter'>;
}

export function takeSnapshot(sources: MetricSources): Snapshot {
  return {
    version: sources.version,
    dns: sources.dns(),
    unreadableZones: sources.unreadableZones(),
    zonesInTrouble: sources.zonesInTrouble(),
    secondariesInTrouble: sources.secondariesInTrouble(),
    secondaryZones: sources.secondaryZones(),
    zones: sources.zones(),
    certificates: sources.certificates(),
    hooksInTrouble: sources.hooksInTrouble(),
    databaseCopiedAt: sources.databaseCopiedAt(),
    boxCertificate: sources.boxCertificate(),
  };
}

/** One number, with the labels that tell it from the others of its metric. */
export type Sample<Label extends string> = readonly [labels: Readonly<Record<Label, string>>, value: number];

/** A metric whose numbers something else counts. */
export interface ReadMetric<Label extends string = string> {
  /** As Prometheus wants it: base units (seconds, bytes), `_total` for counters and for nothing else. */
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  labels: readonly Label[];
  read(snapshot: Snapshot): readonly Sample<Label>[];
}

/** A histogram of which something else keeps the counts. */
export interface ReadHistogramMetric<Label extends string = string> {
  name: string;
  help: string;
  labels: readonly Label[];
  /** Upper bounds, in the unit of the name. */
  buckets: readonly number[];
  read(snapshot: Snapshot): readonly HistogramSample<Label>[];
}

/** Has the compiler hold labels and samples together. */
export function readMetric<const Label extends string>(metric: ReadMetric<Label>): ReadMetric {
  return metric;
}

/** A metric without labels; nothing when there is no such number now. */
export function single(
  name: string,
  type: ReadMetric['type'],
  help: string,
  read: (snapshot: Snapshot) => number | undefined,
): ReadMetric {
  return readMetric({
    name,
    type,
    help,
    labels: [],
    read(snapshot) {
      const value = read(snapshot);
      return value === undefined ? [] : [[{}, value]];
    },
  });
}
