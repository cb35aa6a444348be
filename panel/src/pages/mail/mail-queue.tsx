import { Box, Button, Group, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { QueueMessage } from './queue-message.tsx';

const route = getRouteApi('/inside/mail-queue');

/** Milliseconds without a key after which the box is asked: Postfix reads all of its queue for an answer. */
const PAUSE = 400;

/** What Postfix did not hand on yet, and what can be done about it. */
export function MailQueue() {
  const { t, format } = useTexts();
  const { address = '', reason = '' } = route.useSearch();
  const list = useInfiniteQuery({
    ...queries.mailQueue({ address, reason }),
    placeholderData: keepPreviousData,
  });
  const messages = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const counts = Object.entries(list.data?.pages[0]?.counts ?? {});
  const retryAll = useAction(async () => {
    await answerOf(api.mail.queue.$post({ json: { action: 'retry' } }));
    await client.invalidateQueries({ queryKey: ['mail', 'queue'] });
  });
  return (
    <Page
      title={t.mailQueue.title}
      lead={t.mailQueue.lead}
      actions={
        messages.length > 0 && (
          <Button
            variant="default"
            leftSection={<RotateCw size={16} aria-hidden />}
            loading={retryAll.busy}
            onClick={retryAll.run}
          >
            {t.mailQueue.retryAll}
          </Button>
        )
      }
    >
      {retryAll.error !== undefined && <Problem error={retryAll.error} />}
      <section className="card" aria-label={t.mailQueue.title}>
        <Filters />
        {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <WaitingRows />}
        {counts.length > 0 && (
          <Text px="md" pb="sm" size="sm" c="dimmed" aria-live="polite">
            {counts
              .map(([queue, count]) =>
                t.mailQueue.counts(
                  format.number(count),
                  t.mailQueue.queues[queue as keyof typeof t.mailQueue.queues],
                ),
              )
              .join(' · ')}
          </Text>
        )}
        {list.data && messages.length === 0 && (
          <Text p="md" size="sm" c="dimmed">
            {address === '' && reason === '' ? t.mailQueue.none : t.mailQueue.notFound}
          </Text>
        )}
        <Box className="rows">
          {messages.map((message) => (
            <QueueMessage key={message.id} message={message} />
          ))}
        </Box>
        <More list={list} />
      </section>
    </Page>
  );
}

/** By what the queue is looked through, as the address of the page has it. */
function Filters() {
  const { t } = useTexts();
  const found = route.useSearch();
  const navigate = route.useNavigate();
  const look = (some: Partial<typeof found>): void =>
    void navigate({ search: (before) => ({ ...before, ...some }), replace: true });
  return (
    <Group p="sm" gap="sm">
      <SearchField
        search={found.address ?? ''}
        label={t.mailQueue.search}
        pause={PAUSE}
        onSearch={(text) => look({ address: text === '' ? undefined : text })}
      />
      <SearchField
        search={found.reason ?? ''}
        label={t.mailQueue.reason}
        pause={PAUSE}
        onSearch={(text) => look({ reason: text === '' ? undefined : text })}
      />
    </Group>
  );
}
