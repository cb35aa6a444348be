/** RFC 1982 §3.2: half of the number space. */
const HALF = 0x8000_0000;
const DAY = 86_400;

/** Seconds for which a step back waits: a secondary that has not asked for so long has let the zone expire (derive/soa). */
const HOLD = 14 * DAY;
/** Seconds after that in which the step must end: longer than signatures are valid, so that there is a new version in any case. */
const END = 21 * DAY;
/** Serials for the versions in between, which must not be half of all numbers above the one that was ahead either. */
const BETWEEN = DAY;
/** Seconds by which a serial may be ahead without a word: many versions in little time, a clock that was set right. */
const MAX_AHEAD = DAY;

/**
 * The serial of the next version: seconds since the epoch, or the last one + 1 when that is not later in the sense of RFC 1982, or
 * while a step back waits for the secondaries. Never zero.
 */
export function nextSerial(last: number | undefined, now: number): number {
  const time = now >>> 0;
  if (last === undefined) return notZero(time);
  const ahead = (time - last) >>> 0;
  return notZero(ahead > 0 && ahead < HALF && heldFor(last, now) === 0 ? time : last + 1);
}

/** RFC 1982 §7: zero is a serial like any other, but many take it for a special one. */
function notZero(serial: number): number {
  return serial >>> 0 || 1;
}

/** Seconds by which a serial is ahead of the time in the sense of RFC 1982; 0 when it is not, or by a day at most. */
export function secondsAhead(serial: number, now: number): number {
  const ahead = (serial - now) >>> 0;
  return ahead > MAX_AHEAD && ahead < HALF ? ahead : 0;
}

/**
 * RFC 1982 §3.2: a number is later than another when it is less than half of all numbers behind it. So the way back leads around:
 * to this serial, which is later than the one that is ahead, and then to the time, which is later than this one.
 * @returns undefined when the clock catches up sooner than the way around would take
 */
export function stepBack(serial: number, now: number): number | undefined {
  return secondsAhead(serial, now) > HOLD + END + BETWEEN ? notZero(now + HALF + HOLD + END) : undefined;
}

/**
 * Seconds for which a step back still waits for the secondaries; 0 when none does. The time moves away from such a serial, and must be
 * taken before it is half of all numbers away. No other serial is there: it would be 68 years old.
 */
export function heldFor(serial: number, now: number): number {
  const left = HALF - END - ((now - serial) >>> 0);
  // As many versions as seconds would still be held.
  return left > 0 && left <= 2 * HOLD ? left : 0;
}

/** What to say of a serial that is not what the clock says; undefined when all is well. */
export function serialWarning(serial: number, now: number): string | undefined {
  const held = heldFor(serial, now);
  if (held > 0)
    return `The serial ${serial} is a step of the way back; it goes on to the time in ${days(held)}, when every secondary has it.`;
  const ahead = secondsAhead(serial, now);
  if (ahead === 0) return undefined;
  const said = `The serial ${serial} is ${days(ahead)} ahead of the clock: that was wrong once, or is now.`;
  const step = stepBack(serial, now);
  const way = step === undefined ? 'the clock catches up by itself' : `the way back begins with ${step}`;
  return `${said} Secondaries follow all the same, and ${way}; see docs/serials.md.`;
}

function days(seconds: number): string {
  const whole = Math.round(seconds / DAY);
  return whole <= 1 ? 'a day' : `${whole} days`;
}
