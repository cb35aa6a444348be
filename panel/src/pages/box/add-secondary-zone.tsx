import { Button, Group, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const separators = [',', ' ', ';'];

/** A zone, with the servers that it comes from: one key and one certificate name for all of them, as nearly every zone has it. */
export function AddSecondaryZone() {
  const { t } = useTexts();
  const keys = useQuery(queries.tsigKeys);
  const [name, setName] = useState('');
  const [addresses, setAddresses] = useState<string[]>([]);
  const [key, setKey] = useState<string | null>(null);
  const [isTls, setTls] = useState(false);
  const [tlsName, setTlsName] = useState('');
  const action = useAction(async () => {
    const trust = isTls && { tls: tlsName.trim() === '' ? {} : { name: tlsName.trim() } };
    const primaries = addresses.map((address) => ({
      address,
      ...(key !== null && { tsigKey: key }),
      ...trust,
    }));
    await answerOf(api['secondary-zones'].$post({ json: { name: name.trim(), primaries } }));
    setName('');
    setAddresses([]);
    await client.invalidateQueries({ queryKey: ['secondary-zones'] });
  });
  const addressError = addresses.map((_, at) => action.fieldError(`primaries[${at}].address`)).find(Boolean);
  return (
    <form onSubmit={action.submit}>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <TextInput
            label={t.secondaryZones.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoCapitalize="none"
            spellCheck={false}
            error={action.fieldError('name')}
            style={{ flex: '2 1 200px' }}
          />
          <TagsInput
            label={t.secondaryZones.primaries}
            value={addresses}
            onChange={setAddresses}
            splitChars={separators}
            acceptValueOnBlur
            error={addressError}
            style={{ flex: '2 1 200px' }}
          />
          <Select
            label={t.secondaryZones.tsigKey}
            placeholder={t.secondaryZones.noKey}
            data={keys.data?.items.map((one) => one.name) ?? []}
            value={key}
            onChange={setKey}
            clearable
            style={{ flex: '1 1 160px' }}
          />
        </Group>
        <Switch
          label={t.secondaryZones.tls}
          checked={isTls}
          onChange={(event) => setTls(event.currentTarget.checked)}
        />
        {isTls && (
          <TextInput
            label={t.secondaryZones.tlsName}
            description={t.secondaryZones.tlsNameLead}
            value={tlsName}
            onChange={(event) => setTlsName(event.currentTarget.value)}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        {action.error !== undefined && <Problem error={action.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={action.busy} disabled={name.trim() === '' || addresses.length === 0}>
            {t.secondaryZones.add}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
