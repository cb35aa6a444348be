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
    <a href={`/mailboxes/${encodeURIComponent(address)}`} className="row-link list-row">
      {forwardTo.length > 0 ? <Forward size={17} aria-hidden /> : <Mail size={17} aria-hidden />}
      <div className="list-row-text">
        <div className="list-row-name">{address}</div>
        <div className="list-row-facts">{facts.filter((fact) => fact !== '').join(' · ')}</div>
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
