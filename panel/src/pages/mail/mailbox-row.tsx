import { useQuery } from '@tanstack/react-query';
import { ChevronRight, Forward, Mail } from 'lucide-react';
import * as queries from '../../api/queries.ts';
import { State } from '../../parts/state.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { UsageBar } from './usage-bar.tsx';
import { useUsageText } from './use-usage-text.ts';

/** Pixels. */
export const ROW_HEIGHT = 58;

/** Which page of the list a row is on. */
interface ListPlace {
  search: string;
  cursor: string;
}

interface MailboxRowProps {
  mailbox: queries.Mailbox;
  /** undefined: nobody knows what it holds. */
  place: ListPlace | undefined;
}

export function MailboxRow({ mailbox, place }: MailboxRowProps) {
  const { t } = useTexts();
  const inWords = useUsageText();
  const { address, displayName, quota, enabled, forwardTo, state } = mailbox;
  // All rows of a page ask the same, and rows that are not seen ask nothing.
  const { data: octets } = useQuery({
    ...queries.usageOfPage(place?.search ?? '', place?.cursor ?? ''),
    enabled: place !== undefined,
    select: ({ items }) => items.find((usage) => usage.address === address)?.octets ?? undefined,
  });
  const facts = [displayName, inWords(octets, quota)];
  return (
    <a href={`/mailboxes/${encodeURIComponent(address)}`} className="row-link list-row">
      {forwardTo.length > 0 ? <Forward size={17} aria-hidden /> : <Mail size={17} aria-hidden />}
      <div className="list-row-text">
        <div className="list-row-name">{address}</div>
        <div className="list-row-facts">{facts.filter((fact) => fact !== '').join(' · ')}</div>
        <UsageBar {...{ address, octets, quota }} height={4} width={180} />
      </div>
      {state === 'active' && (
        <State tone={enabled ? 'good' : 'none'} size="xs">
          {enabled ? t.mailboxes.enabled : t.mailboxes.disabled}
        </State>
      )}
      <ChevronRight size={16} aria-hidden color="var(--mantine-color-dimmed)" />
    </a>
  );
}
