import type { Texts } from '../../texts/en.ts';
import type { Format } from '../../texts/format.ts';

const GIBI = 2 ** 30;

/** Octets that are offered; 0: no limit. */
export const QUOTAS = [GIBI, 2 * GIBI, 5 * GIBI, 10 * GIBI, 25 * GIBI, 50 * GIBI, 100 * GIBI, 0] as const;

export function quotaChoices(
  quotas: readonly number[],
  format: Format,
  t: Texts,
): { value: string; label: string }[] {
  return quotas.map((quota) => ({
    value: String(quota),
    label: quota === 0 ? t.mailboxes.noQuota : format.octets(quota),
  }));
}
