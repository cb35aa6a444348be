import { Box, Button, Group, List, Text } from '@mantine/core';
import { RotateCw } from 'lucide-react';
import { answerOf, api } from '../../api/client.ts';
import type { Certificate } from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { Said } from '../../parts/said.tsx';
import { State, type Tone } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const tones: Record<Certificate['state'], Tone> = {
  'self-signed': 'wait',
  ordering: 'wait',
  valid: 'good',
  renewing: 'good',
  failed: 'bad',
  expired: 'bad',
  revoked: 'none',
};

/** A certificate: what for, until when, and what it waits for. */
export function CertificateRow({ certificate }: { certificate: Certificate }) {
  const { t } = useTexts();
  const { id, names, purpose, state, step, issuer, notAfter, problem, nextAttemptAt, nextAttemptWhy } =
    certificate;
  const renew = useAction(async () => {
    await answerOf(api.certificates[':id'].renew.$post({ param: { id } }));
    await client.invalidateQueries({ queryKey: ['certificates'] });
  });
  const isUnderWay = step !== null && step !== 'installed' && step !== 'failed';
  return (
    <Box p="md" component="article" aria-label={names[0] ?? id}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {names.join(', ')}
          </Text>
          <Text size="xs" c="dimmed">
            {[t.certificates.purposes[purpose], issuer].filter((part) => part !== null).join(' · ')}
          </Text>
        </Box>
        <Group gap="md">
          <State tone={tones[state]}>{t.certificates.states[state]}</State>
          {certificate.kind !== 'own' && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<RotateCw size={13} aria-hidden />}
              loading={renew.busy}
              onClick={renew.run}
              aria-label={t.certificates.renewOf(names[0] ?? id)}
            >
              {t.certificates.renew}
            </Button>
          )}
        </Group>
      </Group>
      <List size="sm" c="dimmed" mt={4} listStyleType="none" spacing={2}>
        {notAfter !== null && (
          <List.Item>
            {t.certificates.expires} <Time value={notAfter} />
          </List.Item>
        )}
        {isUnderWay && <List.Item>{t.certificates.steps[step]}</List.Item>}
        {nextAttemptAt !== null && (
          <List.Item>
            {t.certificates.next} <Time value={nextAttemptAt} />
            {nextAttemptWhy !== null && (
              <>
                {' '}
                (<Said>{nextAttemptWhy}</Said>)
              </>
            )}
          </List.Item>
        )}
      </List>
      {problem !== null && (
        <Text size="sm" c="var(--panel-bad)" mt={4}>
          <Said>{problem}</Said>
        </Text>
      )}
      {renew.error !== undefined && <Problem error={renew.error} />}
    </Box>
  );
}
