/** Longer words are compared by their beginning: the work is the product of the lengths. */
const LONGEST = 255;

/**
 * How many letters have to be inserted, left out, replaced or swapped with their neighbour to make `b` of `a`: the Damerau–Levenshtein
 * distance, where no letter is changed twice (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  const [from, to] = [Array.from(a).slice(0, LONGEST), Array.from(b).slice(0, LONGEST)];
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  from.forEach((letter, i) => {
    const next = [i + 1];
    to.forEach((other, j) => {
      const replaced = row[j]! + (letter === other ? 0 : 1);
      const swapped = i > 0 && j > 0 && letter === to[j - 1] && from[i - 1] === other;
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, replaced, swapped ? before[j - 1]! + 1 : Infinity));
    });
    [before, row] = [row, next];
  });
  return row.at(-1)!;
}

/** The candidates that `word` may be a slip of, the nearest first and at most `most` of them; capitals do not matter. */
export function similar(word: string, candidates: Iterable<string>, most = 3): string[] {
  const typed = word.toLowerCase();
  // One slip in four letters, three at most; in words of two or three letters one.
  const limit = Math.max(1, Math.min(3, Math.floor(typed.length / 4)));
  const near: { candidate: string; distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    if (Math.abs(candidate.length - typed.length) > limit) continue;
    const distance = editDistance(typed, candidate.toLowerCase());
    if (distance <= limit && distance < candidate.length) near.push({ candidate, distance });
  }
  return near
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}
