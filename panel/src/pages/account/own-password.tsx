import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

export function OwnPassword({ name, isMailbox }: { name: string; isMailbox: boolean }) {
  const { t } = useTexts();
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const action = useAction(async () => {
    await answerOf(api.session.password.$post({ json: { password, newPassword } }));
    setPassword('');
    setNewPassword('');
    notifications.show({ message: t.ownAccount.changed });
    await client.invalidateQueries({ queryKey: ['sessions'] });
  });
  // What is too easy to guess is said of the password in question, whatever the request calls it.
  const weak = action.fieldError('newPassword') ?? action.fieldError('password');
  const toggle = { 'aria-label': t.common.showPassword };
  return (
    <Section
      title={t.ownAccount.password}
      lead={isMailbox ? t.ownAccount.passwordLeadMailbox : t.ownAccount.passwordLead}
    >
      <form onSubmit={action.submit}>
        <Stack gap="sm">
          {/* For password managers, which keep a password by its name. */}
          <input type="hidden" name="username" autoComplete="username" value={name} readOnly />
          <PasswordInput
            label={t.ownAccount.current}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={toggle}
          />
          <PasswordInput
            label={t.ownAccount.next}
            description={t.setup.passwordHelp}
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={newPassword}
            onChange={(event) => setNewPassword(event.currentTarget.value)}
            error={weak}
            visibilityToggleButtonProps={toggle}
          />
          {action.error !== undefined && weak === undefined && <Problem error={action.error} />}
          <Group justify="flex-end">
            <Button
              type="submit"
              variant="light"
              loading={action.busy}
              disabled={password === '' || newPassword === ''}
            >
              {t.ownAccount.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
