import { Group, SegmentedControl, Stack } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import * as queries from '../../api/queries.ts';
import { More } from '../../parts/more.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { CustomRecords } from './custom-records.tsx';
import { groupsOf } from './record-groups.ts';
import { RecordGroupCard } from './record-group.tsx';
import { recordLevels, type RecordSearch } from './record-search.ts';

/** Every record, by what it is for; the person's own ones first, where they are edited. */
export function Records() {
  const { t } = useTexts();
  const { domain: name } = useParams({ from: '/inside/domains/$domain' });
  const { data: domain } = useQuery(queries.domain(name));
  const list = useInfiniteQuery(queries.records(name));
  const wanted = useSearch({ from: '/inside/domains/$domain/' });
  const { search = '', level = 'all' } = wanted;
  const navigate = useNavigate();
  const put = (next: RecordSearch): void =>
    void navigate({
      to: '/domains/$domain',
      params: { domain: name },
      search: { ...wanted, ...next },
      replace: true,
    });
  const records = (list.data?.pages.flatMap(({ items }) => items) ?? []).filter(
    (record) =>
      record.source !== 'custom' &&
      (level === 'all' || record.level === level) &&
      `${record.owner} ${record.type} ${record.value}`.toLowerCase().includes(search.trim().toLowerCase()),
  );
  return (
    <Stack>
      {domain?.zone && <CustomRecords zone={domain.zone} />}
      <section className="card" aria-label={t.records.derived}>
        <Group p="md" pb="sm" gap="sm" justify="space-between">
          <SearchField
            search={search}
            label={t.records.search}
            onSearch={(text) => put({ search: text === '' ? undefined : text })}
          />
          <SegmentedControl
            size="xs"
            aria-label={t.records.level}
            value={level}
            onChange={(value) => put({ level: recordLevels.find((one) => one === value) })}
            data={(['all', ...recordLevels] as const).map((value) => ({
              value,
              label: t.records.levels[value],
            }))}
          />
        </Group>
        {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <WaitingRows />}
        <div className="rows">
          {groupsOf(records).map((group) => (
            <RecordGroupCard key={group.why} group={group} domain={name} />
          ))}
        </div>
        <More list={list} />
      </section>
    </Stack>
  );
}
