import { Button, Group, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ListPlus, Mails, Plus, Search } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { ListCard } from '../../parts/list-card.tsx';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { AddMailbox } from './add-mailbox.tsx';
import { AddManyMailboxes } from './add-many.tsx';
import { MailboxRow, ROW_HEIGHT } from './mailbox-row.tsx';

export function Mailboxes() {
  const { t } = useTexts();
  const { search = '', state = 'active' } = useSearch({ from: '/inside/mailboxes' });
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [many, setMany] = useState(false);
  const list = useInfiniteQuery({
    ...queries.mailboxes({ search, state }),
    placeholderData: (before) => before,
  });
  const { data, isPlaceholderData } = list;
  const cursorOf = useMemo(() => cursors(data), [data]);
  // The same from one look to the next: rows are drawn anew only when it changes.
  const row = useCallback(
    (mailbox: queries.Mailbox) => {
      const cursor = cursorOf.get(mailbox.address);
      // What is shown until the answer comes is of another search.
      const isKnown = state === 'active' && !isPlaceholderData && cursor !== undefined;
      return <MailboxRow mailbox={mailbox} place={isKnown ? { search, cursor } : undefined} />;
    },
    [cursorOf, search, state, isPlaceholderData],
  );
  const add = (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t.mailboxes.add}
    </Button>
  );
  const addMany = (
    <Button variant="default" leftSection={<ListPlus size={16} aria-hidden />} onClick={() => setMany(true)}>
      {t.addMany.open}
    </Button>
  );
  const put = (next: { search?: string; state?: 'active' | 'retired' }): void => {
    const { search: text, state: kind } = { search, state, ...next };
    void navigate({
      to: '/mailboxes',
      search: { ...(text !== '' && { search: text }), ...(kind === 'retired' && { state: kind }) },
      replace: true,
    });
  };
  return (
    <Page
      title={t.mailboxes.title}
      lead={t.mailboxes.lead}
      actions={
        <Group gap="xs">
          {addMany}
          {add}
        </Group>
      }
    >
      <ListCard
        list={list}
        label={t.mailboxes.title}
        search={search}
        searchLabel={t.mailboxes.search}
        onSearch={(text) => put({ search: text })}
        filter={
          <SegmentedControl
            size="xs"
            aria-label={t.mailboxes.state}
            value={state}
            onChange={(value) => put({ state: value })}
            data={(['active', 'retired'] as const).map((value) => ({
              value,
              label: t.mailboxes.states[value],
            }))}
          />
        }
        empty={
          state === 'retired' ? (
            <Empty icon={Mails} title={t.mailboxes.noneRetired} />
          ) : search === '' ? (
            <Empty icon={Mails} title={t.mailboxes.none} action={add}>
              {t.mailboxes.noneLead}
            </Empty>
          ) : (
            <Empty icon={Search} title={t.mailboxes.notFound(search)} />
          )
        }
        rowHeight={ROW_HEIGHT}
        keyOf={({ address }) => address}
      >
        {row}
      </ListCard>
      <AddMailbox opened={adding} onClose={() => setAdding(false)} />
      <AddManyMailboxes opened={many} onClose={() => setMany(false)} />
    </Page>
  );
}

/** Where the page of the list begins that has the mailbox. */
function cursors(
  data: { pages: { items: queries.Mailbox[] }[]; pageParams: unknown[] } | undefined,
): ReadonlyMap<string, string> {
  const all = data?.pages.flatMap(({ items }, page) =>
    items.map(({ address }) => [address, String(data.pageParams[page])] as const),
  );
  return new Map(all);
}
