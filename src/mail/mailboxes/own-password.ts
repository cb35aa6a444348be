import { AppError } from '../../core/errors.ts';
import { parseMailboxAddress } from '../address.ts';
import { mailRows } from '../store.ts';
import { createMailboxes, type MailboxTools } from './service.ts';

/** What a person may do who has no token: change the password that they know. */
export interface OwnPassword {
  /**
   * Resolves when the new one works. `client`: the network address that asks.
   * @throws AppError wrong-password, the same whether there is such a mailbox or not; weak-password
   */
  change(
    client: string | undefined,
    wanted: { address: string; password: string; newPassword: string },
  ): Promise<void>;
}

export function createOwnPassword(tools: MailboxTools): OwnPassword {
  const { work, hashing } = tools;
  const mail = work.committed.rows(mailRows);
  const mailboxes = createMailboxes(tools);

  /** What is kept of the password of a mailbox that lets people in. */
  function keptOf(address: string): string | undefined {
    const row = mail.mailbox(address);
    return row?.state === 'active' && row.enabled ? row.password : undefined;
  }

  return {
    async change(client, { address: given, password, newPassword }) {
      const parsed = parseMailboxAddress(given);
      const address = parsed.ok ? parsed.address.text : '';
      const kept = keptOf(address);
      // With a second look: whoever was shut out meanwhile stays so.
      if (!(await hashing.matches(password, kept)) || keptOf(address) !== kept)
        throw new AppError('wrong-password', 'The address or the password is wrong. Check both.');
      const actor = { kind: 'system', id: 'mailbox', name: address, address: client } as const;
      await mailboxes.update(actor, address, { password: newPassword });
    },
  };
}
