/** RFC 3339 §5.6: a year has four digits. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Milliseconds since the epoch as RFC 3339 in UTC; what it cannot say is the first or the last moment that it can. */
export function toRfc3339(milliseconds: number): string {
  return new Date(Math.min(Math.max(milliseconds, FIRST), LAST)).toISOString();
}
