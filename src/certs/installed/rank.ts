import type { Servable } from '../store.ts';

/** One that could serve a host. */
export interface Candidate {
  certificate: Pick<Servable, 'kind' | 'notBefore' | 'notAfter'>;
  /** For this very name, not by a wildcard. */
  exact: boolean;
}

/**
 * Orders candidates, those first that serve better at `now` (milliseconds since the epoch). An expired one of a CA goes before a
 * self-signed one that is valid: clients that look at the CA refuse both, and those that look at TLSA 3 1 1 know its key and no date
 * (RFC 7671 §5.1). Among equals a person's own goes first.
 */
export function byRank(now: number): (a: Candidate, b: Candidate) => number {
  return (a, b) => {
    const [left, right] = [marks(a, now), marks(b, now)];
    const index = left.findIndex((mark, at) => mark !== right[at]);
    return index < 0 ? 0 : right[index]! - left[index]!;
  };
}

function marks({ certificate, exact }: Candidate, now: number): number[] {
  const { kind, notBefore, notAfter } = certificate;
  const valid = notBefore <= now && now <= notAfter;
  return [Number(kind !== 'self-signed'), Number(valid), Number(exact), Number(kind === 'own'), notAfter];
}
