import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Mails, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { ListCard } from '../../parts/list-card.tsx';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { AddMailbox } from './add-mailbox.tsx';
import { MailboxRow, ROW_HEIGHT } from './mailbox-row.tsx';

const row = (mailbox: queries.Mailbox) => <MailboxRow mailbox={mailbox} />;

export function Mailboxes() {
  const { t } = useTexts();
  const { search = '', state = 'active' } = useSearch({ from: '/inside/mailboxes' });
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const list = useInfiniteQuery({
    ...queries.mailboxes({ search, state }),
    placeholderData: (before) => before,
  });
  const add = (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t.mailboxes.add}
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
    <Page title={t.mailboxes.title} lead={t.mailboxes.lead} actions={add}>
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
    </Page>
  );
}
