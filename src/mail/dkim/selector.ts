import type { DkimRecordKey } from '../../zones/model.ts';

const prefixes: Record<DkimRecordKey['algorithm'], string> = { rsa: 'rsa', ed25519: 'ed' };

/**
 * A selector that says algorithm, year, month, and by a letter which one of that month: `rsa2611a`, `ed2611b`. None of `taken` comes
 * again, as resolvers may still have its old key.
 */
export function newSelector(
  algorithm: DkimRecordKey['algorithm'],
  now: number,
  taken: ReadonlySet<string>,
): string {
  const date = new Date(now).toISOString();
  const stem = `${prefixes[algorithm]}${date.slice(2, 4)}${date.slice(5, 7)}`;
  for (let index = 0; ; index++) {
    const selector = stem + letters(index);
    if (!taken.has(selector)) return selector;
  }
}

/** a … z, aa, ab … */
function letters(index: number): string {
  const last = String.fromCharCode(0x61 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
