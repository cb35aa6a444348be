import type { CertificateName } from '../model.ts';

/** Whether a certificate for `name` is good for `host`: a wildcard stands for one whole label (RFC 9525 §6.3). */
export function covers(name: CertificateName, host: string): boolean {
  return name === host || (name.startsWith('*.') && name === wildcardOf(host));
}

/** `*.example.com` for `mail.example.com`; undefined for a name without a dot. */
export function wildcardOf(host: string): CertificateName | undefined {
  const dot = host.indexOf('.');
  return dot > 0 ? `*${host.slice(dot)}` : undefined;
}

/** As certificates have it: lower case, no dot at the end. */
export function normalHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
