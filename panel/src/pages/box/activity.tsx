import { Box } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import * as queries from '../../api/queries.ts';
import { ActivityList } from '../../parts/activity-list.tsx';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** Who did what, all of it. */
export function Activity() {
  const { t } = useTexts();
  const list = useInfiniteQuery(queries.log);
  return (
    <Page title={t.activity.title} lead={t.activity.lead}>
      <section className="card" aria-label={t.activity.title}>
        {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <WaitingRows />}
        {list.data && (
          <Box px="md" py="xs">
            <ActivityList entries={list.data.pages.flatMap(({ items }) => items)} />
          </Box>
        )}
        <More list={list} />
      </section>
    </Page>
  );
}
