import { Box, Progress } from '@mantine/core';
import { useTexts } from '../../texts/use-texts.ts';

/** Percent from which on a bar warns; Dovecot writes to the user at the same. */
const ALMOST = 80;
const FULL = 95;

interface UsageBarProps {
  address: string;
  /** undefined: not known (yet). */
  octets: number | undefined;
  /** 0: no limit. */
  quota: number;
  /** Pixels. */
  height: number;
  width?: number;
}

/** How full a mailbox is. Where that is not known its place is kept, so that nothing moves when it is. */
export function UsageBar({ address, octets, quota, height, width }: UsageBarProps) {
  const { t } = useTexts();
  if (octets === undefined || quota === 0) return <Box h={height} mt={3} />;
  const percent = Math.floor((100 * octets) / quota);
  const colour =
    percent >= FULL ? 'var(--panel-bad)' : percent >= ALMOST ? 'var(--panel-wait)' : 'var(--panel-good)';
  return (
    <Progress
      mt={3}
      h={height}
      {...(width !== undefined && { w: width, maw: '100%' })}
      radius="xl"
      color={colour}
      value={Math.min(100, percent)}
      aria-label={t.mailboxUsage.bar(address)}
    />
  );
}
