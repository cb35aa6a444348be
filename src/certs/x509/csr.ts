import type { CertificateName } from '../model.ts';
import { type CertificateKey, signingKeys } from './key.ts';
import { type X509, x509 } from './library.ts';

/** A certificate signing request (RFC 2986). */
export interface SigningRequest {
  pem: string;
  der: Uint8Array;
}

/**
 * Asks for a certificate for `names`, which stand in the subject alternative name alone: a common name is limited to 64 characters and
 * no client looks at it (RFC 9525 §2).
 */
export async function createCsr(
  names: readonly CertificateName[],
  key: CertificateKey,
): Promise<SigningRequest> {
  const request = await x509().Pkcs10CertificateRequestGenerator.create({
    ...signingKeys(key),
    extensions: [alternativeNames(names)],
  });
  return { pem: `${request.toString('pem')}\n`, der: new Uint8Array(request.rawData) };
}

export function alternativeNames(names: readonly CertificateName[]): X509.SubjectAlternativeNameExtension {
  const { SubjectAlternativeNameExtension } = x509();
  return new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })));
}
