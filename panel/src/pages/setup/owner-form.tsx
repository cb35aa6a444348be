import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useTexts } from '../../texts/use-texts.ts';

/** Makes the first owner, and signs in as that. */
export function OwnerForm({ secret }: { secret: string }) {
  const { t } = useTexts();
  const client = useQueryClient();
  const [values, setValues] = useState({ displayName: '', name: '', password: '' });
  const put = (field: keyof typeof values) => (event: { currentTarget: { value: string } }) =>
    setValues({ ...values, [field]: event.currentTarget.value });
  const action = useAction(async () => {
    const { name, password, displayName } = values;
    await answerOf(
      api.setup.owner.$post({
        json: { secret, name: name.trim(), password, ...(displayName !== '' && { displayName }) },
      }),
    );
    // The link is used up: it is not to stand in the address any longer.
    window.history.replaceState(null, '', window.location.pathname);
    // Who made it is signed in.
    client.setQueryData(queries.session.queryKey, await answerOf(api.session.$get()));
  });
  return (
    <form onSubmit={action.submit}>
      <Stack>
        <TextInput
          label={t.setup.displayName}
          autoComplete="name"
          autoFocus
          value={values.displayName}
          onChange={put('displayName')}
        />
        <TextInput
          label={t.setup.accountName}
          description={t.setup.accountNameHelp}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          value={values.name}
          onChange={put('name')}
          error={action.fieldError('name')}
        />
        <PasswordInput
          label={t.setup.password}
          description={t.setup.passwordHelp}
          name="new-password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={values.password}
          onChange={put('password')}
          error={action.fieldError('password')}
          visibilityToggleButtonProps={{ 'aria-label': t.common.showPassword }}
        />
        {action.error !== undefined && action.fieldError('password') === undefined && (
          <Problem error={action.error} />
        )}
        <Button type="submit" loading={action.busy}>
          {t.setup.makeOwner}
        </Button>
      </Stack>
    </form>
  );
}
