import { Button, Group, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { KeySelect } from './key-select.tsx';

const separators = [',', ' ', ';'];

/** How the servers are known over TLS; what is empty is not given. */
interface Trust {
  name: string;
  pin: string;
  ca: string;
}

const noTrust: Trust = { name: '', pin: '', ca: '' };

/** A zone, with the servers that it comes from: with one key for all of them, and known over TLS by one name, as nearly every zone has it. */
export function AddSecondaryZone() {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [addresses, setAddresses] = useState<string[]>([]);
  const [key, setKey] = useState<string | null>(null);
  const [isTls, setTls] = useState(false);
  const [trust, setTrust] = useState(noTrust);
  const action = useAction(async () => {
    const primaries = addresses.map((text) => ({
      ...placeOf(text),
      ...(key !== null && { tsigKey: key }),
      ...(isTls && { tls: given(trust) }),
    }));
    await answerOf(api['secondary-zones'].$post({ json: { name: name.trim(), primaries } }));
    setName('');
    setAddresses([]);
    await client.invalidateQueries({ queryKey: ['secondary-zones'] });
  });
  const errorOf = (field: string): string | undefined =>
    addresses.map((_, at) => action.fieldError(`primaries[${at}].${field}`)).find(Boolean);
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
            description={t.secondaryZones.primariesLead}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={addresses}
            onChange={setAddresses}
            splitChars={separators}
            acceptValueOnBlur
            error={errorOf('address') ?? errorOf('port')}
            style={{ flex: '2 1 200px' }}
          />
          <KeySelect value={key} onChange={setKey} />
        </Group>
        <Switch
          label={t.secondaryZones.tls}
          checked={isTls}
          onChange={(event) => setTls(event.currentTarget.checked)}
        />
        {isTls && <TrustFields {...{ trust, setTrust, errorOf }} />}
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

interface TrustFieldsProps {
  trust: Trust;
  setTrust: (trust: Trust) => void;
  errorOf: (field: string) => string | undefined;
}

function TrustFields({ trust, setTrust, errorOf }: TrustFieldsProps) {
  const { t } = useTexts();
  const field = (name: keyof Trust) => ({
    value: trust[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setTrust({ ...trust, [name]: event.currentTarget.value }),
    error: errorOf(`tls.${name}`),
    autoCapitalize: 'none',
    spellCheck: false,
  });
  return (
    <>
      <Group align="flex-start" gap="sm">
        <TextInput
          label={t.secondaryZones.tlsName}
          description={t.secondaryZones.tlsNameLead}
          style={{ flex: '1 1 240px' }}
          {...field('name')}
        />
        <TextInput
          label={t.secondaryZones.tlsPin}
          description={t.secondaryZones.tlsPinLead}
          style={{ flex: '1 1 240px' }}
          {...field('pin')}
        />
      </Group>
      <Textarea
        label={t.secondaryZones.tlsCa}
        description={t.secondaryZones.tlsCaLead}
        autosize
        minRows={2}
        maxRows={8}
        {...field('ca')}
      />
    </>
  );
}

/** `192.0.2.53#5353` is an address with a port. What is neither the box says. */
function placeOf(text: string): { address: string; port?: number } {
  const [, address, port] = /^([^#]+)#(\d{1,5})$/.exec(text) ?? [];
  return address === undefined ? { address: text } : { address, port: Number(port) };
}

function given(trust: Trust): Partial<Trust> {
  const found: Partial<Trust> = {};
  for (const name of ['name', 'pin', 'ca'] as const) {
    const value = trust[name].trim();
    if (value !== '') found[name] = value;
  }
  return found;
}
