import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ChevronRight, Forward, Mail } from 'lucide-react';
import type { Mailbox } from '../../api/queries.ts';
import { State } from '../../parts/state.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** Pixels. */
export const ROW_HEIGHT = 58;

export function MailboxRow({ mailbox }: { mailbox: Mailbox }) {
  const { t, format } = useTexts();
  const { address, displayName, quota, enabled, forwardTo, state } = mailbox;
  const facts = [displayName, quota === 0 ? t.mailboxes.noQuota : t.mailboxes.quotaOf(format.octets(quota))];
  return (
    <Link to="/mailboxes/$address" params={{ address }} className="row-link">
      <Group h={ROW_HEIGHT - 1} px="md" gap="sm" wrap="nowrap">
        {forwardTo.length > 0 ? <Forward size={17} aria-hidden /> : <Mail size={17} aria-hidden />}
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={550} truncate>
            {address}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {facts.filter((fact) => fact !== '').join(' · ')}
          </Text>
        </div>
        {state === 'active' && (
          <State tone={enabled ? 'good' : 'none'} size="xs">
            {enabled ? t.mailboxes.enabled : t.mailboxes.disabled}
          </State>
        )}
        <ChevronRight size={16} aria-hidden color="var(--mantine-color-dimmed)" />
      </Group>
    </Link>
  );
}
