import {
  type CertificateStoreOptions,
  createCertificateStore,
  type InstalledCertificates,
} from '../../src/certs/installed/store.ts';
import type { Servable } from '../../src/certs/store.ts';
import type { InstalledCertificate } from '../../src/certs/model.ts';
import { normalHost } from '../../src/certs/x509/names.ts';

/** Certificates in use that a test puts there itself, in memory. */
export interface MemoryCertificates extends InstalledCertificates {
  /** In place of one with the same id. */
  put(certificate: InstalledCertificate): void;
  remove(id: string): void;
}

export function createMemoryCertificates(
  options: Omit<CertificateStoreOptions, 'source'>,
): MemoryCertificates {
  const all = new Map<string, InstalledCertificate>();
  const found = (): Servable[] => [...all.values()].map(servable);
  const turns = (): number[] => found().flatMap(({ notBefore, notAfter }) => [notBefore, notAfter + 1]);
  const store = createCertificateStore({
    ...options,
    source: {
      naming: (names) => found().filter((one) => names.some((name) => one.names.includes(name))),
      open: ({ id }) => all.get(id),
      nextTurn: (after) =>
        turns()
          .sort((a, b) => a - b)
          .find((time) => time > after),
      namesTurning: (at) =>
        found()
          .filter(({ notBefore, notAfter }) => [notBefore, notAfter + 1].includes(at))
          .flatMap(({ names }) => names),
    },
  });
  function change(id: string, certificate: InstalledCertificate | undefined): void {
    const steps: (() => Promise<void> | void)[] = [];
    const names = [...(all.get(id)?.names ?? []), ...(certificate?.names ?? [])];
    store.follow({ afterCommit: (step) => void steps.push(step) }, names);
    if (certificate) all.set(id, certificate);
    else all.delete(id);
    for (const step of steps) void step();
  }
  return {
    ...store,
    put: (certificate) => change(certificate.id, certificate),
    remove: (id) => change(id, undefined),
  };
}

/** As the choice sees it. */
export function servable({
  id,
  names,
  kind,
  spkiSha256,
  notBefore,
  notAfter,
}: InstalledCertificate): Servable {
  return {
    id,
    names: names.map(normalHost),
    kind,
    spkiSha256,
    serialNumber: '',
    notBefore: Date.parse(notBefore),
    notAfter: Date.parse(notAfter),
  };
}
