import { Skeleton, Stack } from '@mantine/core';
import { useTexts } from '../texts/use-texts.ts';

/** Grey lines of the height of what will come, so that nothing jumps. */
export function WaitingRows({ count = 6, height = 28 }: { count?: number; height?: number }) {
  const { t } = useTexts();
  return (
    <Stack gap="sm" p="md" role="status" aria-label={t.common.loading}>
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} h={height} radius="sm" />
      ))}
    </Stack>
  );
}
