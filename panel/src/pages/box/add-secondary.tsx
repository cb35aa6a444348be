import { Button, Group, NumberInput, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { KeySelect } from './key-select.tsx';

const DEFAULT_PORT = 53;
const separators = [',', ' ', ';'];

export function AddSecondary() {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [addresses, setAddresses] = useState<string[]>([]);
  const [port, setPort] = useState<number | string>(DEFAULT_PORT);
  const [key, setKey] = useState<string | null>(null);
  const [catalog, setCatalog] = useState(false);
  const action = useAction(async () => {
    await answerOf(
      api.secondaries.$post({
        json: {
          ...{ name: name.trim(), addresses, port: Number(port), catalog },
          ...(key !== null && { tsigKey: key }),
        },
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
          <NumberInput
            label={t.secondaries.port}
            value={port}
            onChange={setPort}
            min={1}
            max={65_535}
            allowDecimal={false}
            hideControls
            error={action.fieldError('port')}
            style={{ flex: '0 1 90px' }}
          />
          <KeySelect value={key} onChange={setKey} />
        </Group>
        <Switch
          label={t.secondaries.catalog}
          description={t.secondaries.catalogHelp}
          checked={catalog}
          onChange={(event) => setCatalog(event.currentTarget.checked)}
        />
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
