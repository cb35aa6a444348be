import { Button, Group, Modal, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import type { Alias } from '../../api/queries.ts';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const separators = [',', ' ', ';'];

/** Makes an alias, or changes one. */
export function AliasDialog({ edited, close }: { edited: Alias | 'new' | undefined; close: () => void }) {
  const { t } = useTexts();
  const alias = edited === 'new' ? undefined : edited;
  return (
    <Modal
      opened={edited !== undefined}
      onClose={close}
      title={alias ? alias.address : t.aliases.add}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <Form alias={alias} close={close} />
    </Modal>
  );
}

function Form({ alias, close }: { alias: Alias | undefined; close: () => void }) {
  const { t } = useTexts();
  const [address, setAddress] = useState(alias?.address ?? '');
  const [targets, setTargets] = useState(alias?.targets ?? []);
  const [enabled, setEnabled] = useState(alias?.enabled ?? true);
  const [removing, setRemoving] = useState(false);
  const action = useAction(async () => {
    await (alias
      ? answerOf(api.aliases[':address'].$patch({ param: { address }, json: { targets, enabled } }))
      : answerOf(api.aliases.$post({ json: { address: address.trim(), targets, enabled } })));
    await client.invalidateQueries({ queryKey: ['aliases'] });
    notifications.show({ message: t.common.saved });
    close();
  });
  return (
    <>
      <form onSubmit={action.submit}>
        <Stack>
          {!alias && (
            <TextInput
              label={t.aliases.address}
              description={t.aliases.addressHelp}
              autoComplete="off"
              required
              withAsterisk={false}
              data-autofocus
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
              error={action.fieldError('address')}
            />
          )}
          <TagsInput
            label={t.aliases.targets}
            description={t.aliases.targetsHelp}
            value={targets}
            onChange={setTargets}
            splitChars={separators}
            acceptValueOnBlur
            data-autofocus={alias ? true : undefined}
          />
          <Switch
            label={t.aliases.enabled}
            checked={enabled}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
          {action.error !== undefined && <Problem error={action.error} />}
          <Group justify="space-between">
            {alias ? (
              <Button variant="subtle" color="red" onClick={() => setRemoving(true)}>
                {t.common.remove}
              </Button>
            ) : (
              <span />
            )}
            <Button type="submit" loading={action.busy}>
              {alias ? t.common.save : t.aliases.add}
            </Button>
          </Group>
        </Stack>
      </form>
      {alias && (
        <DestroyDialog
          opened={removing}
          onClose={() => setRemoving(false)}
          title={t.aliases.removeTitle(alias.address)}
          action={t.common.remove}
          destroy={async () => {
            await answerOf(api.aliases[':address'].$delete({ param: { address: alias.address } }));
            await client.invalidateQueries({ queryKey: ['aliases'] });
            close();
          }}
        >
          {t.aliases.removeLead}
        </DestroyDialog>
      )}
    </>
  );
}
