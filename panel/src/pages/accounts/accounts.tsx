import { Box, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Search, UserPlus } from 'lucide-react';
import { useState } from 'react';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { AccountRow } from './account-row.tsx';
import { AddAccount } from './add-account.tsx';

/** So many are seen at a glance, without a search. */
const FEW = 8;

/** The people who look after the box. */
export function Accounts() {
  const { t } = useTexts();
  const { search = '' } = useSearch({ from: '/inside/accounts' });
  const navigate = useNavigate();
  const list = useInfiniteQuery({ ...queries.accounts(search), placeholderData: (before) => before });
  const [adding, setAdding] = useState(false);
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  // Once it is there it stays, whatever is found by it.
  const [searched, setSearched] = useState(false);
  if (!searched && (search !== '' || rows.length > FEW)) setSearched(true);
  const look = (text: string): void =>
    void navigate({ to: '/accounts', search: text === '' ? {} : { search: text }, replace: true });
  return (
    <Page
      title={t.accounts.title}
      lead={t.accounts.lead}
      width={860}
      actions={
        <Button leftSection={<UserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          {t.accounts.add}
        </Button>
      }
    >
      <section className="card" aria-label={t.accounts.title}>
        {searched && (
          <Box p="sm">
            <SearchField search={search} label={t.accounts.search} onSearch={look} />
          </Box>
        )}
        {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <WaitingRows count={3} />}
        <Box className="rows">
          {rows.map((account) => (
            <AccountRow key={account.id} account={account} />
          ))}
        </Box>
        {list.data && rows.length === 0 && <Empty icon={Search} title={t.accounts.notFound(search)} />}
        <More list={list} />
      </section>
      <AddAccount opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}
