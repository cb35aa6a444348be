import { Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import type { AccountEntry } from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { type Rights, RightsFields, rightsJson } from './rights-fields.tsx';

export function AccountRights({ account: { name, role, domains } }: { account: AccountEntry }) {
  const { t } = useTexts();
  const [rights, setRights] = useState<Rights>({ role, domains });
  const action = useAction(async () => {
    await answerOf(api.accounts[':name'].$patch({ param: { name: inPath(name) }, json: rightsJson(rights) }));
    notifications.show({ message: t.common.saved });
    await client.invalidateQueries({ queryKey: ['accounts'] });
  });
  const isSame = rights.role === role && rights.domains.join() === domains.join();
  return (
    <Section title={t.accounts.rights} lead={t.accounts.rightsLead}>
      <form onSubmit={action.submit}>
        <Stack gap="sm">
          <RightsFields rights={rights} change={setRights} action={action} />
          {action.error !== undefined && action.fieldError('domains') === undefined && (
            <Problem error={action.error} />
          )}
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
