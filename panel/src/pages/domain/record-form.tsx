import { Box, Button, Group, NumberInput, Select, Text, TextInput, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import type { CustomRecord } from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { Said } from '../../parts/said.tsx';
import { State } from '../../parts/state.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import type { Texts } from '../../texts/en.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { besides } from './besides.ts';
import { fullOwner, shortOwner } from './owner.ts';
import { RecordChanges } from './record-changes.tsx';
import { useVerdict } from './use-verdict.ts';

const { ':zone': ofZone } = api.zones;

/** Those that people write most, the most frequent first; the field takes others as well. */
const types = [
  'A',
  'AAAA',
  'CNAME',
  'TXT',
  'MX',
  'SRV',
  'CAA',
  'NS',
  'PTR',
  'TLSA',
  'HTTPS',
  'SVCB',
  'SSHFP',
  'NAPTR',
  'LOC',
  'DS',
];

/** How a value is written, by type. */
const examples: Record<string, string> = {
  A: '192.0.2.1',
  AAAA: '2001:db8::1',
  CNAME: 'www.example.net.',
  TXT: '"v=…"',
  MX: '10 mail.example.net.',
  SRV: '0 5 5060 sip.example.net.',
  CAA: '0 issue "letsencrypt.org"',
  NS: 'ns1.example.net.',
};

interface RecordFormProps {
  zone: string;
  /** The one that is edited; undefined: a new one. */
  record?: CustomRecord;
  done: () => void;
}

export function RecordForm({ zone, record, done }: RecordFormProps) {
  const { t } = useTexts();
  const form = useRecordForm({ zone, record, done });
  return (
    <Box component="form" onSubmit={form.action.submit} className="card" p="md" my="xs">
      <Group align="flex-start" gap="sm">
        <TextInput
          label={t.records.owner}
          description={t.records.ownerHelp(zone)}
          value={form.owner}
          onChange={(event) => form.setOwner(event.currentTarget.value)}
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          disabled={record !== undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          style={{ flex: '2 1 170px' }}
          error={form.action.fieldError('owner')}
        />
        <Select
          label={t.records.type}
          data={types.includes(form.type) ? types : [form.type, ...types]}
          value={form.type}
          onChange={(value) => value !== null && form.setType(value)}
          searchable
          allowDeselect={false}
          disabled={record !== undefined}
          style={{ flex: '1 1 96px' }}
          error={form.action.fieldError('type')}
        />
        <NumberInput
          label={t.records.ttl}
          placeholder={t.records.ttlDefault}
          value={form.ttl}
          onChange={form.setTtl}
          min={0}
          max={2_147_483_647}
          allowDecimal={false}
          hideControls
          style={{ flex: '1 1 96px' }}
          error={form.action.fieldError('ttl')}
        />
      </Group>
      <Textarea
        label={t.records.value}
        description={valueHelp(form.type, t)}
        placeholder={examples[form.type]}
        value={form.value}
        onChange={(event) => form.setValue(event.currentTarget.value)}
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        mt="sm"
        required
        withAsterisk={false}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        classNames={{ input: 'mono' }}
        error={form.action.fieldError('value')}
      />
      <Box mih={24} mt="xs" aria-live="polite">
        {form.verdict && (
          <State tone={form.verdict.ok ? 'good' : 'bad'}>
            {form.verdict.ok ? t.records.wouldTake : <Said>{form.verdict.reason}</Said>}
          </State>
        )}
      </Box>
      {form.verdict?.ok && <RecordChanges changes={form.verdict.changes} />}
      {form.action.error !== undefined && <Problem error={form.action.error} />}
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button variant="default" onClick={done}>
          {t.common.cancel}
        </Button>
        <Button type="submit" loading={form.action.busy}>
          {record ? t.common.save : t.records.add}
        </Button>
      </Group>
      {record && (
        <Text size="xs" c="dimmed" ta="right" mt={4}>
          {t.records.editHelp}
        </Text>
      )}
    </Box>
  );
}

function valueHelp(type: string, t: Texts): string {
  const words: Record<string, string> = t.records.valueHelp;
  return words[type] ?? t.records.valueHelpOther;
}

function useRecordForm({ zone, record, done }: RecordFormProps) {
  const [owner, setOwner] = useState(record ? shortOwner(record.owner, zone, '@') : '');
  const [type, setType] = useState(record?.type ?? 'A');
  const [ttl, setTtl] = useState<string | number>(record?.ttl ?? '');
  const [value, setValue] = useState(record?.value ?? '');
  const json = {
    owner: fullOwner(owner, zone),
    type,
    value: value.trim(),
    ttl: ttl === '' ? null : Number(ttl),
  };
  const verdict = useVerdict(zone, json, record);

  const { t } = useTexts();
  const action = useAction(async () => {
    const changed = await (record
      ? answerOf(
          ofZone.records.$put({
            param: { zone },
            json: { records: [...(await besides(zone, record)), json] },
          }),
        )
      : answerOf(ofZone.records.$post({ param: { zone }, json })));
    await client.invalidateQueries({ queryKey: ['records'] });
    notifications.show({ message: t.records.live(changed.serial) });
    done();
  });
  return { owner, setOwner, type, setType, ttl, setTtl, value, setValue, verdict, action };
}
