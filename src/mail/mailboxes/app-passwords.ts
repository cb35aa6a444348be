import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Actor } from '../../work/actor.ts';
import { type AppPasswordRow, mailRows } from '../store.ts';
import { newAppPassword } from './password.ts';
import { existing, type MailboxTools, touched } from './service.ts';

export type AppPasswordView = Pick<AppPasswordRow, 'id' | 'name' | 'createdAt'>;

/** Passwords of single devices and programs, which can be taken from one without the others. */
export interface AppPasswordService {
  /** The oldest first. */
  list(address: string): AppPasswordView[];
  /** The password is given this once, and works when this resolves. */
  add(actor: Actor, address: string, name: string): Promise<{ view: AppPasswordView; password: string }>;
  remove(actor: Actor, address: string, id: string): Promise<void>;
}

/** Of one mailbox: a person has no more devices. */
const MOST = 100;

export function createAppPasswords(tools: MailboxTools): AppPasswordService {
  const { work, clock, random } = tools;
  const committed = work.committed.rows(mailRows);

  return {
    list: (address) => committed.appPasswords(existing(committed, address).address).map(viewOf),
    async add(actor, given, name) {
      const { address } = existing(committed, given);
      const password = newAppPassword(random);
      const row: AppPasswordRow = {
        id: Buffer.from(random.bytes(6)).toString('hex'),
        ...{ address, name, digest: digestOf(password), createdAt: toRfc3339(clock.now()) },
      };
      await work.change({ actor, cause: `app password of ${address} added` }, (unit) => {
        const mail = unit.rows(mailRows);
        existing(mail, address);
        if (mail.appPasswords(address).length >= MOST)
          throw new AppError(
            'in-use',
            `${address} has ${MOST} app passwords: remove one that is used no more.`,
          );
        mail.insertAppPassword(row);
        touched(unit, tools, address);
        unit.audit('app-password.add', address, { id: row.id, name });
        unit.event('mailbox.changed', { mailbox: address });
      });
      return { view: viewOf(row), password };
    },
    async remove(actor, given, id) {
      const { address } = existing(committed, given);
      await work.change({ actor, cause: `app password of ${address} removed` }, (unit) => {
        if (!unit.rows(mailRows).deleteAppPassword(address, id))
          throw new AppError('not-found', `${address} has no app password ${id}.`);
        touched(unit, tools, address);
        unit.audit('app-password.remove', address, { id });
        unit.event('mailbox.changed', { mailbox: address });
      });
    },
  };
}

function digestOf(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

function viewOf({ id, name, createdAt }: AppPasswordRow): AppPasswordView {
  return { id, name, createdAt };
}
