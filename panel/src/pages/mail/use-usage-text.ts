import { useTexts } from '../../texts/use-texts.ts';

/** In words: how much is held of a quota (0: none); without `octets` the quota alone. */
export function useUsageText(): (octets: number | undefined, quota: number) => string {
  const { t, format } = useTexts();
  return (octets, quota) => {
    if (octets === undefined)
      return quota === 0 ? t.mailboxes.noQuota : t.mailboxes.quotaOf(format.octets(quota));
    const held = format.octets(octets);
    return quota === 0 ? t.mailboxUsage.without(held) : t.mailboxUsage.of(held, format.octets(quota));
  };
}
