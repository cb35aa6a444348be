/** RFC 1982 §3.2: half of the number space. */
const HALF = 0x8000_0000;

/**
 * The serial of the next version: seconds since the epoch, or the last one + 1 when that is not later in the sense of RFC 1982.
 */
export function nextSerial(last: number | undefined, now: number): number {
  const time = now >>> 0;
  if (last === undefined) return time;
  const ahead = (time - last) >>> 0;
  return ahead > 0 && ahead < HALF ? time : (last + 1) >>> 0;
}
