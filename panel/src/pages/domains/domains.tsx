import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FileUp, Globe, ListPlus, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { ListCard } from '../../parts/list-card.tsx';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { AddMany } from './add-many.tsx';
import { DomainRow, ROW_HEIGHT } from './domain-row.tsx';
import { FilterFields } from './filter-fields.tsx';
import { type DomainSearch, wantedOf } from './filter.ts';

const row = (domain: queries.Domain) => <DomainRow domain={domain} />;

export function Domains() {
  const { t } = useTexts();
  const filter = useSearch({ from: '/inside/domains' });
  const { search = '' } = filter;
  const navigate = useNavigate();
  const mayAdd = useMay('domains:write');
  const [many, setMany] = useState(false);
  const list = useInfiniteQuery({
    ...queries.domains(wantedOf(filter)),
    placeholderData: (before) => before,
  });
  const put = (next: DomainSearch): void =>
    void navigate({ to: '/domains', search: { ...filter, ...next }, replace: true });
  const isFiltered = filter.state !== undefined || filter.mail !== undefined;
  const showAll = (
    <Button variant="default" onClick={() => put({ state: undefined, mail: undefined })}>
      {t.domains.showAll}
    </Button>
  );
  const add = mayAdd && (
    <Button component={Link} to="/domains/new" leftSection={<Plus size={16} aria-hidden />}>
      {t.addDomain.title}
    </Button>
  );
  const importZone = mayAdd && (
    <Button
      component={Link}
      to="/domains/import"
      variant="default"
      leftSection={<FileUp size={16} aria-hidden />}
    >
      {t.importZone.open}
    </Button>
  );
  const addMany = mayAdd && (
    <Button variant="default" leftSection={<ListPlus size={16} aria-hidden />} onClick={() => setMany(true)}>
      {t.addMany.open}
    </Button>
  );
  return (
    <Page
      title={t.domains.title}
      lead={t.domains.lead}
      actions={
        <>
          {importZone}
          {addMany}
          {add}
        </>
      }
    >
      <ListCard
        list={list}
        label={t.domains.title}
        search={search}
        searchLabel={t.domains.search}
        onSearch={(text) => put({ search: text === '' ? undefined : text })}
        filter={<FilterFields filter={filter} put={put} />}
        empty={
          isFiltered ? (
            <Empty icon={Search} title={t.domains.noneFits} action={showAll} />
          ) : search === '' ? (
            <Empty icon={Globe} title={t.domains.none} action={add}>
              {t.domains.noneLead}
            </Empty>
          ) : (
            <Empty icon={Search} title={t.domains.notFound(search)} />
          )
        }
        rowHeight={ROW_HEIGHT}
        keyOf={({ name }) => name}
      >
        {row}
      </ListCard>
      <AddMany opened={many} onClose={() => setMany(false)} />
    </Page>
  );
}
