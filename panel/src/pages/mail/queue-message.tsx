import { Box, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import type { QueuedMessage } from '../../api/queries.ts';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { State, type Tone } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const tones: Record<QueuedMessage['queue'], Tone> = {
  maildrop: 'wait',
  incoming: 'wait',
  active: 'wait',
  deferred: 'wait',
  hold: 'none',
  corrupt: 'bad',
};

type Act = 'hold' | 'release' | 'retry' | 'delete';

async function act(action: Act, id: string): Promise<void> {
  await answerOf(api.mail.queue.$post({ json: { action, id } }));
  await client.invalidateQueries({ queryKey: ['mail', 'queue'] });
}

/** A message that waits: who is to have it, why it does not go, and what can be done. */
export function QueueMessage({ message }: { message: QueuedMessage }) {
  const { t, format } = useTexts();
  const { id, queue, at, size, sender, recipients, recipientCount } = message;
  const more = recipientCount - recipients.length;
  return (
    <Box px="md" py="sm" role="group" aria-label={id}>
      <Group justify="space-between" gap="sm" align="flex-start">
        <Box style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
            {sender === '' ? t.mailHistory.bounce : sender}
          </Text>
          <Text size="xs" c="dimmed">
            <Time value={at} /> · {format.octets(size)} · <span className="mono">{id}</span>
          </Text>
        </Box>
        <State tone={tones[queue]}>{t.mailQueue.queues[queue]}</State>
      </Group>
      {recipients.map(({ address, reason }) => (
        <Box key={address} mt={4}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{`→ ${address}`}</Text>
          {reason !== null && (
            <Text size="xs" c="dimmed" lang="en" style={{ overflowWrap: 'anywhere' }}>
              {reason}
            </Text>
          )}
        </Box>
      ))}
      {more > 0 && <Text size="sm">{t.mailQueue.moreRecipients(format.number(more))}</Text>}
      <Actions id={id} isHeld={queue === 'hold'} />
    </Box>
  );
}

function Actions({ id, isHeld }: { id: string; isHeld: boolean }) {
  const { t } = useTexts();
  const [asked, setAsked] = useState(false);
  const retry = useAction(() => act('retry', id));
  const hold = useAction(() => act(isHeld ? 'release' : 'hold', id));
  const holdWord = isHeld ? t.mailQueue.release : t.mailQueue.hold;
  const problem = retry.error ?? hold.error;
  return (
    <>
      <Group gap="xs" mt="xs">
        {!isHeld && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t.mailQueue.actionOf(t.mailQueue.retry, id)}
            loading={retry.busy}
            onClick={retry.run}
          >
            {t.mailQueue.retry}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t.mailQueue.actionOf(holdWord, id)}
          loading={hold.busy}
          onClick={hold.run}
        >
          {holdWord}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t.mailQueue.actionOf(t.mailQueue.delete, id)}
          onClick={() => setAsked(true)}
        >
          {t.mailQueue.delete}
        </Button>
      </Group>
      {problem !== undefined && <Problem error={problem} />}
      <DestroyDialog
        opened={asked}
        onClose={() => setAsked(false)}
        title={t.mailQueue.deleteTitle(id)}
        action={t.mailQueue.delete}
        destroy={() => act('delete', id)}
      >
        {t.mailQueue.deleteLead}
      </DestroyDialog>
    </>
  );
}
