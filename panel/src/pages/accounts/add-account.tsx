import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { LinkOnce, type OneTimeLink } from './link-once.tsx';
import { type Rights, RightsFields, rightsJson } from './rights-fields.tsx';

export function AddAccount({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t.accounts.add}
      // The link is seen once: a click beside it is not to take it away.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <Form close={onClose} />
    </Modal>
  );
}

function Form({ close }: { close: () => void }) {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [rights, setRights] = useState<Rights>({ role: 'domain-administrator', domains: [] });
  const [made, setMade] = useState<{ name: string; link: OneTimeLink }>();
  const action = useAction(async () => {
    const json = {
      name: name.trim(),
      ...(displayName.trim() !== '' && { displayName: displayName.trim() }),
      ...rightsJson(rights),
    };
    const { account, link } = await answerOf(api.accounts.$post({ json }));
    await client.invalidateQueries({ queryKey: ['accounts'] });
    setMade({ name: account.name, link: { url: link?.url ?? '', expiresAt: link?.expiresAt ?? '' } });
  });
  if (made) {
    return (
      <Stack>
        <LinkOnce {...made} />
        <Group justify="flex-end">
          <Button onClick={close}>{t.common.close}</Button>
        </Group>
      </Stack>
    );
  }
  const isAtField = ['name', 'role', 'domains', 'displayName'].some(
    (field) => action.fieldError(field) !== undefined,
  );
  return (
    <form onSubmit={action.submit}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t.accounts.addLead}
        </Text>
        <TextInput
          label={t.accounts.name}
          description={t.accounts.nameHelp}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={action.fieldError('name')}
        />
        <TextInput
          label={t.accounts.displayName}
          autoComplete="off"
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
          error={action.fieldError('displayName')}
        />
        <RightsFields rights={rights} change={setRights} action={action} />
        {action.error !== undefined && !isAtField && <Problem error={action.error} />}
        <Button type="submit" loading={action.busy} disabled={name.trim() === ''}>
          {t.accounts.add}
        </Button>
      </Stack>
    </form>
  );
}
