import { Button, Group, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

/** What can be chosen here; keys leave the box over its socket alone, so that scope is made there. */
const scopes = ['read', 'dns:write', 'domains:write', 'mail:write', 'admin'] as const;

/** Days after which a token ends; 0: never. */
const lives = [30, 90, 365, 0] as const;
const DAY = 86_400_000;

export function MakeToken({ made }: { made: (name: string, secret: string) => void }) {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<(typeof scopes)[number]>('read');
  const [zones, setZones] = useState<string[]>([]);
  const [addresses, setAddresses] = useState<string[]>([]);
  const [life, setLife] = useState('365');
  const action = useAction(async () => {
    const expiresAt = life === '0' ? null : new Date(Date.now() + Number(life) * DAY).toISOString();
    const limited = scope === 'dns:write' && zones.length > 0;
    const { token, secret = '' } = await answerOf(
      api.tokens.$post({
        json: { name, scopes: [{ scope, ...(limited && { zones }) }], expiresAt, addresses },
      }),
    );
    made(token.name, secret);
    setName('');
    await client.invalidateQueries({ queryKey: ['tokens'] });
  });
  return (
    <form onSubmit={action.submit}>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <TextInput
            label={t.tokens.name}
            placeholder={t.tokens.namePlaceholder}
            required
            withAsterisk={false}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={action.fieldError('name')}
            style={{ flex: '2 1 200px' }}
          />
          <Select
            label={t.tokens.scope}
            data={scopes.map((value) => ({ value, label: t.tokens.scopes[value] }))}
            value={scope}
            onChange={(value) => value !== null && setScope(value)}
            allowDeselect={false}
            style={{ flex: '2 1 220px' }}
          />
          <Select
            label={t.tokens.life}
            data={lives.map((days) => ({
              value: String(days),
              label: days === 0 ? t.tokens.forever : t.tokens.days(days),
            }))}
            value={life}
            onChange={(value) => value !== null && setLife(value)}
            allowDeselect={false}
            style={{ flex: '1 1 120px' }}
          />
        </Group>
        {scope === 'dns:write' && (
          <TagsInput
            label={t.tokens.zones}
            description={t.tokens.zonesHelp}
            value={zones}
            onChange={setZones}
            splitChars={[',', ' ', ';']}
            acceptValueOnBlur
          />
        )}
        <TagsInput
          label={t.tokens.addresses}
          description={t.tokens.addressesHelp}
          value={addresses}
          onChange={setAddresses}
          splitChars={[',', ' ', ';']}
          acceptValueOnBlur
        />
        {action.error !== undefined && <Problem error={action.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={action.busy} disabled={name.trim() === ''}>
            {t.tokens.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
