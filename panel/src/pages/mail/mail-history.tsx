import { Box, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import * as queries from '../../api/queries.ts';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { State, type Tone } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** Milliseconds without a key after which the box is asked. */
const PAUSE = 250;
/** What a message scored for that is shown at once. */
const SYMBOLS = 6;

/** What became of the messages that passed lately: the spam filter's own history. */
export function MailHistory() {
  const { t } = useTexts();
  const { address = '' } = useSearch({ from: '/inside/mail-history' });
  const navigate = useNavigate();
  const list = useInfiniteQuery({ ...queries.mailHistory(address), placeholderData: (before) => before });
  const entries = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const problem = list.data?.pages[0]?.problem ?? null;
  return (
    <Page title={t.mailHistory.title} lead={t.mailHistory.lead}>
      <section className="card" aria-label={t.mailHistory.title}>
        <Box p="sm">
          <SearchField
            search={address}
            label={t.mailHistory.search}
            onSearch={(text) =>
              void navigate({
                to: '/mail-history',
                search: text === '' ? {} : { address: text },
                replace: true,
              })
            }
            pause={PAUSE}
          />
        </Box>
        {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <WaitingRows />}
        {problem !== null && (
          <Text p="md" size="sm">
            <Said>{problem}</Said>
          </Text>
        )}
        {list.data && problem === null && entries.length === 0 && (
          <Text p="md" size="sm" c="dimmed">
            {t.mailHistory.none}
          </Text>
        )}
        <Box className="rows">
          {entries.map((entry) => (
            <Entry key={`${entry.at} ${entry.id}`} entry={entry} />
          ))}
        </Box>
        <More list={list} />
      </section>
    </Page>
  );
}

const tones: Record<string, Tone> = { 'no action': 'good', reject: 'bad', 'add header': 'wait' };

function Entry({ entry }: { entry: queries.MailHistoryEntry }) {
  const { t, format } = useTexts();
  const { at, sender, recipients, user, action, score, symbols, size } = entry;
  const words: Record<string, string> = t.mailHistory.actions;
  const direction = user === null ? t.mailHistory.came : t.mailHistory.sent(user);
  return (
    <Box px="md" py="sm">
      <Group justify="space-between" gap="sm" align="flex-start">
        <Box style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
            {`${sender === '' ? t.mailHistory.bounce : sender} → ${recipients.join(', ')}`}
          </Text>
          <Text size="xs" c="dimmed">
            <Time value={at} /> · {direction} · {format.octets(size)}
          </Text>
        </Box>
        <State tone={tones[action] ?? 'wait'}>{`${words[action] ?? action} (${format.number(score)})`}</State>
      </Group>
      <Text size="xs" c="dimmed" className="mono" mt={2}>
        {symbols
          .slice(0, SYMBOLS)
          .map(({ name, score: one }) => `${name} ${format.number(one)}`)
          .join(' · ')}
      </Text>
    </Box>
  );
}
