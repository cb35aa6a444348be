/** Milliseconds; a CA that asks for more (by mistake, it must be) is asked again after this. */
const LONGEST = 7 * 86_400_000;

/** Milliseconds from now that a Retry-After header (RFC 9110 §10.2.3: seconds or a date) asks for. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const delay = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(delay) ? undefined : Math.min(Math.max(delay, 0), LONGEST);
}
