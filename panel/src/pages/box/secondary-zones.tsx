import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { CopyCheck, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Empty } from '../../parts/empty.tsx';
import { More } from '../../parts/more.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { State, type Tone } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { AddSecondaryZone } from './add-secondary-zone.tsx';

/** Zones of others that the box serves: how it is with each, and where it comes from. */
export function SecondaryZones() {
  const { t } = useTexts();
  const list = useInfiniteQuery(queries.secondaryZones);
  const zones = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Page title={t.secondaryZones.title} lead={t.secondaryZones.lead} width={900}>
      {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <WaitingRows count={3} />}
      {zones?.length === 0 && (
        <div className="card">
          <Empty icon={CopyCheck} title={t.secondaryZones.none}>
            {t.secondaryZones.noneLead}
          </Empty>
        </div>
      )}
      {zones?.map((zone) => (
        <Zone key={zone.name} zone={zone} />
      ))}
      <More list={list} />
      <Section title={t.secondaryZones.add} lead={t.secondaryZones.addLead}>
        <AddSecondaryZone />
      </Section>
    </Page>
  );
}

const tones: Record<queries.SecondaryZone['state'], Tone> = {
  pending: 'wait',
  current: 'good',
  failing: 'wait',
  expired: 'bad',
};

const changed = (): Promise<void> => client.invalidateQueries({ queryKey: ['secondary-zones'] });

function Zone({ zone }: { zone: queries.SecondaryZone }) {
  const { t } = useTexts();
  const { name, primaries, state } = zone;
  const [asking, setAsking] = useState(false);
  return (
    <Section
      title={name}
      lead={primaries.map((primary) => primaryText(primary, t.secondaryZones)).join(' · ')}
      actions={
        <Group gap="sm">
          <State tone={tones[state]}>{t.secondaryZones.states[state]}</State>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t.secondaryZones.removeOf(name)}
            onClick={() => setAsking(true)}
          >
            <Trash2 size={16} aria-hidden />
          </ActionIcon>
        </Group>
      }
    >
      <Facts zone={zone} />
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.secondaryZones.removeTitle(name)}
        action={t.common.remove}
        typed={name}
        destroy={async () => {
          await answerOf(api['secondary-zones'][':zone'].$delete({ param: { zone: inPath(name) } }));
          await changed();
        }}
      >
        {t.secondaryZones.removeLead}
      </DestroyDialog>
    </Section>
  );
}

/** What is here of it, and when it was looked after. */
function Facts({ zone }: { zone: queries.SecondaryZone }) {
  const { t } = useTexts();
  const { name, serial, records, checkedAt, expiresAt, checking, problem } = zone;
  const refresh = useAction(async () => {
    await answerOf(api['secondary-zones'][':zone'].refresh.$post({ param: { zone: inPath(name) } }));
    await changed();
  });
  return (
    <>
      {serial !== null && (
        <div className="rows">
          <Fact label={t.secondaryZones.serial}>{serial}</Fact>
          {records !== null && <Fact label={t.secondaryZones.records}>{records}</Fact>}
          {checkedAt !== null && (
            <Fact label={t.secondaryZones.checked}>
              <Time value={checkedAt} />
            </Fact>
          )}
          {expiresAt !== null && (
            <Fact label={t.secondaryZones.expires}>
              <Time value={expiresAt} />
            </Fact>
          )}
        </div>
      )}
      {problem !== null && (
        <Text size="sm" mt="xs">
          <Said>{problem}</Said>
        </Text>
      )}
      {refresh.error !== undefined && <Problem error={refresh.error} />}
      <Group justify="flex-end" mt="xs">
        <Button variant="default" size="xs" loading={refresh.busy || checking} onClick={refresh.run}>
          {t.secondaryZones.refresh}
        </Button>
      </Group>
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group py={6} justify="space-between" gap="sm">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm">{children}</Text>
    </Group>
  );
}

function primaryText(
  { address, port, tsigKey, tls }: queries.SecondaryZone['primaries'][number],
  texts: { key: (name: string) => string; overTls: string },
): string {
  const at = port === null ? address : `${address}#${port}`;
  return [at, ...(tls ? [texts.overTls] : []), ...(tsigKey === null ? [] : [texts.key(tsigKey)])].join(', ');
}
