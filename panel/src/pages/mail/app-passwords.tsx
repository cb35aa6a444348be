import { ActionIcon, Alert, Box, Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { CopyValue } from '../../parts/copy.tsx';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const ofMailbox = api.mailboxes[':address']['app-passwords'];

/** Passwords of single devices; each is seen once, when it is made. */
export function AppPasswords({ address }: { address: string }) {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(queries.appPasswords(address));
  const [name, setName] = useState('');
  const [made, setMade] = useState<{ name: string; password: string }>();
  const action = useAction(async () => {
    const { appPassword, password = '' } = await answerOf(
      ofMailbox.$post({ param: { address }, json: { name } }),
    );
    setMade({ name: appPassword.name, password });
    setName('');
    await client.invalidateQueries({ queryKey: ['mailboxes', 'app-passwords', address] });
  });
  return (
    <Section title={t.appPasswords.title} lead={t.appPasswords.lead}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      <Box className="rows">
        {data?.items.map((one) => (
          <Row key={one.id} {...one} address={address} />
        ))}
      </Box>
      {made && (
        <Alert
          my="sm"
          color="post"
          icon={<KeyRound size={18} aria-hidden />}
          title={t.appPasswords.made(made.name)}
        >
          <Text size="sm" mb="xs">
            {t.appPasswords.once}
          </Text>
          <CopyValue value={made.password} what={t.appPasswords.password} />
        </Alert>
      )}
      <form onSubmit={action.submit}>
        <Group align="flex-end" gap="sm" mt="sm">
          <TextInput
            label={t.appPasswords.name}
            placeholder={t.appPasswords.namePlaceholder}
            value={name}
            autoComplete="off"
            onChange={(event) => setName(event.currentTarget.value)}
            error={action.fieldError('name')}
            style={{ flex: '1 1 220px' }}
          />
          <Button type="submit" variant="light" loading={action.busy} disabled={name.trim() === ''}>
            {t.appPasswords.make}
          </Button>
        </Group>
        {action.error !== undefined && <Problem error={action.error} />}
      </form>
    </Section>
  );
}

function Row({
  id,
  name,
  createdAt,
  address,
}: {
  id: string;
  name: string;
  createdAt: string;
  address: string;
}) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  return (
    <Group py={6} justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={550}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          <Time value={createdAt} />
        </Text>
      </div>
      <ActionIcon
        variant="subtle"
        color="red"
        aria-label={t.appPasswords.removeOf(name)}
        onClick={() => setAsking(true)}
      >
        <Trash2 size={16} aria-hidden />
      </ActionIcon>
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.appPasswords.removeTitle(name)}
        action={t.common.remove}
        destroy={async () => {
          await answerOf(ofMailbox[':id'].$delete({ param: { address, id } }));
          await client.invalidateQueries({ queryKey: ['mailboxes', 'app-passwords', address] });
        }}
      >
        {t.appPasswords.removeLead}
      </DestroyDialog>
    </Group>
  );
}
