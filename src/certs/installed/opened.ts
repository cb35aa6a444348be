import type { Log } from '../../core/log.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Sealer } from '../../core/seal.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { InstalledCertificate } from '../model.ts';
import { openCertificateKey } from '../x509/sealed-key.ts';
import { certificateRows, type StoredCertificate } from '../store.ts';
import type { Servable } from '../store.ts';
import type { CertificateSource } from './store.ts';

/** Certificates that stay in memory with their keys: those that clients asked for last. */
const MOST = 256;

export interface OpenedOptions {
  work: Pick<UnitOfWork, 'committed'>;
  sealer: Sealer;
  log: Log;
  /** Certificates kept in memory; for tests. */
  most?: number;
}

/** The certificates in use as the database has them. A key is opened when its certificate serves, and forgotten when others are used more. */
export function openedCertificates({ work, sealer, log, most = MOST }: OpenedOptions): CertificateSource {
  const rows = work.committed.rows(certificateRows);
  /** Those used last at the end; undefined: cannot be read, which is said once. */
  const opened = new Map<string, InstalledCertificate | undefined>();

  function read({ id, names }: Servable): InstalledCertificate | undefined {
    const row = rows.certificate(id);
    if (!row?.current || !row.sealedKey) return undefined;
    try {
      const { pkcs8 } = openCertificateKey(sealer, row.sealedKey, row.current.spkiSha256);
      return installedCertificate(id, row.current, pkcs8);
    } catch (error) {
      log.error({ err: error, names }, 'a certificate cannot be read; the next best one serves');
      return undefined;
    }
  }

  return {
    naming: (names) => rows.servable(names),
    open(certificate) {
      const key = keyOf(certificate);
      const found = opened.has(key) ? opened.get(key) : read(certificate);
      opened.delete(key);
      opened.set(key, found);
      for (const oldest of opened.keys()) {
        if (opened.size <= most) break;
        opened.delete(oldest);
      }
      return found;
    },
    nextTurn: (after) => rows.nextTurn(after),
    namesTurning: (at) => rows.namesTurning(at),
  };
}

/** Another one under the same id has another serial number or, from another CA, another key. */
function keyOf({ id, spkiSha256, serialNumber, notAfter }: Servable): string {
  return [id, spkiSha256, serialNumber, notAfter].join(' ');
}

/** `privateKey`: PKCS#8 PEM. */
export function installedCertificate(
  id: string,
  { kind, chain, names, spkiSha256, notBefore, notAfter }: StoredCertificate,
  privateKey: string,
): InstalledCertificate {
  return {
    id,
    names,
    kind,
    chain,
    privateKey,
    spkiSha256,
    notBefore: toRfc3339(notBefore),
    notAfter: toRfc3339(notAfter),
  };
}
