import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Hooks } from './hooks.ts';

/** Failures that are named; of many the rest is a number. */
const NAMED = 10;

/** What is wrong with hooks, a sentence each, for the person. */
export function hookSentences({ troubles, refused }: Pick<Hooks, 'troubles' | 'refused'>): string[] {
  const failed = troubles();
  const more = failed.length - NAMED;
  return [
    ...refused().map(({ reason }) => `A hook is not run: ${reason}.`),
    ...failed
      .slice(0, NAMED)
      .map(
        ({ hook, name, reason, retryAt }) =>
          `The hook ${hook} failed for the certificate of ${name} (${reason}); it is tried again at ${toRfc3339(retryAt)}, and the log has what it printed.`,
      ),
    ...(more > 0 ? [`Hooks failed for ${more} more certificates; the log names them.`] : []),
  ];
}
