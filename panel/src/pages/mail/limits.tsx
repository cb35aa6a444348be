import { Group, Progress, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as queries from '../../api/queries.ts';
import { TextLink } from '../../parts/text-link.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { UsageBar } from './usage-bar.tsx';
import { useUsageText } from './use-usage-text.ts';

/** How much a mailbox holds of what it may, and how much was sent from it. `own`: to its user, who also learns where the password is. */
export function Limits({ mailbox, own }: { mailbox: queries.Mailbox; own: boolean }) {
  const { t, format } = useTexts();
  const { sending } = mailbox;
  const sent =
    sending &&
    t.ownMailbox.sentOf(
      format.number(sending.sent),
      format.number(sending.messages),
      format.duration(sending.seconds),
    );
  return (
    <section className="card" aria-label={own ? t.ownMailbox.title : t.mailboxUsage.title}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} p="md">
        <Holds mailbox={mailbox} />
        {sending && (
          <div>
            <Text size="xs" c="dimmed">
              {t.ownMailbox.sent}
            </Text>
            <Text fw={600}>{sent}</Text>
            <Progress
              mt={3}
              h={6}
              radius="xl"
              value={Math.min(100, (100 * sending.sent) / Math.max(1, sending.messages))}
              aria-label={`${t.ownMailbox.sent}: ${sent}`}
            />
          </div>
        )}
      </SimpleGrid>
      {own && (
        <Group px="md" pb="md" gap={6}>
          <Text size="sm" c="dimmed">
            {t.ownMailbox.signIn}
          </Text>
          <TextLink to="/account" size="sm">
            {t.accounts.toOwn}
          </TextLink>
        </Group>
      )}
    </section>
  );
}

function Holds({ mailbox: { address, quota } }: { mailbox: queries.Mailbox }) {
  const { t, format } = useTexts();
  const inWords = useUsageText();
  const { data, isPending } = useQuery(queries.usageOf(address));
  const octets = data?.octets ?? undefined;
  const messages = data?.messages ?? undefined;
  return (
    <div>
      <Text size="xs" c="dimmed">
        {t.mailboxUsage.holds}
      </Text>
      <Text fw={600}>{inWords(octets, quota)}</Text>
      <UsageBar {...{ address, octets, quota }} height={6} />
      {/* A line in any case, so that nothing moves. */}
      <Text size="xs" c="dimmed" mt={3} mih="1.45em">
        {messages !== undefined && t.mailboxUsage.messages(messages, format.number(messages))}
        {!isPending && messages === undefined && t.mailboxUsage.unknown}
      </Text>
    </div>
  );
}
