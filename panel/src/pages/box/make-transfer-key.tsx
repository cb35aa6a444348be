import { Button, Group, PasswordInput, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const separators = [',', ' ', ';'];
const algorithms = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const;

/** What a key opens: all zones for a secondary, some, none (to fetch zones of others with), or records of one zone to a program. */
const purposes = ['all', 'some', 'update', 'none'] as const;
type Purpose = (typeof purposes)[number];

export function MakeTransferKey({ made }: { made: (name: string, secret: string) => void }) {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [purpose, setPurpose] = useState<Purpose>('all');
  const [zones, setZones] = useState<string[]>([]);
  const [grant, setGrant] = useState(noGrant);
  const [algorithm, setAlgorithm] = useState<(typeof algorithms)[number]>('hmac-sha256');
  const [secret, setSecret] = useState('');
  const action = useAction(async () => {
    const transfer = purpose === 'all' ? purpose : purpose === 'some' ? zones : [];
    const update = purpose === 'update' ? [given(grant)] : [];
    const own = secret.trim();
    const answer = await answerOf(
      api['tsig-keys'].$post({
        json: { name: name.trim(), algorithm, transfer, update, ...(own !== '' && { secret: own }) },
      }),
    );
    made(answer.key.name, answer.secret ?? '');
    setName('');
    setSecret('');
    await client.invalidateQueries({ queryKey: ['tsig-keys'] });
  });
  const isWhole = purpose === 'some' ? zones.length > 0 : purpose !== 'update' || grant.zone.trim() !== '';
  return (
    <form onSubmit={action.submit}>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <TextInput
            label={t.transferKeys.name}
            description={t.transferKeys.nameHelp}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            error={action.fieldError('name')}
            style={{ flex: '1 1 220px' }}
          />
          <Select
            label={t.transferKeys.purpose}
            data={purposes.map((value) => ({ value, label: t.transferKeys.opens[value] }))}
            value={purpose}
            onChange={(value) => value !== null && setPurpose(value)}
            allowDeselect={false}
            style={{ flex: '1 1 260px' }}
          />
        </Group>
        {purpose === 'some' && (
          <TagsInput
            label={t.transferKeys.zones}
            value={zones}
            onChange={setZones}
            splitChars={separators}
            acceptValueOnBlur
            error={zones.map((_, at) => action.fieldError(`transfer[${at}]`)).find(Boolean)}
          />
        )}
        {purpose === 'update' && <GrantFields {...{ grant, setGrant }} errorOf={action.fieldError} />}
        <Group align="flex-start" gap="sm">
          <PasswordInput
            label={t.transferKeys.ownSecret}
            description={t.transferKeys.ownSecretHelp}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            autoComplete="off"
            error={action.fieldError('secret')}
            style={{ flex: '2 1 260px' }}
          />
          <Select
            label={t.transferKeys.algorithm}
            data={[...algorithms]}
            value={algorithm}
            onChange={(value) => value !== null && setAlgorithm(value)}
            allowDeselect={false}
            style={{ flex: '1 1 160px' }}
          />
        </Group>
        {action.error !== undefined && <Problem error={action.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={action.busy} disabled={name.trim() === '' || !isWhole}>
            {t.transferKeys.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Records that a program may change (RFC 2136); without owners or types all of the zone. */
interface Grant {
  zone: string;
  owners: string[];
  types: string[];
}

const noGrant: Grant = { zone: '', owners: [], types: [] };

function given({ zone, owners, types }: Grant) {
  return {
    zone: zone.trim(),
    ...(owners.length > 0 && { owners }),
    ...(types.length > 0 && { types: types.map((type) => type.toUpperCase()) }),
  };
}

interface GrantFieldsProps {
  grant: Grant;
  setGrant: (grant: Grant) => void;
  errorOf: (path: string) => string | undefined;
}

function GrantFields({ grant, setGrant, errorOf }: GrantFieldsProps) {
  const { t } = useTexts();
  const list = (field: 'owners' | 'types') => ({
    value: grant[field],
    onChange: (value: string[]) => setGrant({ ...grant, [field]: value }),
    splitChars: separators,
    acceptValueOnBlur: true,
    error: grant[field].map((_, at) => errorOf(`update[0].${field}[${at}]`)).find(Boolean),
  });
  return (
    <Group align="flex-start" gap="sm">
      <TextInput
        label={t.transferKeys.zone}
        value={grant.zone}
        onChange={(event) => setGrant({ ...grant, zone: event.currentTarget.value })}
        autoCapitalize="none"
        spellCheck={false}
        error={errorOf('update[0].zone')}
        style={{ flex: '1 1 200px' }}
      />
      <TagsInput
        label={t.transferKeys.owners}
        description={t.transferKeys.ownersHelp}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        style={{ flex: '2 1 240px' }}
        {...list('owners')}
      />
      <TagsInput
        label={t.transferKeys.types}
        description={t.transferKeys.typesHelp}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        style={{ flex: '1 1 160px' }}
        {...list('types')}
      />
    </Group>
  );
}
