import { Box, Text } from '@mantine/core';
import { Section } from '../../../parts/page.tsx';
import { useTexts } from '../../../texts/use-texts.ts';
import { type Facts, NextSteps } from './next-steps.tsx';
import { Picture } from './picture.tsx';
import { timetableOf } from './timetable.ts';

/** What comes next: in sentences, as a picture, and each row of it in words. */
export function Schedule(facts: Facts) {
  const { t } = useTexts();
  return (
    <Section title={t.dnssec.next.title} lead={t.dnssec.next.lead}>
      <NextSteps {...facts} />
      <Picture timetable={timetableOf(facts, facts.now.getTime())} parent={facts.parent?.state} />
      <InWords {...facts} />
    </Section>
  );
}

function InWords({ keys, signatures, parent }: Facts) {
  const { t, format } = useTexts();
  const words = t.dnssec.timetable;
  const states: Record<string, string> = t.dnssec.states;
  const date = (time: string): string => format.date(new Date(time));
  const dateTime = (time: string): string => format.dateTime(new Date(time));
  return (
    <Box component="dl" mt="sm" mb={0}>
      {keys.map(({ keyTag, state, createdAt }) => (
        <Line key={`${keyTag} ${createdAt}`} term={t.dnssec.key(keyTag)}>
          {words.keyIs(states[state] ?? state, date(createdAt))}
        </Line>
      ))}
      {signatures && (
        <Line term={words.signatures}>
          {words.hold(date(signatures.validFrom), date(signatures.expireAt), date(signatures.renewAt))}
        </Line>
      )}
      {parent && (
        <Line term={words.ds}>
          {words.dsIs[parent.state]}
          {parent.checkedAt !== null && ` (${words.asked(dateTime(parent.checkedAt))})`}
        </Line>
      )}
    </Box>
  );
}

function Line({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <Box mb={4}>
      <Text component="dt" size="sm" fw={600} display="inline" mr={6}>
        {term}:
      </Text>
      <Text component="dd" size="sm" c="dimmed" display="inline" m={0}>
        {children}
      </Text>
    </Box>
  );
}
