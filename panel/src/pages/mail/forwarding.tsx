import { Button, Group, Stack, Switch, TagsInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import type { Mailbox } from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const separators = [',', ' ', ';'];

export function Forwarding({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTexts();
  const { address } = mailbox;
  const [forwardTo, setForwardTo] = useState(mailbox.forwardTo);
  const [keepCopy, setKeepCopy] = useState(mailbox.keepCopy);
  const action = useAction(async () => {
    await answerOf(
      api.mailboxes[':address'].forwarding.$put({
        param: { address: inPath(address) },
        json: { forwardTo, keepCopy },
      }),
    );
    await client.invalidateQueries({ queryKey: ['mailboxes'] });
    notifications.show({ message: t.common.saved });
  });
  const isSame = forwardTo.join() === mailbox.forwardTo.join() && keepCopy === mailbox.keepCopy;
  return (
    <Section title={t.mailbox.forwarding} lead={t.mailbox.forwardingLead}>
      <form onSubmit={action.submit}>
        <Stack gap="sm">
          <TagsInput
            label={t.mailbox.forwardTo}
            description={t.mailbox.forwardToHelp}
            value={forwardTo}
            onChange={setForwardTo}
            splitChars={separators}
            acceptValueOnBlur
          />
          <Switch
            label={t.mailbox.keepCopy}
            checked={keepCopy}
            disabled={forwardTo.length === 0}
            onChange={(event) => setKeepCopy(event.currentTarget.checked)}
          />
          {action.error !== undefined && <Problem error={action.error} />}
          <Group justify="flex-end">
            <Button type="submit" variant="light" loading={action.busy} disabled={isSame}>
              {t.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
