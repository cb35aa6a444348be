import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../api/client.ts';
import { Bare } from '../parts/bare.tsx';
import { Problem } from '../parts/problem.tsx';
import { useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts/use-texts.ts';

/** What the link leads to by which somebody sets a password: their first one, or another. The secret of the link stands behind the #. */
export function Password() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [secret] = useState(() => decodeURIComponent(window.location.hash.slice(1)));
  const [password, setPassword] = useState('');
  const action = useAction(async () => {
    await answerOf(api.session['password-link'].$post({ json: { secret, password } }));
    await navigate({ to: '/sign-in', replace: true });
  });
  const fieldError = action.fieldError('password');
  return (
    <Bare title={t.newPassword.title}>
      {secret === '' ? (
        <Text size="sm">{t.newPassword.noLink}</Text>
      ) : (
        <form onSubmit={action.submit}>
          <Stack>
            <PasswordInput
              label={t.setup.password}
              description={t.setup.passwordHelp}
              autoComplete="new-password"
              required
              withAsterisk={false}
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={fieldError}
              visibilityToggleButtonProps={{ 'aria-label': t.common.showPassword }}
            />
            {action.error !== undefined && fieldError === undefined && <Problem error={action.error} />}
            <Button type="submit" loading={action.busy} fullWidth>
              {t.newPassword.set}
            </Button>
          </Stack>
        </form>
      )}
    </Bare>
  );
}
