import type { InstalledCertificate } from '../model.ts';

/** A certificate that could serve a host. */
export interface Candidate {
  certificate: InstalledCertificate;
  /** For this very name, not by a wildcard. */
  exact: boolean;
  /** A person chose it over others for the same names. */
  preferred: boolean;
}

/**
 * Whether `a` serves better than `b` at `now` (milliseconds since the epoch). An expired one of a CA goes before a self-signed one that is
 * valid: clients that look at the CA refuse both, and those that look at TLSA 3 1 1 know its key and no date (RFC 7671 §5.1).
 */
export function isBetter(a: Candidate, b: Candidate, now: number): boolean {
  const [left, right] = [marks(a, now), marks(b, now)];
  const index = left.findIndex((mark, at) => mark !== right[at]);
  return index >= 0 && left[index]! > right[index]!;
}

function marks({ certificate, exact, preferred }: Candidate, now: number): number[] {
  const { kind, notBefore, notAfter } = certificate;
  const ends = Date.parse(notAfter);
  const valid = Date.parse(notBefore) <= now && now <= ends;
  return [Number(kind !== 'self-signed'), Number(valid), Number(exact), Number(preferred), ends];
}
