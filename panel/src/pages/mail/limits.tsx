import { Group, Progress, SimpleGrid, Text } from '@mantine/core';
import type { Mailbox } from '../../api/queries.ts';
import { TextLink } from '../../parts/text-link.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** What its user should know of a mailbox: how much it may hold, and how much may be sent. */
export function Limits({ mailbox: { quota, sending } }: { mailbox: Mailbox }) {
  const { t, format } = useTexts();
  const sent =
    sending &&
    t.ownMailbox.sentOf(
      format.number(sending.sent),
      format.number(sending.messages),
      format.duration(sending.seconds),
    );
  return (
    <section className="card" aria-label={t.ownMailbox.title}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} p="md">
        <div>
          <Text size="xs" c="dimmed">
            {t.ownMailbox.holds}
          </Text>
          <Text fw={600}>{quota === 0 ? t.mailboxes.noQuota : format.octets(quota)}</Text>
        </div>
        {sending && (
          <div>
            <Text size="xs" c="dimmed">
              {t.ownMailbox.sent}
            </Text>
            <Text fw={600}>{sent}</Text>
            <Progress
              mt={4}
              size="sm"
              value={Math.min(100, (100 * sending.sent) / Math.max(1, sending.messages))}
              aria-label={`${t.ownMailbox.sent}: ${sent}`}
            />
          </div>
        )}
      </SimpleGrid>
      <Group px="md" pb="md" gap={6}>
        <Text size="sm" c="dimmed">
          {t.ownMailbox.signIn}
        </Text>
        <TextLink to="/account" size="sm">
          {t.accounts.toOwn}
        </TextLink>
      </Group>
    </section>
  );
}
