import { ActionIcon, Box, Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { makePasskey, takesPasskeys } from '../../session/passkey.ts';
import { useTexts } from '../../texts/use-texts.ts';

const again = () => client.invalidateQueries({ queryKey: ['passkeys'] });

/** The own passkeys. `here`: whether the box takes them at the address that is open. */
export function Passkeys({ here }: { here: boolean }) {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(queries.passkeys);
  return (
    <Section title={t.passkeys.title} lead={t.passkeys.lead}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows count={1} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.passkeys.none}
        </Text>
      )}
      <Box className="rows">
        {data?.items.map((passkey) => (
          <Row key={passkey.id} passkey={passkey} />
        ))}
      </Box>
      {here && takesPasskeys() ? (
        <Add />
      ) : (
        <Text size="sm" c="dimmed" mt="sm">
          {here ? t.passkeys.notBrowser : t.passkeys.notHere}
        </Text>
      )}
    </Section>
  );
}

function Add() {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const action = useAction(async () => {
    const response = await makePasskey(await answerOf(api.session.passkeys.options.$post()));
    await answerOf(api.session.passkeys.$post({ json: { name: name.trim(), response } }));
    setName('');
    await again();
  });
  return (
    <form onSubmit={action.submit}>
      <Group align="flex-end" gap="sm" mt="sm">
        <TextInput
          label={t.passkeys.name}
          placeholder={t.passkeys.namePlaceholder}
          autoComplete="off"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={action.fieldError('name')}
          style={{ flex: '1 1 220px' }}
        />
        <Button type="submit" variant="light" loading={action.busy} disabled={name.trim() === ''}>
          {t.passkeys.add}
        </Button>
      </Group>
      {action.error !== undefined && (
        <Box mt="sm">
          <Problem error={action.error} />
        </Box>
      )}
    </form>
  );
}

function Row({ passkey: { id, name, host, synced, createdAt, lastUsedAt } }: { passkey: queries.Passkey }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  return (
    <Group py={6} justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {host} · <Time value={createdAt} /> ·{' '}
          {lastUsedAt === null ? (
            t.passkeys.never
          ) : (
            <>
              {t.passkeys.lastUsed} <Time value={lastUsedAt} />
            </>
          )}
          {synced && ` · ${t.passkeys.synced}`}
        </Text>
      </div>
      <ActionIcon
        variant="subtle"
        color="red"
        aria-label={t.passkeys.removeOf(name)}
        onClick={() => setAsking(true)}
      >
        <Trash2 size={16} aria-hidden />
      </ActionIcon>
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.passkeys.removeTitle(name)}
        action={t.common.remove}
        destroy={async () => {
          await answerOf(api.session.passkeys[':id'].$delete({ param: { id: inPath(id) } }));
          await again();
        }}
      >
        {t.passkeys.removeLead}
      </DestroyDialog>
    </Group>
  );
}
