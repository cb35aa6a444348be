import { Button, Group, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const separators = [',', ' ', ';'];

export function AddSecondary() {
  const { t } = useTexts();
  const keys = useQuery(queries.tsigKeys);
  const [name, setName] = useState('');
  const [addresses, setAddresses] = useState<string[]>([]);
  const [key, setKey] = useState<string | null>(null);
  const action = useAction(async () => {
    await answerOf(
      api.secondaries.$post({
        json: { name: name.trim(), addresses, ...(key !== null && { tsigKey: key }) },
      }),
    );
    setName('');
    setAddresses([]);
    await client.invalidateQueries({ queryKey: ['secondaries'] });
  });
  return (
    <form onSubmit={action.submit}>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <TextInput
            label={t.secondaries.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoCapitalize="none"
            spellCheck={false}
            error={action.fieldError('name')}
            style={{ flex: '2 1 200px' }}
          />
          <TagsInput
            label={t.secondaries.addresses}
            value={addresses}
            onChange={setAddresses}
            splitChars={separators}
            acceptValueOnBlur
            style={{ flex: '2 1 200px' }}
          />
          <Select
            label={t.secondaries.tsigKey}
            placeholder={t.secondaries.noKey}
            data={keys.data?.items.map((one) => one.name) ?? []}
            value={key}
            onChange={setKey}
            clearable
            style={{ flex: '1 1 160px' }}
          />
        </Group>
        {action.error !== undefined && <Problem error={action.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={action.busy} disabled={name.trim() === ''}>
            {t.secondaries.add}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
