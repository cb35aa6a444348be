import type { Actor } from '../../work/actor.ts';
import type { Change } from '../../work/unit-of-work.ts';
import { parseMailboxAddress } from '../address.ts';
import { type MailboxRow, mailRows } from '../store.ts';
import { createMailboxes, existing, type MailboxTools, touched } from './service.ts';

/** What signing in with a mailbox needs of it. */
export interface MailboxLogins {
  /** One that lets its owner in. */
  get(address: string): MailboxRow | undefined;
  /** @throws AppError weak-password */
  setPassword(actor: Actor, address: string, password: string): Promise<void>;
  /** Keeps the same password in another form, in a change. */
  rehash(change: Change, address: string, hash: string): void;
}

export function createMailboxLogins(tools: MailboxTools): MailboxLogins {
  const rows = tools.work.committed.rows(mailRows);
  const mailboxes = createMailboxes(tools);
  return {
    get(given) {
      const parsed = parseMailboxAddress(given);
      const row = parsed.ok ? rows.mailbox(parsed.address.text) : undefined;
      return row?.state === 'active' && row.enabled ? row : undefined;
    },
    async setPassword(actor, address, password) {
      await mailboxes.update(actor, address, { password });
    },
    rehash(change, address, hash) {
      const mail = change.rows(mailRows);
      mail.putMailbox({ ...existing(mail, address), password: hash });
      touched(change, tools, address);
    },
  };
}
