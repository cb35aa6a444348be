import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import { PasteField } from '../../parts/paste-field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { aliasesIn } from './aliases-in.ts';
import { mailboxesIn } from './mailboxes-in.ts';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
}

/** Adds the mailboxes of a table, pasted or from a file: a job, whose progress is shown. */
export function AddManyMailboxes(props: DialogProps) {
  const { t } = useTexts();
  const { title, tableHelp, count, wrongQuota } = t.addManyMailboxes;
  const read = (text: string): Table => {
    const { mailboxes, wrong } = mailboxesIn(text);
    return {
      count: mailboxes.length,
      problem: wrong.length > 0 ? wrongQuota(wrong.slice(0, 10).join(', ')) : undefined,
      start: () => answerOf(api.mailboxes.bulk.$post({ json: { mailboxes } })),
    };
  };
  return <AddMany {...props} {...{ title, read, count }} help={tableHelp} />;
}

/** The same of aliases. */
export function AddManyAliases(props: DialogProps) {
  const { t } = useTexts();
  const { title, tableHelp, count } = t.addManyAliases;
  const read = (text: string): Table => {
    const aliases = aliasesIn(text);
    const start = () => answerOf(api.aliases.bulk.$post({ json: { aliases } }));
    return { count: aliases.length, problem: undefined, start };
  };
  return <AddMany {...props} {...{ title, read, count }} help={tableHelp} />;
}

/** What a text has in it. */
interface Table {
  count: number;
  problem: string | undefined;
  start: () => Promise<{ job: string }>;
}

interface AddManyProps extends StepsProps, DialogProps {
  title: string;
}

function AddMany({ opened, onClose, title, ...steps }: AddManyProps) {
  const { t } = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <Steps {...steps} close={onClose} />
    </Modal>
  );
}

interface StepsProps {
  read: (text: string) => Table;
  help: string;
  count: (number: string) => string;
}

function Steps({ read, help, count, close }: StepsProps & { close: () => void }) {
  const { t, format } = useTexts();
  const [text, setText] = useState('');
  const [job, setJob] = useState<string>();
  const table = read(text);
  const action = useAction(async () => {
    const started = await table.start();
    setJob(started.job);
  });
  if (job !== undefined) return <JobProgress id={job} close={close} />;
  return (
    <form onSubmit={action.submit}>
      <Stack>
        <PasteField
          label={t.addManyMailboxes.table}
          description={help}
          value={text}
          onChange={(pasted) => {
            action.forget();
            setText(pasted);
          }}
          error={table.problem}
        />
        {action.error !== undefined && <Problem error={action.error} />}
        <Group justify="space-between">
          <Text size="sm" c="dimmed" aria-live="polite">
            {count(format.number(table.count))}
          </Text>
          <Button
            type="submit"
            loading={action.busy}
            disabled={table.count === 0 || table.problem !== undefined}
          >
            {t.addMany.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
