import type { Random } from '../../core/random.ts';
import type { Schedule, StoredCertificate, Suggestion } from '../store.ts';

const HOUR = 3_600_000;
/** Between two questions for the CA's suggestion, when it does not say (RFC 9773 §4.3.3). */
const CHECK = 6 * HOUR;
/** RFC 9773 §4.3.2: longer or shorter waits that a CA asks for are cut. */
const SHORTEST_CHECK = 60_000;
const LONGEST_CHECK = 24 * HOUR;

/**
 * When a certificate is renewed without a suggestion of the CA's: at two thirds of its lifetime, up to a fiftieth of it earlier,
 * so that those which came together do not go together.
 */
export function renewalTime({ notBefore, notAfter }: Lifetime, random: Random): Schedule {
  const lifetime = notAfter - notBefore;
  const at = Math.round(notBefore + (lifetime * 2) / 3 - (random.float() * lifetime) / 50);
  return { at, why: 'two thirds of its lifetime' };
}

type Lifetime = Pick<StoredCertificate, 'notBefore' | 'notAfter'>;

/** Takes a window of the CA's: a moment in it drawn at random (RFC 9773 §4.2), which stays while the window does. */
export function suggestionOf(
  window: { start: string; end: string; retryAfter: number | undefined },
  before: Suggestion | undefined,
  now: number,
  random: Random,
): Suggestion {
  const start = Date.parse(window.start);
  const end = Math.max(Date.parse(window.end), start);
  const same = before?.start === start && before.end === end;
  const at = same ? before.at : Math.round(start + random.float() * (end - start));
  return { at, start, end, checkAt: nextCheck(now, window.retryAfter) };
}

export function nextCheck(now: number, retryAfter: number | undefined): number {
  return now + Math.min(Math.max(retryAfter ?? CHECK, SHORTEST_CHECK), LONGEST_CHECK);
}

/** The CA's moment, unless it is so late that a failure could not be made good. */
export function renewalSchedule(
  lifetime: Lifetime,
  suggestion: Suggestion | undefined,
  random: Random,
): Schedule {
  const latest = lifetime.notAfter - (lifetime.notAfter - lifetime.notBefore) / 10;
  if (suggestion?.at === undefined) return renewalTime(lifetime, random);
  return { at: Math.min(suggestion.at, latest), why: 'the CA suggests it (ARI)' };
}
