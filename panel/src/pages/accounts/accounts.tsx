import { Box, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import * as queries from '../../api/queries.ts';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { AccountRow } from './account-row.tsx';
import { AddAccount } from './add-account.tsx';

/** The people who look after the box. */
export function Accounts() {
  const { t } = useTexts();
  const list = useInfiniteQuery(queries.accounts);
  const [adding, setAdding] = useState(false);
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
        {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <WaitingRows count={3} />}
        <Box className="rows">
          {list.data?.pages
            .flatMap(({ items }) => items)
            .map((account) => (
              <AccountRow key={account.id} account={account} />
            ))}
        </Box>
        <More list={list} />
      </section>
      <AddAccount opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}
