import { type Random, randomInteger } from '../../core/random.ts';
import type { DkimRecordKey } from '../../zones/model.ts';

const prefixes: Record<DkimRecordKey['algorithm'], string> = { rsa: 'rsa', ed25519: 'ed' };

/** Of 26 each: one in half a million comes again where nobody remembers it. */
const LETTERS = 4;

/**
 * A selector that says algorithm, year and month, with letters at random: `rsa2611kqzd`. None comes again, as resolvers may still have its old
 * key: neither one of `taken`, nor, but for a rare chance, one of a domain that was removed and is added again, or of what came after a
 * backup that was put back.
 */
export function newSelector(
  algorithm: DkimRecordKey['algorithm'],
  now: number,
  taken: ReadonlySet<string>,
  random: Random,
): string {
  const date = new Date(now).toISOString();
  const stem = `${prefixes[algorithm]}${date.slice(2, 4)}${date.slice(5, 7)}`;
  for (;;) {
    const selector = stem + letters(random);
    if (!taken.has(selector)) return selector;
  }
}

const letters = (random: Random): string =>
  Array.from({ length: LETTERS }, () => String.fromCharCode(0x61 + randomInteger(random, 26))).join('');
