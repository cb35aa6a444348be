import { Box, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { foundIn, textsOf } from '../../parts/check-texts.ts';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { State, type Tone } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';

const groups = ['nameserver', 'name', 'mail', 'certificates', 'machine'] as const;

const tones: Record<queries.Check['state'], Tone> = {
  good: 'good',
  attention: 'wait',
  bad: 'bad',
  unknown: 'none',
};

/** What should be so, whether it is, and how to mend it. */
export function Checks() {
  const { t } = useTexts();
  const mayRun = useMay('admin');
  const { data, error, isPending, refetch } = useQuery(queries.checks);
  const all = useAction(() => lookAgain());
  return (
    <Page
      title={t.checks.title}
      lead={t.checks.lead}
      width={900}
      actions={
        mayRun && (
          <Button
            variant="default"
            leftSection={<RotateCw size={16} aria-hidden />}
            loading={all.busy}
            onClick={all.run}
          >
            {t.checks.runAll}
          </Button>
        )
      }
    >
      {error && <Problem error={error} retry={() => void refetch()} />}
      {all.error !== undefined && <Problem error={all.error} />}
      {isPending && <WaitingRows />}
      {data &&
        groups.map((group) => (
          <Section key={group} title={t.checks.groups[group]}>
            <Box className="rows" aria-live="polite">
              {data.items
                .filter((check) => check.group === group)
                .map((check) => (
                  <CheckRow key={check.id} check={check} mayRun={mayRun} />
                ))}
            </Box>
          </Section>
        ))}
    </Page>
  );
}

/** Has the box look again, at one or at all; what it found takes the place of what was there. */
async function lookAgain(id?: string): Promise<void> {
  const { items } = await answerOf(api.checks.$post({ json: id === undefined ? {} : { ids: [id] } }));
  const found = new Map(items.map((check) => [check.id, check]));
  client.setQueryData(queries.checks.queryKey, (before) =>
    before ? { items: before.items.map((check) => found.get(check.id) ?? check) } : { items },
  );
}

function CheckRow({ check, mayRun }: { check: queries.Check; mayRun: boolean }) {
  const { t } = useTexts();
  const { id, state, at } = check;
  const { title, why, mend, lang } = textsOf(check, t);
  const again = useAction(() => lookAgain(id));
  return (
    <Box py="sm" component="article" aria-label={title}>
      <Group justify="space-between" gap="sm" align="flex-start">
        <Box style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Text fw={600} size="sm" lang={lang}>
            {title}
          </Text>
          <Text size="xs" c="dimmed">
            {t.checks.looked} <Time value={at} />
          </Text>
        </Box>
        <Group gap="sm">
          <State tone={tones[state]}>{t.checks.states[state]}</State>
          {mayRun && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<RotateCw size={13} aria-hidden />}
              loading={again.busy}
              onClick={again.run}
              aria-label={t.checks.runOf(title)}
            >
              {t.checks.run}
            </Button>
          )}
        </Group>
      </Group>
      {check.findings.map((found) => (
        <Text key={found.sentence} size="sm" mt={4}>
          {foundIn(found, t)}
        </Text>
      ))}
      {state === 'good' ? (
        <Text size="sm" c="dimmed" mt={4} lang={lang}>
          {why}
        </Text>
      ) : (
        <Box className="code" mt={6} lang={lang}>
          <Text size="sm">{why}</Text>
          <Text size="sm" fw={550}>
            {mend}
          </Text>
        </Box>
      )}
      {again.error !== undefined && <Problem error={again.error} />}
    </Box>
  );
}
