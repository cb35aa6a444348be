import { Box, Text } from '@mantine/core';
import { DiffLines } from '../../parts/diff-lines.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import type { Verdict } from './use-verdict.ts';

/** Lines that are shown. */
const SHOWN = 30;

/** What a change of records would change in the zone, what the box derives because of it included. */
export function RecordChanges({ changes }: { changes: Extract<Verdict, { ok: true }>['changes'] }) {
  const { t, format } = useTexts();
  const lines = changes
    .slice(0, SHOWN)
    .map(({ op, owner, ttl, type, value }) => `${op} ${owner} ${ttl} ${type} ${value}`);
  if (changes.length > SHOWN) lines.push(t.records.moreChanges(format.number(changes.length - SHOWN)));
  return (
    <Box mt="xs">
      <Text size="sm" c="dimmed" mb={4}>
        {changes.length > 0 ? t.records.changes : t.records.noChanges}
      </Text>
      {changes.length > 0 && <DiffLines lines={lines} label={t.records.changes} />}
    </Box>
  );
}
