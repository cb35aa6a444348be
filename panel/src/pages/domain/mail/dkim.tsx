import { Alert, Badge, Box, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, RotateCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../../api/client.ts';
import * as queries from '../../../api/queries.ts';
import { DestroyDialog } from '../../../parts/destroy-dialog.tsx';
import { Section } from '../../../parts/page.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { WaitingRows } from '../../../parts/rows.tsx';
import { Said } from '../../../parts/said.tsx';
import { State, type Tone } from '../../../parts/state.tsx';
import { Time } from '../../../parts/time.tsx';
import { useAction } from '../../../parts/use-action.ts';
import { client } from '../../../query-client.ts';
import { useMay } from '../../../session/use-may.ts';
import { useTexts } from '../../../texts/use-texts.ts';

/** The keys that sign mail of the domain, and how they are replaced. */
export function Dkim({ domain }: { domain: string }) {
  const { t } = useTexts();
  const mayRotate = useMay('domains:write');
  const { data, error, refetch } = useQuery(queries.dkim(domain));
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <WaitingRows count={2} />;
  return (
    <Section
      title={t.dkim.title}
      lead={t.dkim.lead}
      actions={mayRotate && data.rolls && <Rotate domain={domain} />}
    >
      <Box className="rows">
        {data.keys.map((key) => (
          <Key key={key.selector} dkimKey={key} />
        ))}
      </Box>
      <Next dkim={data} />
    </Section>
  );
}

const tones: Record<queries.Dkim['keys'][number]['state'], Tone> = {
  published: 'wait',
  active: 'good',
  retired: 'none',
  revoked: 'none',
};

function Key({
  dkimKey: { selector, algorithm, state, since, next },
}: {
  dkimKey: queries.Dkim['keys'][number];
}) {
  const { t } = useTexts();
  return (
    <Group py="sm" gap="sm" justify="space-between">
      <Group gap="sm">
        <KeyRound size={18} aria-hidden />
        <Text className="mono" fw={600}>
          {selector}
        </Text>
        <Badge tt="none">{t.dkim.algorithms[algorithm]}</Badge>
      </Group>
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          {next?.at && (
            <>
              {t.dkim.steps[next.step]} <Time value={next.at} />
              {' · '}
            </>
          )}
          {t.dkim.since} <Time value={since} />
        </Text>
        <State tone={tones[state]}>{t.dkim.states[state]}</State>
      </Group>
    </Group>
  );
}

/** What comes next for the domain as a whole, and what it waits for. */
function Next({ dkim: { rolls, next, problem } }: { dkim: queries.Dkim }) {
  const { t } = useTexts();
  return (
    <Box mt="sm">
      {problem && (
        <Alert color="orange" icon={<TriangleAlert size={18} aria-hidden />} mb="xs">
          <Said>{problem.reason}</Said> {t.dkim.triedAgain} <Time value={problem.retryAt} />
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        {!rolls && t.dkim.notReplaced}
        {next && (
          <>
            {t.dkim.next} {t.dkim.steps[next.step]} {next.at !== null && <Time value={next.at} />}
            {next.waitsFor !== null && (
              <>
                {' · '}
                <Said>{next.waitsFor}</Said>
              </>
            )}
          </>
        )}
      </Text>
    </Box>
  );
}

function Rotate({ domain }: { domain: string }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const rotate = async (emergency: boolean): Promise<void> => {
    const keys = await answerOf(
      api.domains[':domain'].dkim.rotate.$post({ param: { domain }, json: { emergency } }),
    );
    client.setQueryData(queries.dkim(domain).queryKey, keys);
    await client.invalidateQueries({ queryKey: ['records'] });
  };
  const now = useAction(() => rotate(false));
  return (
    <Box>
      <Group gap="xs" justify="flex-end">
        <Button
          size="xs"
          variant="default"
          leftSection={<RotateCw size={14} aria-hidden />}
          loading={now.busy}
          onClick={now.run}
        >
          {t.dkim.rotate}
        </Button>
        <Button size="xs" variant="subtle" color="red" onClick={() => setAsking(true)}>
          {t.dkim.emergency}
        </Button>
      </Group>
      {now.error !== undefined && <Problem error={now.error} />}
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.dkim.emergencyTitle}
        action={t.dkim.emergency}
        destroy={() => rotate(true)}
      >
        {t.dkim.emergencyLead}
      </DestroyDialog>
    </Box>
  );
}
