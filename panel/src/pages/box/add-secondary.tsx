import { Button, Group, NumberInput, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const DEFAULT_PORT = 53;
const separators = [',', ' ', ';'];

export function AddSecondary() {
  const { t } = useTexts();
  const keys = useQuery(queries.tsigKeys);
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
          <Select
            label={t.secondaries.tsigKey}
            description={
              <TextLink to="/transfer-keys" size="xs">
                {t.transferKeys.make}
              </TextLink>
            }
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            placeholder={t.secondaries.noKey}
            data={keys.data?.items.map((one) => one.name) ?? []}
            value={key}
            onChange={setKey}
            clearable
            style={{ flex: '1 1 160px' }}
          />
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
