import { AppError } from '../../core/errors.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Sealer } from '../../core/seal.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { CertificateService, ExportedCertificate } from '../model.ts';
import { type CertificateReads, certificateRows, type StoredCertificate } from '../store.ts';
import { openCertificateKey } from '../x509/sealed-key.ts';

export interface ExportOptions {
  work: UnitOfWork;
  sealer: Sealer;
}

/** What is in use, for programs that are not the box's own. */
export function createExport({
  work,
  sealer,
}: ExportOptions): Pick<CertificateService, 'chain' | 'exportKey'> {
  return {
    chain: (id) => exported(id, inUse(work.committed.rows(certificateRows), id).current),

    exportKey: (actor, id) =>
      work.change({ actor, cause: 'private key exported' }, (change) => {
        // Read in the change that says so: what left is what the audit log has.
        const { current, sealedKey } = inUse(change.rows(certificateRows), id);
        const { pkcs8 } = openCertificateKey(sealer, sealedKey, current.spkiSha256);
        const certificate = exported(id, current);
        const { names, serialNumber, notAfter } = certificate;
        const detail = { id, names: [...names], serialNumber, notAfter, spkiSha256: current.spkiSha256 };
        change.audit('certificate.export-key', names[0]!, detail);
        return { ...certificate, privateKey: pkcs8 };
      }),
  };
}

/** @throws AppError not-found */
function inUse(rows: CertificateReads, id: string): { current: StoredCertificate; sealedKey: Uint8Array } {
  const row = rows.certificate(id);
  if (!row) throw new AppError('not-found', `There is no certificate ${id}.`);
  const { current, sealedKey, names } = row;
  if (current && sealedKey) return { current, sealedKey };
  throw new AppError(
    'not-found',
    `The names ${names.join(', ')} have no certificate of a CA yet, and the self-signed one stays in the box. signpost cert show ${names[0]!} says how the order goes.`,
  );
}

function exported(id: string, current: StoredCertificate): ExportedCertificate {
  const { kind, names, chain, issuer, serialNumber } = current;
  const times = { notBefore: toRfc3339(current.notBefore), notAfter: toRfc3339(current.notAfter) };
  return { id, kind, names, chain, issuer, serialNumber, ...times };
}
