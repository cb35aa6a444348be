import { Box, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ChevronDown, ChevronRight, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { DiffLines } from '../../parts/diff-lines.tsx';
import { Section } from '../../parts/page.tsx';
import { More } from '../../parts/more.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Time } from '../../parts/time.tsx';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

/** Every version that was published: what changed, who did it, and the way back. */
export function History() {
  const { t } = useTexts();
  const { domain: name } = useParams({ from: '/inside/domains/$domain' });
  const { data: domain } = useQuery(queries.domain(name));
  const zone = domain?.zone ?? name;
  const list = useInfiniteQuery(queries.versions(zone));
  const versions = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={t.history.title} lead={t.history.lead}>
      {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <WaitingRows />}
      <Box className="rows">
        {versions.map((version, index) => (
          <VersionRow
            key={version.serial}
            zone={zone}
            version={version}
            before={versions[index + 1]}
            isLive={index === 0}
          />
        ))}
      </Box>
      <More list={list} />
    </Section>
  );
}

interface VersionRowProps {
  zone: string;
  version: queries.Version;
  before: queries.Version | undefined;
  isLive: boolean;
}

function VersionRow({ zone, version, before, isLive }: VersionRowProps) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const { serial, publishedAt, cause, actor, added, removed } = version;
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <Box py={6}>
      <Group gap="xs" justify="space-between" align="flex-start">
        <UnstyledButton
          onClick={() => setOpen(!open)}
          aria-expanded={open}
          disabled={!before}
          // Where there is no room beside what was done, the rest is below it.
          style={{ flex: '1 1 16rem', minWidth: 0, borderRadius: 6 }}
          py={4}
        >
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <Chevron size={16} aria-hidden style={{ flexShrink: 0, marginTop: 3, opacity: before ? 1 : 0 }} />
            <Stack gap={0} style={{ minWidth: 0 }}>
              <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
                {cause}
              </Text>
              <Text size="xs" c="dimmed">
                {actor} · <Time value={publishedAt} /> · {t.history.serial(serial)}
              </Text>
            </Stack>
          </Group>
        </UnstyledButton>
        <Group gap="sm" wrap="nowrap" pt={4} ml="auto">
          <Text className="mono" c="var(--panel-good)">{`+${added}`}</Text>
          <Text className="mono" c="var(--panel-bad)">{`−${removed}`}</Text>
          {isLive ? (
            <Text size="xs" fw={600} c="var(--panel-good)">
              {t.history.live}
            </Text>
          ) : (
            <RollBack zone={zone} version={version} />
          )}
        </Group>
      </Group>
      {open && before && <Difference zone={zone} from={before.serial} to={serial} />}
    </Box>
  );
}

function Difference({ zone, from, to }: { zone: string; from: number; to: number }) {
  const { t } = useTexts();
  const { data, error } = useQuery(queries.difference(zone, from, to));
  if (error) return <Problem error={error} />;
  if (!data) return <WaitingRows count={2} height={16} />;
  if (data.length === 0) {
    return (
      <Text size="sm" c="dimmed" pl={24}>
        {t.history.onlySignatures}
      </Text>
    );
  }
  return (
    <Box pl={24} pt={4}>
      <DiffLines
        label={t.history.changes}
        lines={data.map(({ op, owner, ttl, type, value }) => `${op} ${owner} ${ttl} ${type} ${value}`)}
      />
    </Box>
  );
}

function RollBack({ zone, version: { serial, publishedAt } }: { zone: string; version: queries.Version }) {
  const { t, format } = useTexts();
  const [asking, setAsking] = useState(false);
  const rollBack = async (): Promise<void> => {
    const live = await answerOf(api.zones[':zone'].rollback.$post({ param: { zone }, json: { serial } }));
    await client.invalidateQueries({ queryKey: ['zones'] });
    await client.invalidateQueries({ queryKey: ['records'] });
    notifications.show({ message: t.records.live(live.serial) });
  };
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<Undo2 size={13} aria-hidden />}
        onClick={() => setAsking(true)}
        aria-label={t.history.rollBackTo(serial)}
      >
        {t.history.rollBack}
      </Button>
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.history.rollBackTitle(format.dateTime(new Date(publishedAt)))}
        action={t.history.rollBack}
        destroy={rollBack}
      >
        {t.history.rollBackLead}
      </DestroyDialog>
    </>
  );
}
