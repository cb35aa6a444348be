import { ranks } from '../../src/certs/life/desired.ts';
import { newRow } from '../../src/certs/life/wanted.ts';
import type { CertificateRow, StoredCertificate } from '../../src/certs/store.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';

/** A row that has nothing yet and wants nothing, but for what is given. */
export function certificateRow(
  given: Partial<CertificateRow> & Pick<CertificateRow, 'names'>,
): CertificateRow {
  const { names } = given;
  const what = {
    names,
    purpose: { kind: 'requested' },
    rank: ranks.requested,
    keyAlgorithm: 'ecdsa-p256',
  } as const;
  const row = newRow(what, { clock: new FakeClock(0), random: seededRandom(1), orders: false });
  return { ...row, id: names.join(), schedule: undefined, ...given };
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
