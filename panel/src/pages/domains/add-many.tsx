import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import { PasteField } from '../../parts/paste-field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { namesIn } from './names-in.ts';

/** Adds the names of a list, pasted or from a file: a job, whose progress is shown. */
export function AddMany({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t.addMany.title}
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
  const [mail, setMail] = useState(true);
  const [web, setWeb] = useState(true);
  const [job, setJob] = useState<string>();
  const names = namesIn(text);
  const action = useAction(async () => {
    const domains = names.map((name) => ({ name, mail, web }));
    const started = await answerOf(api.domains.bulk.$post({ json: { domains } }));
    setJob(started.job);
  });
  if (job !== undefined) return <JobProgress id={job} close={close} />;
  return (
    <form onSubmit={action.submit}>
      <Stack>
        <PasteField label={t.addMany.names} description={t.addMany.namesHelp} value={text} onChange={setText}>
          <Checkbox
            label={t.addDomain.mail}
            checked={mail}
            onChange={(event) => setMail(event.currentTarget.checked)}
          />
          <Checkbox
            label={t.addDomain.web}
            checked={web}
            onChange={(event) => setWeb(event.currentTarget.checked)}
          />
        </PasteField>
        {action.error !== undefined && <Problem error={action.error} />}
        <Group justify="space-between">
          <Text size="sm" c="dimmed" aria-live="polite">
            {t.addMany.count(format.number(names.length))}
          </Text>
          <Button type="submit" loading={action.busy} disabled={names.length === 0}>
            {t.addMany.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
