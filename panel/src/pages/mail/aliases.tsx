import { Button, Group } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { AtSign, ListPlus, Plus, Search } from 'lucide-react';
import { useCallback, useState } from 'react';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { ListCard } from '../../parts/list-card.tsx';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { AddManyAliases } from './add-many.tsx';
import { AliasDialog } from './alias-dialog.tsx';
import { AliasRow, ROW_HEIGHT } from './alias-row.tsx';

export function Aliases() {
  const { t } = useTexts();
  const { search = '' } = useSearch({ from: '/inside/aliases' });
  const navigate = useNavigate();
  /** The one that is edited; `new`: one that is made. */
  const [edited, setEdited] = useState<queries.Alias | 'new'>();
  const [many, setMany] = useState(false);
  const list = useInfiniteQuery({ ...queries.aliases({ search }), placeholderData: (before) => before });
  const row = useCallback(
    (alias: queries.Alias) => <AliasRow alias={alias} edit={() => setEdited(alias)} />,
    [],
  );
  const add = (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setEdited('new')}>
      {t.aliases.add}
    </Button>
  );
  return (
    <Page
      title={t.aliases.title}
      lead={t.aliases.lead}
      actions={
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<ListPlus size={16} aria-hidden />}
            onClick={() => setMany(true)}
          >
            {t.addMany.open}
          </Button>
          {add}
        </Group>
      }
    >
      <ListCard
        list={list}
        label={t.aliases.title}
        search={search}
        searchLabel={t.mailboxes.search}
        onSearch={(text) =>
          void navigate({ to: '/aliases', search: text === '' ? {} : { search: text }, replace: true })
        }
        empty={
          search === '' ? (
            <Empty icon={AtSign} title={t.aliases.none} action={add}>
              {t.aliases.noneLead}
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
      <AddManyAliases opened={many} onClose={() => setMany(false)} />
      <AliasDialog edited={edited} close={() => setEdited(undefined)} />
    </Page>
  );
}
