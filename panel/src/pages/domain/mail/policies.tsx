import { Box, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import * as queries from '../../../api/queries.ts';
import { Section } from '../../../parts/page.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { WaitingRows } from '../../../parts/rows.tsx';
import { State } from '../../../parts/state.tsx';
import { TextLink } from '../../../parts/text-link.tsx';
import { useTexts } from '../../../texts/use-texts.ts';
import { RecordLine } from '../record-group.tsx';
import { policiesOf } from './policy-records.ts';

/** What tells other servers which mail is genuine, and how to bring it here: as it is served now. */
export function Policies({ domain }: { domain: string }) {
  const { t } = useTexts();
  const { data, error, refetch } = useInfiniteQuery(queries.records(domain));
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <WaitingRows count={4} />;
  const records = data.pages.flatMap(({ items }) => items);
  return (
    <Section
      title={t.mailPolicies.title}
      lead={
        <>
          {t.mailPolicies.lead}{' '}
          <TextLink to="/domains/$domain" params={{ domain }} inherit underline="always">
            {t.mailPolicies.toRecords}
          </TextLink>
        </>
      }
    >
      <Box className="rows">
        {policiesOf(domain, records).map(({ kind, found, mode }) => (
          <Box key={kind} py="sm" component="article" aria-label={t.mailPolicies.kinds[kind].name}>
            <State tone={found.length > 0 ? 'good' : kind === 'mtaSts' ? 'wait' : 'bad'}>
              {t.mailPolicies.kinds[kind].name}
            </State>
            <Text size="sm" c="dimmed" mb={6}>
              {t.mailPolicies.kinds[kind].why}{' '}
              {found.length === 0 && t.mailPolicies.missing[kind === 'mtaSts' ? 'later' : 'now']}
              {mode !== undefined && (t.mailPolicies.modes[mode] ?? '')}
            </Text>
            {found.map((record) => (
              <RecordLine key={record.value} record={record} domain={domain} />
            ))}
          </Box>
        ))}
      </Box>
    </Section>
  );
}
