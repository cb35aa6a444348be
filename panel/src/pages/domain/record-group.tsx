import { Anchor, Badge, Box, Group, Stack, Text } from '@mantine/core';
import { Fragment } from 'react';
import type { RecordView } from '../../api/queries.ts';
import { Copy } from '../../parts/copy.tsx';
import { Said } from '../../parts/said.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { shortOwner } from './owner.ts';
import type { RecordGroup } from './record-groups.ts';

const colours: Record<RecordView['level'], string> = {
  required: 'post',
  recommended: 'blue',
  optional: 'gray',
};

export function RecordGroupCard({ group, domain }: { group: RecordGroup; domain: string }) {
  const { t } = useTexts();
  const { why, rfc, level, types, records } = group;
  return (
    <Box p="md" component="article" aria-label={t.said(why)}>
      <Group gap="xs" mb={4}>
        <Text fw={650} size="sm">
          {types.join(', ')}
        </Text>
        <Badge color={colours[level]} size="sm" tt="none">
          {t.records.levels[level]}
        </Badge>
        {rfc !== null && <Rfc name={rfc} />}
      </Group>
      <Text size="sm" c="dimmed" mb="xs" maw={760}>
        <Said>{why}</Said>
      </Text>
      <Stack gap={6}>
        {records.map((record) => (
          <RecordLine
            key={`${record.owner} ${record.type} ${record.value}`}
            record={record}
            domain={domain}
          />
        ))}
      </Stack>
    </Box>
  );
}

/** Links to where standards are read; several are named in one text. */
function Rfc({ name }: { name: string }) {
  return (
    <Text size="xs" c="dimmed">
      {name.split(/(RFC \d+)/).map((part, index) => {
        const [, number] = /^RFC (\d+)$/.exec(part) ?? [];
        if (number === undefined) return <Fragment key={index}>{part}</Fragment>;
        return (
          <Anchor
            key={index}
            href={`https://www.rfc-editor.org/rfc/rfc${number}`}
            target="_blank"
            rel="noreferrer"
            inherit
          >
            {part}
          </Anchor>
        );
      })}
    </Text>
  );
}

/** How many characters of a value are seen before it is opened. */
const LONG = 160;

export function RecordLine({ record, domain }: { record: RecordView; domain: string }) {
  const { t, format } = useTexts();
  const { owner, type, ttl, value } = record;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" className="code">
      <Box style={{ flex: 1, minWidth: 0 }}>
        <Group gap={8}>
          <Text className="mono" fw={600} title={owner}>
            {shortOwner(owner, domain, t.records.apex)}
          </Text>
          <Text className="mono" c="dimmed">
            {type}
          </Text>
          <Text className="mono" c="dimmed" title={t.records.ttl}>
            {format.duration(ttl)}
          </Text>
        </Group>
        {value.length <= LONG ? (
          <Text className="mono">{value}</Text>
        ) : (
          <details>
            <summary className="mono">{`${value.slice(0, LONG)}…`}</summary>
            <Text className="mono">{value}</Text>
          </details>
        )}
      </Box>
      <Copy value={value} what={`${owner} ${type}`} />
    </Group>
  );
}
