import { Box, Group, Progress, Stack, Text } from '@mantine/core';
import { memo } from 'react';
import { Section } from '../../parts/page.tsx';
import { StateIcon } from '../../parts/state.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { type Place, type Step, useSteps } from './steps.ts';

/** What is still to do until mail arrives; gone when all of it is done. */
export function Checklist() {
  const { t } = useTexts();
  const steps = useSteps();
  if (!steps || steps.every(({ tone }) => tone === 'good')) return null;
  const done = steps.filter(({ tone }) => tone === 'good').length;
  return (
    <Section title={t.checklist.title} lead={t.checklist.lead}>
      <Progress
        value={(100 * done) / steps.length}
        size="sm"
        mb="xs"
        aria-label={t.checklist.progress(done, steps.length)}
      />
      <Box className="rows">
        {steps.map((step) => (
          <Item key={step.key} step={step} />
        ))}
      </Box>
    </Section>
  );
}

/** Answers come one by one, and each is about one of them: the others stay as they are drawn. */
const Item = memo(
  StepRow,
  ({ step: before }, { step: now }) =>
    before.key === now.key &&
    before.tone === now.tone &&
    before.detail === now.detail &&
    JSON.stringify(before.at) === JSON.stringify(now.at),
);

function StepRow({ step: { key, tone, detail, at } }: { step: Step }) {
  const { t } = useTexts();
  const { title, why, action } = t.checklist.steps[key];
  const done = tone === 'good';
  return (
    <Group py="sm" gap="sm" wrap="nowrap" align="flex-start">
      <StateIcon tone={tone} size={20} />
      {/* On a phone the way is below the words, which would have half of the width otherwise. */}
      <Group gap="xs" align="flex-start" style={{ flex: 1, minWidth: 0 }}>
        <Stack gap={2} style={{ flex: '1 1 17rem', minWidth: 0 }}>
          <Text size="sm" fw={done ? 400 : 600} c={done ? 'dimmed' : undefined}>
            {title}
          </Text>
          {!done && (
            <Text size="sm" c="dimmed">
              {detail ?? why}
            </Text>
          )}
        </Stack>
        {!done && at && <Way at={at}>{action}</Way>}
      </Group>
    </Group>
  );
}

function Way({ at, children }: { at: Place; children: string }) {
  const style = { whiteSpace: 'nowrap' } as const;
  return at.page === 'registrar' ? (
    <TextLink to="/domains/$domain/registrar" params={{ domain: at.domain }} size="sm" style={style}>
      {children}
    </TextLink>
  ) : (
    <TextLink to={at.page} size="sm" style={style}>
      {children}
    </TextLink>
  );
}
