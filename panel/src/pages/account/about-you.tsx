import { Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

export function AboutYou({ account }: { account: queries.Account }) {
  const { t } = useTexts();
  const before = account.displayName ?? '';
  const [displayName, setDisplayName] = useState(before);
  const action = useAction(async () => {
    const json = { displayName: displayName.trim() === '' ? null : displayName.trim() };
    client.setQueryData(queries.session.queryKey, await answerOf(api.session.account.$patch({ json })));
    notifications.show({ message: t.common.saved });
  });
  return (
    <Section title={t.ownAccount.about} lead={`${account.name} · ${t.roles[account.role]}`}>
      <form onSubmit={action.submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t.setup.displayName}
              autoComplete="name"
              maxLength={100}
              value={displayName}
              onChange={(event) => setDisplayName(event.currentTarget.value)}
              error={action.fieldError('displayName')}
              style={{ flex: '1 1 220px' }}
            />
            <Button
              type="submit"
              variant="light"
              loading={action.busy}
              disabled={displayName.trim() === before}
            >
              {t.common.save}
            </Button>
          </Group>
          {action.error !== undefined && <Problem error={action.error} />}
        </Stack>
      </form>
    </Section>
  );
}
