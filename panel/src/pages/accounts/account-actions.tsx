import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Trash2, UserRoundCheck, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import { holdEvents } from '../../api/events.ts';
import { answerOf, api, inPath } from '../../api/client.ts';
import type { AccountEntry } from '../../api/queries.ts';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const one = api.accounts[':name'];

/** Shuts an account out, lets it in again, removes it. */
export function AccountActions({ account: { name, disabled } }: { account: AccountEntry }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'disable' | 'remove'>();
  const close = (): void => setAsking(undefined);
  const put = async (wanted: boolean): Promise<void> => {
    await answerOf(one.$patch({ param: { name: inPath(name) }, json: { disabled: wanted } }));
    for (const key of ['accounts', 'sessions']) await client.invalidateQueries({ queryKey: [key] });
  };
  const enable = useAction(() => put(false));
  return (
    <>
      {enable.error !== undefined && <Problem error={enable.error} />}
      {disabled ? (
        <Button
          variant="default"
          leftSection={<UserRoundCheck size={16} aria-hidden />}
          loading={enable.busy}
          onClick={enable.run}
        >
          {t.accounts.enable}
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<UserRoundX size={16} aria-hidden />}
          onClick={() => setAsking('disable')}
        >
          {t.accounts.disable}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<Trash2 size={16} aria-hidden />}
        onClick={() => setAsking('remove')}
      >
        {t.accounts.remove}
      </Button>
      <DestroyDialog
        opened={asking === 'disable'}
        onClose={close}
        title={t.accounts.disableTitle(name)}
        action={t.accounts.disable}
        destroy={() => put(true)}
      >
        {t.accounts.disableLead}
      </DestroyDialog>
      <DestroyDialog
        opened={asking === 'remove'}
        onClose={close}
        title={t.accounts.removeTitle(name)}
        action={t.accounts.remove}
        destroy={() =>
          holdEvents(async () => {
            await answerOf(one.$delete({ param: { name: inPath(name) } }));
            await navigate({ to: '/accounts' });
            client.removeQueries({ queryKey: ['accounts', 'one', name] });
            await client.invalidateQueries({ queryKey: ['accounts'] });
          })
        }
      >
        {t.accounts.removeLead}
      </DestroyDialog>
    </>
  );
}
