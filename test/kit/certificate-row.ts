import type { CertificateRow, StoredCertificate } from '../../src/certs/store.ts';

/** A row that has nothing yet and wants nothing, but for what is given. */
export function certificateRow(
  given: Partial<CertificateRow> & Pick<CertificateRow, 'names'>,
): CertificateRow {
  return {
    id: given.names.join(),
    purpose: { kind: 'requested' },
    keyAlgorithm: 'ecdsa-p256',
    rank: 1,
    current: undefined,
    sealedKey: undefined,
    next: undefined,
    sealedNextKey: undefined,
    pending: undefined,
    requested: undefined,
    sealedRequestedKey: undefined,
    retiring: [],
    failures: 0,
    schedule: undefined,
    suggestion: undefined,
    wakeAt: undefined,
    createdAt: 0,
    ...given,
  };
}

/** A certificate of a CA's, with nothing in it but what is given. */
export function storedCertificate(given: Partial<StoredCertificate>): StoredCertificate {
  return {
    kind: 'acme',
    chain: '',
    names: [],
    spkiSha256: '',
    issuer: '',
    serialNumber: '',
    notBefore: 0,
    notAfter: 1,
    revokedAt: undefined,
    ...given,
  };
}
