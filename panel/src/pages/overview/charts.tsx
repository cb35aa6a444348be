import { SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as queries from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { StackedChart } from '../nameserver/stacked-chart.tsx';
import { seriesOf } from '../nameserver/statistics-series.ts';
import { mailByHour, mailKinds } from './mail-by-hour.ts';

/** What the nameserver is asked, and what mail passes. */
export function Charts() {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} className="overview-charts">
      <QueryChart />
      <MailChart />
    </SimpleGrid>
  );
}

/** Minutes of queries. */
const SPAN = 15;

function QueryChart() {
  const { t, format } = useTexts();
  const { data } = useQuery(queries.nameserverStatistics(SPAN));
  const samples = data?.samples ?? [];
  const { names, points } = seriesOf(samples, ({ types }) => types, t.statistics.others);
  const timeOf = (sample: queries.Sample | undefined): string =>
    sample ? format.time(new Date(sample.at)) : '';
  return (
    <Section
      title={t.overview.queries}
      actions={
        <TextLink to="/nameserver" size="sm">
          {t.statistics.title}
        </TextLink>
      }
    >
      {names.length > 0 ? (
        <StackedChart
          label={t.overview.queries}
          names={names}
          points={points}
          format={(rate) => t.statistics.perSecond(format.number(rate))}
          from={timeOf(samples[0])}
          to={timeOf(samples.at(-1))}
        />
      ) : (
        <Nothing>{data && t.overview.noQueries(format.duration(SPAN * 60))}</Nothing>
      )}
    </Section>
  );
}

function MailChart() {
  const { t, format } = useTexts();
  const now = useNow();
  const { data } = useQuery(queries.mailOfTheDay);
  const hours = mailByHour(data?.items ?? [], now.getTime());
  const kinds = mailKinds.filter((kind) => hours.some((hour) => hour[kind] > 0));
  const points = hours.map((hour) => ({
    at: hour.at,
    ...Object.fromEntries(kinds.map((kind) => [t.overview.mailKinds[kind], hour[kind]])),
  }));
  return (
    <Section
      title={t.overview.mail}
      actions={
        <TextLink to="/mail-history" size="sm">
          {t.mailHistory.title}
        </TextLink>
      }
    >
      {kinds.length > 0 ? (
        <StackedChart
          label={t.overview.mail}
          names={kinds.map((kind) => t.overview.mailKinds[kind])}
          points={points}
          format={(count) => t.overview.perHour(format.number(count))}
          from={format.time(new Date(hours[0]!.at))}
          to={format.time(now)}
        />
      ) : (
        <Nothing>{data && (data.problem === null ? t.overview.noMail : t.said(data.problem))}</Nothing>
      )}
    </Section>
  );
}

const Nothing = ({ children }: { children: string | undefined }) => (
  <Text size="sm" c="dimmed">
    {children}
  </Text>
);
