import type { Sealer } from '../../core/seal.ts';
import { type CertificateKey, readKey } from './key.ts';

/** Seals a certificate's key for its own digest: put beside another certificate it does not open. */
export function sealCertificateKey(sealer: Sealer, { pkcs8, spkiSha256 }: CertificateKey): Uint8Array {
  return sealer.seal(Buffer.from(pkcs8), context(spkiSha256));
}

/** @throws Error when it cannot be opened. */
export function openCertificateKey(sealer: Sealer, sealed: Uint8Array, spkiSha256: string): CertificateKey {
  const key = readKey(Buffer.from(sealer.open(sealed, context(spkiSha256))).toString());
  if (!key) throw new Error('a sealed key is no key');
  return key;
}

function context(spkiSha256: string): string {
  return `certificate:${spkiSha256}`;
}
