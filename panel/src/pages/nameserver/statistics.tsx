import { Box, Group, SegmentedControl, SimpleGrid, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChartLine } from 'lucide-react';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { StackedChart } from './stacked-chart.tsx';
import { seriesOf } from './statistics-series.ts';

const spans = [5, 15, 60] as const;

/** What the nameserver is asked, and how it answers: the last minutes, going on while somebody looks. */
export function NameserverStatistics() {
  const { t, format } = useTexts();
  const { minutes = 15 } = useSearch({ from: '/inside/nameserver' });
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery({
    ...queries.nameserverStatistics(minutes),
    placeholderData: (before) => before,
  });
  return (
    <Page
      title={t.statistics.title}
      lead={t.statistics.lead}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t.statistics.span}
          value={String(minutes)}
          onChange={(value) =>
            void navigate({ to: '/nameserver', search: { minutes: Number(value) }, replace: true })
          }
          data={spans.map((span) => ({ value: String(span), label: format.duration(span * 60) }))}
        />
      }
    >
      {error && <Problem error={error} retry={() => void refetch()} />}
      {isPending && <WaitingRows />}
      {data?.samples.length === 0 && (
        <div className="card">
          <Empty icon={ChartLine} title={t.statistics.none}>
            {t.statistics.noneLead}
          </Empty>
        </div>
      )}
      {data && data.samples.length > 0 && (
        <>
          <Figures samples={data.samples} />
          <TopZones zones={data.zones} />
          <Latency latency={data.latency} />
          <Chart title={t.statistics.byType} samples={data.samples} pick={({ types }) => types} />
          <Chart title={t.statistics.byCode} samples={data.samples} pick={({ rcodes }) => rcodes} />
          <Chart
            title={t.statistics.byTransport}
            samples={data.samples}
            pick={({ queries: by }) =>
              Object.entries(by).map(([name, count]) => ({ name: name.toUpperCase(), count }))
            }
          />
        </>
      )}
    </Page>
  );
}

function Chart({
  title,
  samples,
  pick,
}: {
  title: string;
  samples: readonly queries.Sample[];
  pick: (sample: queries.Sample) => readonly { name: string; count: number }[];
}) {
  const { t, format } = useTexts();
  const { names, points } = seriesOf(samples, pick, t.statistics.others);
  const timeOf = (sample: queries.Sample | undefined): string =>
    sample ? format.time(new Date(sample.at)) : '';
  return (
    <Section title={title}>
      <StackedChart
        label={title}
        names={names}
        points={points}
        format={(rate) => t.statistics.perSecond(format.number(rate))}
        from={timeOf(samples[0])}
        to={timeOf(samples.at(-1))}
      />
    </Section>
  );
}

/** What came of it in all, in numbers. */
function Figures({ samples }: { samples: readonly queries.Sample[] }) {
  const { t, format } = useTexts();
  const sums = sumOf(samples);
  return (
    <section className="card" aria-label={t.statistics.sums}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} p="md">
        {Object.entries(sums).map(([key, count]) => (
          <Group key={key} gap={0} align="flex-start">
            <div>
              <Text size="xs" c="dimmed">
                {t.statistics.figures[key as keyof typeof sums]}
              </Text>
              <Text fw={600}>{format.number(count)}</Text>
            </div>
          </Group>
        ))}
      </SimpleGrid>
    </section>
  );
}

/** Who is asked most, and whether for names that there are. */
function TopZones({ zones }: { zones: queries.Statistics['zones'] }) {
  const { t, format } = useTexts();
  if (zones.length === 0) return null;
  return (
    <Section title={t.statistics.zones} lead={t.statistics.zonesLead}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.statistics.zone}</Table.Th>
            <Table.Th ta="right">{t.statistics.figures.queries}</Table.Th>
            <Table.Th ta="right">{t.statistics.nameErrors}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {zones.map(({ zone, queries: count, nameErrors }) => (
            <Table.Tr key={zone}>
              <Table.Td style={{ overflowWrap: 'anywhere', minWidth: '8rem' }}>{zone}</Table.Td>
              <Table.Td ta="right">{format.number(count)}</Table.Td>
              <Table.Td ta="right">{format.number(nameErrors)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

/** How long answers took, for each transport. */
function Latency({ latency }: { latency: queries.Statistics['latency'] }) {
  const { t, format } = useTexts();
  if (latency.length === 0) return null;
  const atMost = (bound: number | null): string =>
    bound === null
      ? t.statistics.longerThan(t.statistics.milliseconds(format.number(1000)))
      : t.statistics.atMost(t.statistics.milliseconds(format.number(bound)));
  return (
    <Section title={t.statistics.latency} lead={t.statistics.latencyLead}>
      <Box style={{ overflowX: 'auto' }} tabIndex={0} role="group" aria-label={t.statistics.latency}>
        <Table miw={420}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.statistics.transport}</Table.Th>
              <Table.Th ta="right">{t.statistics.answers}</Table.Th>
              <Table.Th ta="right">{t.statistics.mean}</Table.Th>
              <Table.Th ta="right">{t.statistics.half}</Table.Th>
              <Table.Th ta="right">{t.statistics.nearlyAll}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {latency.map(({ transport, answers, mean, median, p99 }) => (
              <Table.Tr key={transport}>
                <Table.Td>{transport.toUpperCase()}</Table.Td>
                <Table.Td ta="right">{format.number(answers)}</Table.Td>
                <Table.Td ta="right">{t.statistics.milliseconds(format.number(mean))}</Table.Td>
                <Table.Td ta="right">{atMost(median)}</Table.Td>
                <Table.Td ta="right">{atMost(p99)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
    </Section>
  );
}

/** What came of all of it, beside the answers. */
function sumOf(samples: readonly queries.Sample[]) {
  const sum = (count: (sample: queries.Sample) => number): number =>
    samples.reduce((total, sample) => total + count(sample), 0);
  return {
    queries: sum(({ queries: { udp, tcp, tls, https } }) => udp + tcp + tls + https),
    truncated: sum(({ truncated }) => truncated),
    slipped: sum(({ limited }) => limited.slipped),
    dropped: sum(({ limited }) => limited.dropped),
    malformed: sum(({ malformed }) => malformed),
    shed: sum(({ shed }) => shed),
    whole: sum(({ transfers }) => transfers.whole),
    difference: sum(({ transfers }) => transfers.difference),
  };
}
