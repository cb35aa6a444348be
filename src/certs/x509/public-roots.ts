import { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';

let bySubject: Map<string, X509Certificate[]> | undefined;

/** Whether one of the roots that browsers (Mozilla's list) or this machine know signed the certificate. */
export function issuedByPublicRoot(certificate: X509Certificate): boolean {
  bySubject ??= readRoots();
  const issuers = bySubject.get(certificate.issuer) ?? [];
  return issuers.some(({ publicKey }) => certificate.verify(publicKey));
}

/** Read at the first use: that takes some tens of milliseconds, and most boxes never need it. */
function readRoots(): Map<string, X509Certificate[]> {
  const roots = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  return Map.groupBy(
    [...roots].map((text) => new X509Certificate(text)),
    ({ subject }) => subject,
  );
}
