import type { Clock } from '../../core/clock.ts';
import type {
  CertificateConsumer,
  CertificateName,
  CertificateStore,
  InstalledCertificate,
} from '../model.ts';
import { normalHost, wildcardOf } from '../x509/names.ts';
import { createAlarm } from './alarm.ts';
import { type Candidate, isBetter } from './rank.ts';

export interface InstalledCertificates extends CertificateStore {
  /** Installs it, in place of one with the same id. `preferred`: a person chose it over others for the same names. */
  put(certificate: InstalledCertificate, options?: { preferred?: boolean }): void;
  /** Its names get the next best one. */
  remove(id: string): void;
  /** Replaces what serves when there is nothing better. The first of its names is the box's. */
  setFallback(certificate: InstalledCertificate): void;
  /** Tells consumers that this one will be put at `at` (RFC 3339). */
  announce(next: InstalledCertificate, at: string): void;
}

interface Entry {
  certificate: InstalledCertificate;
  names: readonly CertificateName[];
  preferred: boolean;
}

/** Certificates in use, by name; in memory only. `onError` gets what a consumer throws: the others are told nevertheless. */
export function createCertificateStore(options: {
  fallback: InstalledCertificate;
  clock: Clock;
  onError: (error: unknown) => void;
}): InstalledCertificates {
  const { clock, onError } = options;
  let { fallback } = options;
  const byId = new Map<string, Entry>();
  const byName = new Map<CertificateName, Set<Entry>>();
  const consumers = new Set<CertificateConsumer>();
  const boxName = (): string => normalHost(fallback.names[0]!);
  /** What consumers know to be in use. */
  const told = new Map<CertificateName, InstalledCertificate>([[boxName(), fallback]]);
  // What is best changes by itself when a certificate becomes valid or expires.
  const alarm = createAlarm(clock, () => {
    for (const { certificate } of byId.values()) setAlarm(certificate);
    refresh(byName.keys());
  });

  function setAlarm({ notBefore, notAfter }: InstalledCertificate): void {
    for (const time of [Date.parse(notBefore), Date.parse(notAfter) + 1])
      if (time > clock.now()) alarm.set(time);
  }

  function best(host: string): InstalledCertificate | undefined {
    const wildcard = host.startsWith('*.') ? undefined : wildcardOf(host);
    let found: Candidate | undefined;
    for (const name of [host, wildcard])
      for (const { certificate, preferred } of byName.get(name ?? '') ?? []) {
        const candidate = { certificate, exact: name === host, preferred };
        if (!found || isBetter(candidate, found, clock.now())) found = candidate;
      }
    return found?.certificate;
  }

  const ofBox = (): InstalledCertificate => best(boxName()) ?? fallback;

  function notify(call: (consumer: CertificateConsumer) => void): void {
    for (const consumer of [...consumers]) {
      try {
        call(consumer);
      } catch (error) {
        onError(error);
      }
    }
  }

  /** Tells of each certificate that came into use for one of the names or for the box, once. */
  function refresh(names: Iterable<CertificateName>): void {
    const changed = new Set<InstalledCertificate>();
    for (const name of new Set([...names, boxName()])) {
      const current = best(name) ?? (name === boxName() ? fallback : undefined);
      if (current === told.get(name)) continue;
      if (current) told.set(name, current);
      else told.delete(name);
      changed.add(current ?? ofBox());
    }
    for (const current of changed) notify((consumer) => consumer.changed(current));
  }

  function add(entry: Entry): void {
    byId.set(entry.certificate.id, entry);
    for (const name of entry.names) {
      const entries = byName.get(name);
      if (entries) entries.add(entry);
      else byName.set(name, new Set([entry]));
    }
    setAlarm(entry.certificate);
  }

  /** The names that it was for. */
  function take(id: string): readonly CertificateName[] {
    const entry = byId.get(id);
    if (!entry) return [];
    byId.delete(id);
    for (const name of entry.names) {
      const entries = byName.get(name)!;
      entries.delete(entry);
      if (entries.size === 0) byName.delete(name);
    }
    return entry.names;
  }

  return {
    forName: (host) => best(normalHost(host)) ?? ofBox(),
    put(certificate, { preferred = false } = {}) {
      const before = take(certificate.id);
      const names = certificate.names.map(normalHost);
      add({ certificate, names, preferred });
      refresh([...before, ...names]);
    },
    remove: (id) => refresh(take(id)),
    setFallback(certificate) {
      const before = boxName();
      fallback = certificate;
      refresh([before]);
    },
    announce: (next, at) => notify((consumer) => consumer.before?.(next, at)),
    subscribe(consumer) {
      consumers.add(consumer);
      return () => void consumers.delete(consumer);
    },
  };
}
