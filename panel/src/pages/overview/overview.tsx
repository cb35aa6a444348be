import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import * as queries from '../../api/queries.ts';
import { ActivityList } from '../../parts/activity-list.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { State, StateIcon } from '../../parts/state.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { Time } from '../../parts/time.tsx';
import { whenIdle } from '../../parts/when-idle.ts';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { Checklist } from './checklist.tsx';

export function Overview() {
  const { t } = useTexts();
  const isAdmin = useMay('admin');
  const mayAdd = useMay('domains:write');
  const { data: box } = useQuery({ ...queries.box, enabled: isAdmin });
  return (
    <Page
      title={t.overview.title}
      lead={box?.hostname}
      actions={
        mayAdd && (
          <Button component={Link} to="/domains/new" leftSection={<Plus size={16} aria-hidden />}>
            {t.addDomain.title}
          </Button>
        )
      }
    >
      <HealthCard />
      {isAdmin && <Checklist />}
      {isAdmin && <LaterCharts />}
      {isAdmin && <Recent />}
    </Page>
  );
}

const Charts = lazy(async () => ({ default: (await import('./charts.tsx')).Charts }));

/** Drawn when all else is there and was seen; the place is kept for them. */
function LaterCharts() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => whenIdle(() => setWanted(true)), []);
  const place = <div className="overview-charts" />;
  return wanted ? (
    <Suspense fallback={place}>
      <Charts />
    </Suspense>
  ) : (
    place
  );
}

function HealthCard() {
  const { t, format } = useTexts();
  const mayLook = useMay('admin');
  const { data, error, refetch } = useQuery(queries.health);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <WaitingRows count={2} />;
  const well = data.ready && data.problems.length === 0;
  return (
    <section className="card" aria-label={t.overview.health}>
      <Group p="md" gap="sm" wrap="nowrap" align="flex-start">
        <StateIcon tone={well ? 'good' : data.ready ? 'wait' : 'bad'} size={28} />
        <Stack gap={4} style={{ minWidth: 0 }}>
          <Text fw={600} size="lg" component="h2">
            {well ? t.overview.well : t.overview.needsYou}
          </Text>
          {well && (
            <Text size="sm" c="dimmed">
              {t.overview.wellLead}
            </Text>
          )}
          {data.problems.map((problem) => (
            <Text key={problem} size="sm">
              <Said>{problem}</Said>
            </Text>
          ))}
          {mayLook && (
            <TextLink to="/checks" size="sm">
              {t.checks.all}
            </TextLink>
          )}
        </Stack>
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 4 }} p="md" pt={0}>
        <Figure label={t.overview.zones}>{format.number(data.zones ?? 0)}</Figure>
        <Figure label={t.overview.zonesInTrouble}>
          <State tone={data.zonesInTrouble ? 'bad' : 'good'}>{format.number(data.zonesInTrouble ?? 0)}</State>
        </Figure>
        <Figure label={t.overview.since}>{data.startedAt && <Time value={data.startedAt} />}</Figure>
        <Figure label={t.overview.version}>{data.version}</Figure>
      </SimpleGrid>
    </section>
  );
}

function Figure({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={600} component="div">
        {children}
      </Text>
    </div>
  );
}

function Recent() {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(queries.activity);
  return (
    <Section title={t.overview.recent}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {data && <ActivityList entries={data.items} />}
      {!data && !error && <WaitingRows count={4} height={20} />}
    </Section>
  );
}
