import { Box, Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { NewSecret, SecretRow } from '../../parts/secret-row.tsx';
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
      ofMailbox.$post({ param: { address: inPath(address) }, json: { name } }),
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
        <NewSecret
          title={t.appPasswords.made(made.name)}
          lead={t.appPasswords.once}
          value={made.password}
          what={t.appPasswords.password}
        />
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
  return (
    <SecretRow
      name={name}
      words={{
        label: t.appPasswords.removeOf(name),
        title: t.appPasswords.removeTitle(name),
        lead: t.appPasswords.removeLead,
        action: t.common.remove,
      }}
      remove={async () => {
        await answerOf(ofMailbox[':id'].$delete({ param: { address: inPath(address), id } }));
        await client.invalidateQueries({ queryKey: ['mailboxes', 'app-passwords', address] });
      }}
    >
      <Text size="xs" c="dimmed">
        <Time value={createdAt} />
      </Text>
    </SecretRow>
  );
}
