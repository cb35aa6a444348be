import { Box, Group, Text } from '@mantine/core';
import type { AuditEntry } from '../api/queries.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Time } from './time.tsx';

/** Who did what, the newest first. */
export function ActivityList({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useTexts();
  if (entries.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t.activity.none}
      </Text>
    );
  }
  return (
    <Box className="rows">
      {entries.map(({ id, at, actor, action, target }) => (
        <Group key={id} py={8} gap="sm" justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {actionText(action, t.activity.actions)}{' '}
              <Text span fw={600} inherit>
                {target}
              </Text>
            </Text>
            <Text size="xs" c="dimmed">
              {actor.name}
            </Text>
          </div>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            <Time value={at} />
          </Text>
        </Group>
      ))}
    </Box>
  );
}

/** An action that has no words here is called what the API calls it. */
function actionText(action: string, words: Record<string, string>): string {
  return words[action] ?? action;
}
