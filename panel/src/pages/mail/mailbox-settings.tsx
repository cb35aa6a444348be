import { Button, Group, PasswordInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import type { Mailbox } from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { QUOTAS, quotaChoices } from './quotas.ts';

const one = api.mailboxes[':address'];

/** Name, limit, password, and whether its owner may sign in. */
export function MailboxSettings({ mailbox }: { mailbox: Mailbox }) {
  const { t, format } = useTexts();
  const { address } = mailbox;
  const [displayName, setDisplayName] = useState(mailbox.displayName);
  const [quota, setQuota] = useState(String(mailbox.quota));
  const quotas = QUOTAS.some((value) => value === mailbox.quota) ? QUOTAS : [mailbox.quota, ...QUOTAS];
  const change = async (json: Parameters<typeof one.$patch>[0]['json']): Promise<void> => {
    await answerOf(one.$patch({ param: { address: inPath(address) }, json }));
    await client.invalidateQueries({ queryKey: ['mailboxes'] });
    notifications.show({ message: t.common.saved });
  };
  const save = useAction(() => change({ displayName, quota: Number(quota) }));
  const toggle = useAction(() => change({ enabled: !mailbox.enabled }));
  const isSame = displayName === mailbox.displayName && quota === String(mailbox.quota);
  return (
    <Section title={t.mailbox.settings}>
      <Stack>
        <form onSubmit={save.submit}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label={t.mailboxes.displayName}
              value={displayName}
              autoComplete="off"
              onChange={(event) => setDisplayName(event.currentTarget.value)}
              error={save.fieldError('displayName')}
            />
            <Select
              label={t.mailboxes.quota}
              data={quotaChoices(quotas, format, t)}
              value={quota}
              onChange={(value) => value !== null && setQuota(value)}
              allowDeselect={false}
            />
          </SimpleGrid>
          {save.error !== undefined && <Problem error={save.error} />}
          <Group justify="flex-end" mt="sm">
            <Button type="submit" variant="light" loading={save.busy} disabled={isSame}>
              {t.common.save}
            </Button>
          </Group>
        </form>
        <Switch
          label={t.mailbox.enabled}
          description={t.mailbox.enabledHelp}
          checked={mailbox.enabled}
          disabled={toggle.busy}
          onChange={toggle.run}
        />
        {toggle.error !== undefined && <Problem error={toggle.error} />}
        <Password change={(password) => change({ password })} />
      </Stack>
    </Section>
  );
}

function Password({ change }: { change: (password: string) => Promise<void> }) {
  const { t } = useTexts();
  const [password, setPassword] = useState('');
  const action = useAction(async () => {
    await change(password);
    setPassword('');
  });
  return (
    <form onSubmit={action.submit}>
      <Group align="flex-end" gap="sm">
        <PasswordInput
          label={t.mailbox.newPassword}
          description={t.setup.passwordHelp}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={action.fieldError('password')}
          visibilityToggleButtonProps={{ 'aria-label': t.common.showPassword }}
          style={{ flex: '1 1 260px' }}
        />
        <Button type="submit" variant="light" loading={action.busy} disabled={password === ''}>
          {t.mailbox.setPassword}
        </Button>
      </Group>
      {action.error !== undefined && action.fieldError('password') === undefined && (
        <Problem error={action.error} />
      )}
    </form>
  );
}
