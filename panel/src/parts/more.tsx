import { Button } from '@mantine/core';
import { useTexts } from '../texts/use-texts.ts';

interface MoreProps {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** Below a list of which not all is there: fetches what comes next. */
export function More({ list }: MoreProps) {
  const { t } = useTexts();
  if (!list.hasNextPage) return null;
  return (
    <Button
      m="md"
      variant="default"
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {t.common.more}
    </Button>
  );
}
