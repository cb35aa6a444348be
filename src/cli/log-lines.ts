/**
 * The lines of a log that came since it was last read; both times they are its last ones, as many as are shown. Those of before that are still
 * there begin the later ones; undefined when none is: more came than are shown, and some were missed.
 */
export function linesSince(before: readonly string[], now: readonly string[]): string[] | undefined {
  if (before.length === 0) return [...now];
  for (let from = Math.max(0, before.length - now.length); from < before.length; from++) {
    const kept = before.length - from;
    if (now.slice(0, kept).every((line, i) => line === before[from + i])) return now.slice(kept);
  }
  return undefined;
}
