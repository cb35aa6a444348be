import { ActionIcon, Box, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Network, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { CopyText } from '../../parts/copy.tsx';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { State } from '../../parts/state.tsx';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { AddSecondary } from './add-secondary.tsx';

/** Other nameservers that answer for our zones: how far behind each is, and what to write into its configuration. */
export function Secondaries() {
  const { t } = useTexts();
  const { data, error, isPending, refetch } = useQuery(queries.secondaries);
  return (
    <Page title={t.secondaries.title} lead={t.secondaries.lead} width={900}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {isPending && <WaitingRows count={3} />}
      {data?.items.length === 0 && (
        <div className="card">
          <Empty icon={Network} title={t.secondaries.none}>
            {t.secondaries.noneLead}
          </Empty>
        </div>
      )}
      {data?.items.map((secondary) => (
        <Secondary key={secondary.name} secondary={secondary} />
      ))}
      <Section title={t.secondaries.add} lead={t.secondaries.addLead}>
        <AddSecondary />
      </Section>
    </Page>
  );
}

function Secondary({ secondary: { name, addresses, tsigKey, published } }: { secondary: queries.Secondary }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const facts = [addresses.join(', '), tsigKey !== null && t.secondaries.key(tsigKey)];
  return (
    <Section
      title={name}
      lead={facts.filter((fact) => fact !== '' && fact !== false).join(' · ')}
      actions={
        <Group gap="sm">
          <State tone={published ? 'good' : 'wait'}>
            {published ? t.secondaries.published : t.secondaries.notPublished}
          </State>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t.secondaries.removeOf(name)}
            onClick={() => setAsking(true)}
          >
            <Trash2 size={16} aria-hidden />
          </ActionIcon>
        </Group>
      }
    >
      <Stack>
        <Lag name={name} />
        <Configuration name={name} />
      </Stack>
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.secondaries.removeTitle(name)}
        action={t.common.remove}
        typed={name}
        destroy={async () => {
          await answerOf(api.secondaries[':secondary'].$delete({ param: { secondary: name } }));
          await client.invalidateQueries({ queryKey: ['secondaries'] });
        }}
      >
        {t.secondaries.removeLead}
      </DestroyDialog>
    </Section>
  );
}

/** What it answers for a few of our zones. */
function Lag({ name }: { name: string }) {
  const { t, format } = useTexts();
  const { data, error, isPending } = useQuery(queries.secondary(name));
  if (error) return <Problem error={error} />;
  if (isPending) return <WaitingRows count={2} height={16} />;
  return (
    <Box className="rows">
      {data.zones.map(({ zone, at }) =>
        at.map(({ address, behind, problem }) => (
          <Group key={`${zone} ${address}`} py={6} justify="space-between" gap="sm">
            <Text size="sm">
              {zone}{' '}
              <Text span c="dimmed" inherit>
                {address}
              </Text>
            </Text>
            {behind === null ? (
              <State tone="bad">{problem !== null && <Said>{problem}</Said>}</State>
            ) : (
              <State tone={behind === 0 ? 'good' : 'wait'}>
                {behind === 0 ? t.secondaries.current : t.secondaries.behind(format.duration(behind))}
              </State>
            )}
          </Group>
        )),
      )}
    </Box>
  );
}

const servers = ['knot', 'nsd', 'bind', 'powerdns'] as const;

function Configuration({ name }: { name: string }) {
  const { t } = useTexts();
  const [server, setServer] = useState<(typeof servers)[number] | null>(null);
  const { data, error } = useQuery({
    ...queries.secondaryConfiguration(name, server ?? 'knot'),
    enabled: server !== null,
  });
  return (
    <Stack gap="xs">
      <Group align="flex-end" justify="space-between">
        <Select
          label={t.secondaries.configuration}
          placeholder={t.secondaries.choose}
          data={servers.map((value) => ({ value, label: t.secondaries.servers[value] }))}
          value={server}
          onChange={setServer}
          w={240}
        />
        {server !== null && data && <CopyText value={data.configuration}>{t.common.copy}</CopyText>}
      </Group>
      {error && <Problem error={error} />}
      {server !== null && data && (
        <Box
          component="pre"
          className="mono code"
          m={0}
          mah={320}
          tabIndex={0}
          aria-label={t.secondaries.configuration}
          style={{ overflow: 'auto', whiteSpace: 'pre' }}
        >
          {data.configuration}
        </Box>
      )}
    </Stack>
  );
}
