import type { SecondaryTrouble } from './certs/challenges/secondary-troubles.ts';
import type { Hooks } from './certs/hooks/hooks.ts';
import { type Found, told } from './checks/sentences.ts';
import { toRfc3339 } from './core/rfc3339.ts';
import type { DkimSchedule } from './mail/dkim/service.ts';

/** Failures of hooks that are named; of many the rest is a number. */
const NAMED = 10;

/** What a person reads of a secondary that is in trouble. */
export function secondaryFound({ secondary, address, reason, since, retryAt }: SecondaryTrouble): Found {
  return told(`secondary-${reason}`, {
    secondary: `${secondary.toText()}${address === undefined ? '' : ` (${address})`}`,
    since: toRfc3339(since),
    again: toRfc3339(retryAt),
  });
}

/** What is wrong with hooks. */
export function hooksFound({ troubles, refused }: Pick<Hooks, 'troubles' | 'refused'>): Found[] {
  const failed = troubles();
  const more = failed.length - NAMED;
  return [
    ...refused().map(({ reason }) => told('hook-refused', { reason })),
    ...failed
      .slice(0, NAMED)
      .map(({ hook, name, reason, retryAt }) =>
        told('hook-failed', { hook, name, reason, again: toRfc3339(retryAt) }),
      ),
    ...(more > 0 ? [told('hooks-failed', { count: `${more}` })] : []),
  ];
}

/** Which DKIM keys cannot be replaced. */
export function dkimFound({ troubled, troubledCount }: DkimSchedule): Found[] {
  const named = troubled.map(({ domain, reason }) => told('dkim-waits', { domain: domain.toText(), reason }));
  const rest = troubledCount - named.length;
  return rest > 0 ? [...named, told('dkim-waits-more', { count: `${rest}` })] : named;
}

export const sentencesOf = (found: readonly Found[]): string[] => found.map(({ sentence }) => sentence);
