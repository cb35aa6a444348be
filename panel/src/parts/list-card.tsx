import { Group } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { Problem } from './problem.tsx';
import { WaitingRows } from './rows.tsx';
import { SearchField } from './search-field.tsx';
import { VirtualRows } from './virtual-rows.tsx';

/** What a list needs to know of an endless query. */
interface Paged<T> {
  data: { pages: { items: T[] }[] } | undefined;
  error: unknown;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

interface ListCardProps<T> {
  list: Paged<T>;
  label: string;
  /** What is searched for, as the address of the page says. */
  search: string;
  searchLabel: string;
  onSearch: (text: string) => void;
  /** Beside the search. */
  filter?: ReactNode;
  /** In place of rows where there are none. */
  empty: ReactNode;
  rowHeight: number;
  keyOf: (row: T) => string;
  /** The same function each time (virtual-rows.tsx). */
  children: (row: T) => ReactNode;
}

/** A long list with its search: rows are fetched as they are scrolled to, and only those that are seen are in the page. */
export function ListCard<T>(props: ListCardProps<T>) {
  const { list, label, search, searchLabel, onSearch, filter, empty, rowHeight, keyOf, children } = props;
  const pages = list.data?.pages;
  const rows = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  const more = list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined;
  const isWhole = !list.hasNextPage;
  return (
    <section className="card" aria-label={label}>
      <Group p="sm" gap="sm">
        <SearchField search={search} label={searchLabel} onSearch={onSearch} />
        {filter}
      </Group>
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <WaitingRows />}
      {list.data && rows.length === 0 && empty}
      <VirtualRows {...{ rows, rowHeight, keyOf, more, isWhole, label }}>{children}</VirtualRows>
    </section>
  );
}
