import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import { PasteField } from '../../parts/paste-field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { mailboxesIn } from './mailboxes-in.ts';

/** Adds the mailboxes of a table, pasted or from a file: a job, whose progress is shown. */
export function AddManyMailboxes({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t.addManyMailboxes.title}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <Steps close={onClose} />
    </Modal>
  );
}

function Steps({ close }: { close: () => void }) {
  const { t, format } = useTexts();
  const [text, setText] = useState('');
  const [job, setJob] = useState<string>();
  const { mailboxes, wrong } = mailboxesIn(text);
  const action = useAction(async () => {
    const started = await answerOf(api.mailboxes.bulk.$post({ json: { mailboxes } }));
    setJob(started.job);
  });
  if (job !== undefined) return <JobProgress id={job} close={close} />;
  return (
    <form onSubmit={action.submit}>
      <Stack>
        <PasteField
          label={t.addManyMailboxes.table}
          description={t.addManyMailboxes.tableHelp}
          value={text}
          onChange={(pasted) => {
            action.forget();
            setText(pasted);
          }}
          error={wrong.length > 0 ? t.addManyMailboxes.wrongQuota(wrong.slice(0, 10).join(', ')) : undefined}
        />
        {action.error !== undefined && <Problem error={action.error} />}
        <Group justify="space-between">
          <Text size="sm" c="dimmed" aria-live="polite">
            {t.addManyMailboxes.count(format.number(mailboxes.length))}
          </Text>
          <Button type="submit" loading={action.busy} disabled={mailboxes.length === 0 || wrong.length > 0}>
            {t.addMany.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
