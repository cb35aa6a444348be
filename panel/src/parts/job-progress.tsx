import { Box, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as queries from '../api/queries.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Problem } from './problem.tsx';
import { WaitingRows } from './rows.tsx';
import { Said } from './said.tsx';
import { State } from './state.tsx';

/** How far a job is, and what of it failed. It goes on when nobody looks. */
export function JobProgress({ id, close }: { id: string; close: () => void }) {
  const { t, format } = useTexts();
  const { data, error, refetch } = useQuery(queries.job(id));
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <WaitingRows count={2} />;
  const { state, done, total, failed, failedCount, detail } = data;
  const tone = state === 'running' ? 'wait' : state === 'failed' || failedCount > 0 ? 'bad' : 'good';
  const figures = t.job.figures(format.number(done), format.number(total));
  return (
    <Stack>
      <Group justify="space-between" aria-live="polite">
        <State tone={tone}>{t.job.states[state]}</State>
        <Text size="sm">{figures}</Text>
      </Group>
      <Progress
        value={total === 0 ? 100 : (100 * done) / total}
        aria-label={figures}
        animated={state === 'running'}
      />
      {detail !== null && (
        <Text size="sm">
          <Said>{detail}</Said>
        </Text>
      )}
      {failedCount > 0 && (
        <Box>
          <Text size="sm" fw={600}>
            {t.job.failed(format.number(failedCount))}
          </Text>
          <Box className="rows" mah={260} style={{ overflowY: 'auto' }} tabIndex={0}>
            {failed.map(({ name, detail: why }, index) => (
              <Box key={index} py={6}>
                <Text className="mono" fw={600}>
                  {name}
                </Text>
                <Text size="sm" c="dimmed">
                  <Said>{why}</Said>
                </Text>
              </Box>
            ))}
          </Box>
        </Box>
      )}
      <Group justify="flex-end">
        <Button variant={state === 'running' ? 'default' : 'filled'} onClick={close}>
          {state === 'running' ? t.job.leave : t.common.close}
        </Button>
      </Group>
    </Stack>
  );
}
