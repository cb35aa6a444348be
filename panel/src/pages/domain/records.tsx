import { Group, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import * as queries from '../../api/queries.ts';
import { More } from '../../parts/more.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { CustomRecords } from './custom-records.tsx';
import { groupsOf } from './record-groups.ts';
import { RecordGroupCard } from './record-group.tsx';

const levels = ['all', 'required', 'recommended', 'optional'] as const;
type Level = (typeof levels)[number];

/** Every record, by what it is for; the person's own ones first, where they are edited. */
export function Records() {
  const { t } = useTexts();
  const { domain: name } = useParams({ from: '/inside/domains/$domain' });
  const { data: domain } = useQuery(queries.domain(name));
  const list = useInfiniteQuery(queries.records(name));
  const [level, setLevel] = useState<Level>('all');
  const [search, setSearch] = useState('');
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
          <TextInput
            type="search"
            aria-label={t.records.search}
            placeholder={t.records.search}
            leftSection={<Search size={16} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            style={{ flex: '1 1 220px' }}
          />
          <SegmentedControl
            size="xs"
            aria-label={t.records.level}
            value={level}
            onChange={(value) => setLevel(value)}
            data={levels.map((value) => ({ value, label: t.records.levels[value] }))}
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
