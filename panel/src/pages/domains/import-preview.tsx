import { Box, Button, Group, Stack, Text } from '@mantine/core';
import { DiffLines } from '../../parts/diff-lines.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Said } from '../../parts/said.tsx';
import type { Action } from '../../parts/use-action.ts';
import { useTexts } from '../../texts/use-texts.ts';
import type { ImportResult } from './import.tsx';

/** Records that are shown: who brings more along knows them. */
const SHOWN = 300;

type Line = Pick<ImportResult['imported'][number], 'owner' | 'type' | 'ttl' | 'value'>;

const lineOf = ({ owner, ttl, type, value }: Line): string =>
  [owner, ...(ttl === null ? [] : [String(ttl)]), type, value].join(' ');

/** What would be taken of a zone file, and what would not and why. */
export function ImportPreview({ preview, take }: { preview: ImportResult; take: Action }) {
  const { t, format } = useTexts();
  const { imported, skipped } = preview;
  const more = (list: readonly unknown[]) =>
    list.length > SHOWN && (
      <Text size="sm" c="dimmed" mt="xs">
        {t.importZone.more(format.number(list.length - SHOWN))}
      </Text>
    );
  return (
    <Stack gap="lg">
      <Section
        title={t.importZone.taken(format.number(imported.length))}
        lead={imported.length > 0 ? t.importZone.takenLead : t.importZone.takenNone}
      >
        {imported.length > 0 && (
          <DiffLines
            lines={imported.slice(0, SHOWN).map((record) => `+ ${lineOf(record)}`)}
            label={t.importZone.taken(format.number(imported.length))}
          />
        )}
        {more(imported)}
      </Section>
      {skipped.length > 0 && (
        <Section title={t.importZone.left(format.number(skipped.length))} lead={t.importZone.leftLead}>
          <Box className="rows">
            {skipped.slice(0, SHOWN).map((record, index) => (
              <Box key={index} py={8}>
                <Text className="mono" style={{ overflowWrap: 'anywhere' }}>
                  {lineOf(record)}
                </Text>
                <Text size="sm" c="dimmed">
                  <Said>{record.reason}</Said>
                </Text>
              </Box>
            ))}
          </Box>
          {more(skipped)}
        </Section>
      )}
      {take.error !== undefined && <Problem error={take.error} />}
      <Group justify="flex-end">
        <Button onClick={take.run} loading={take.busy}>
          {t.importZone.take(preview.zone, format.number(imported.length))}
        </Button>
      </Group>
    </Stack>
  );
}
