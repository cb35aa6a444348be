import { ActionIcon, Alert, Box, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FileUp, Pencil, Plus, Trash2, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Section } from '../../parts/page.tsx';
import { More } from '../../parts/more.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { shortOwner } from './owner.ts';
import { RecordChanges } from './record-changes.tsx';
import { RecordForm } from './record-form.tsx';
import { previewOf } from './use-verdict.ts';

const { ':zone': ofZone } = api.zones;

/** What a person wrote: added, edited and removed in place. */
export function CustomRecords({ zone }: { zone: string }) {
  const { t } = useTexts();
  const list = useInfiniteQuery(queries.customRecords(zone));
  const [adding, setAdding] = useState(false);
  const records = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section
      title={t.records.own}
      lead={t.records.ownLead}
      actions={
        !adding && (
          <Group gap="xs">
            <Button
              renderRoot={(props) => <Link {...props} to="/domains/import" search={{ zone }} />}
              size="sm"
              variant="default"
              leftSection={<FileUp size={16} aria-hidden />}
            >
              {t.importZone.open}
            </Button>
            <Button
              size="sm"
              variant="light"
              leftSection={<Plus size={16} aria-hidden />}
              onClick={() => setAdding(true)}
            >
              {t.records.add}
            </Button>
          </Group>
        )
      }
    >
      {adding && <RecordForm zone={zone} done={() => setAdding(false)} />}
      {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <WaitingRows count={2} />}
      {list.data && records.length === 0 && !adding && (
        <Text size="sm" c="dimmed">
          {t.records.ownNone}
        </Text>
      )}
      <Box className="rows">
        {records.map((record) => (
          <OwnRecord key={record.id} record={record} zone={zone} />
        ))}
      </Box>
      <More list={list} />
    </Section>
  );
}

function OwnRecord({ record, zone }: { record: queries.CustomRecord; zone: string }) {
  const { t, format } = useTexts();
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { id, owner, type, value, effectiveTtl, warning } = record;
  const name = shortOwner(owner, zone, t.records.apex);
  const remove = async (): Promise<void> => {
    const { serial } = await answerOf(ofZone.records[':id'].$delete({ param: { zone, id } }));
    await client.invalidateQueries({ queryKey: ['records'] });
    if (serial !== null) notifications.show({ message: t.records.live(serial) });
  };
  const preview = useQuery({
    queryKey: ['verdict', zone, id, 'remove'],
    enabled: removing,
    staleTime: 0,
    retry: false,
    queryFn: () => previewOf(zone, { remove: { id } }),
  });
  if (editing) return <RecordForm zone={zone} record={record} done={() => setEditing(false)} />;
  return (
    <Box py={8}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Box style={{ flex: 1, minWidth: 0 }}>
          <Group gap={8}>
            <Text className="mono" fw={600}>
              {name}
            </Text>
            <Text className="mono" c="dimmed">
              {type}
            </Text>
            <Text className="mono" c="dimmed" title={t.records.ttl}>
              {format.duration(effectiveTtl)}
            </Text>
          </Group>
          <Text className="mono">{value}</Text>
        </Box>
        <Group gap={2} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t.records.editOf(name, type)}
            onClick={() => setEditing(true)}
          >
            <Pencil size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t.records.removeOf(name, type)}
            onClick={() => setRemoving(true)}
          >
            <Trash2 size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      {warning !== null && (
        <Alert mt={6} color="orange" variant="light" icon={<TriangleAlert size={16} aria-hidden />} p="xs">
          <Said>{warning}</Said>
        </Alert>
      )}
      <DestroyDialog
        opened={removing}
        onClose={() => setRemoving(false)}
        title={t.records.removeTitle}
        action={t.common.remove}
        destroy={remove}
      >
        <Text className="mono code">{`${owner} ${type} ${value}`}</Text>
        {preview.data && <RecordChanges changes={preview.data.changes} />}
        <Text size="sm" mt="xs">
          {t.records.removeLead}
        </Text>
      </DestroyDialog>
    </Box>
  );
}
