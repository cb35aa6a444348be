import { Button, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { QUOTAS, quotaChoices } from './quotas.ts';

export function AddMailbox({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t.mailboxes.add}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <Form />
    </Modal>
  );
}

function Form() {
  const { t, format } = useTexts();
  const navigate = useNavigate();
  const [values, setValues] = useState({
    address: '',
    displayName: '',
    password: '',
    quota: String(QUOTAS[2]),
  });
  const put = (field: keyof typeof values, value: string): void => setValues({ ...values, [field]: value });
  const action = useAction(async () => {
    const { address, displayName, password, quota } = values;
    const added = await answerOf(
      api.mailboxes.$post({ json: { address: address.trim(), displayName, password, quota: Number(quota) } }),
    );
    await client.invalidateQueries({ queryKey: ['mailboxes'] });
    await navigate({
      to: '/mailboxes/$address',
      params: { address: added.address },
      search: { fresh: true },
    });
  });
  return (
    <form onSubmit={action.submit}>
      <Stack>
        <TextInput
          label={t.mailboxes.address}
          description={t.mailboxes.addressHelp}
          type="email"
          autoComplete="off"
          required
          withAsterisk={false}
          data-autofocus
          value={values.address}
          onChange={(event) => put('address', event.currentTarget.value)}
          error={action.fieldError('address')}
        />
        <TextInput
          label={t.mailboxes.displayName}
          autoComplete="off"
          value={values.displayName}
          onChange={(event) => put('displayName', event.currentTarget.value)}
          error={action.fieldError('displayName')}
        />
        <PasswordInput
          label={t.mailboxes.password}
          description={t.setup.passwordHelp}
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={values.password}
          onChange={(event) => put('password', event.currentTarget.value)}
          error={action.fieldError('password')}
          visibilityToggleButtonProps={{ 'aria-label': t.common.showPassword }}
        />
        <Select
          label={t.mailboxes.quota}
          data={quotaChoices(QUOTAS, format, t)}
          value={values.quota}
          onChange={(value) => value !== null && put('quota', value)}
          allowDeselect={false}
        />
        {action.error !== undefined && action.fieldError('password') === undefined && (
          <Problem error={action.error} />
        )}
        <Button type="submit" loading={action.busy}>
          {t.mailboxes.add}
        </Button>
      </Stack>
    </form>
  );
}
