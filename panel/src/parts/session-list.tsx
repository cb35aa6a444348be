import { Box, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { SessionEntry } from '../api/queries.ts';
import { deviceOf } from '../session/device.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DestroyDialog } from './destroy-dialog.tsx';
import { Time } from './time.tsx';

/** Where an account is in use, each with what ends it. */
export function SessionList({
  sessions,
  end,
}: {
  sessions: readonly SessionEntry[];
  end: (id: string) => Promise<unknown>;
}) {
  const { t } = useTexts();
  if (sessions.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t.sessions.none}
      </Text>
    );
  }
  return (
    <Box className="rows">
      {sessions.map((session) => (
        <Row key={session.id} session={session} end={() => end(session.id)} />
      ))}
    </Box>
  );
}

function Row({ session, end }: { session: SessionEntry; end: () => Promise<unknown> }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const device = wordsFor(session.agent, t);
  return (
    <Group py={8} justify="space-between" wrap="nowrap" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={550}>
          {device}
          {session.current && (
            <Text span c="dimmed" fw={400} inherit>
              {` · ${t.sessions.current}`}
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {session.address ?? t.sessions.local} · {t.sessions.lastUsed} <Time value={session.seenAt} /> ·{' '}
          {t.sessions.since} <Time value={session.startedAt} /> {t.sessions.methods[session.method]}
        </Text>
      </div>
      {!session.current && (
        <Button
          variant="default"
          size="xs"
          style={{ flexShrink: 0 }}
          aria-label={t.sessions.endOf(device)}
          onClick={() => setAsking(true)}
        >
          {t.sessions.end}
        </Button>
      )}
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.sessions.endTitle(device)}
        action={t.sessions.end}
        destroy={end}
      >
        {t.sessions.endLead}
      </DestroyDialog>
    </Group>
  );
}

function wordsFor(agent: string | null, t: Texts): string {
  const { program, system } = deviceOf(agent ?? '');
  if (program === undefined) return t.sessions.unknown;
  return system === undefined ? program : t.sessions.on(program, system);
}
