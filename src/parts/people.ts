import { join } from 'node:path';
import { createPeopleServices, type PeopleServices } from '../access/people/service.ts';
import type { SetupSecrets } from '../access/setup-secret.ts';
import { createMailDirectory } from '../mail/directory/directory.ts';
import { createHashing } from '../mail/mailboxes/hashing.ts';
import { checkPassword } from '../mail/mailboxes/password.ts';
import type { MailboxTools } from '../mail/mailboxes/service.ts';
import { createMailboxLogins } from '../mail/mailboxes/users.ts';
import { createMailQuestions } from '../mail/questions.ts';
import { createSendLimits } from '../mail/sending/limits.ts';
import { keptSecret } from '../mail/servers/kept-secret.ts';
import { mailSettingsRows } from '../mail/settings/store.ts';
import { mailRows } from '../mail/store.ts';
import { crypt } from '../native/crypt.ts';
import type { DomainPart } from '../zones/domains/parts.ts';
import { type Store, zoneRows } from '../zones/store.ts';
import type { PartOptions } from './options.ts';

export interface PeopleLinks {
  setup: SetupSecrets;
  onLoginFailed: () => void;
}

/** Mailboxes, what mail servers read and ask of them, and the accounts of people, some of whom are users of mailboxes. */
export function connectPeople(options: PartOptions, store: Store, { setup, onLoginFailed }: PeopleLinks) {
  const { work, sealer, events, storage, data, clock, random, log } = options;
  const limits = createSendLimits(
    {
      ...work.committed.rows(mailRows),
      settings: () => work.committed.rows(mailSettingsRows).settings(),
    },
    storage.sent,
    clock,
  );
  const mailDirectory = createMailDirectory({ work, storage: storage.mailDirectory, events, clock, log });
  let srs: string | undefined;
  const mailQuestions = createMailQuestions({
    folder: join(data, 'mail'),
    limits,
    sent: storage.sent,
    srsSecret: () => (srs ??= keptSecret(data, 'srs.secret', random)),
    hostname: () => store.read.box()?.hostname.canonical().toText(),
    clock,
    log,
  });
  const mail: MailboxTools = {
    work,
    directory: mailDirectory,
    zones: (state) => state.rows(zoneRows),
    hashing: createHashing(random, crypt),
    limits,
    passwordReset: (change, address) => people.accounts.mailboxReset(change, address),
    clock,
    random,
  };
  const people: PeopleServices = createPeopleServices({
    ...{ work, sealer, setup, clock, random, log },
    hashing: { ...mail.hashing, check: checkPassword },
    mailboxes: createMailboxLogins(mail),
    hasDomain: (name) => store.read.domain(name) !== undefined,
    onFailed: onLoginFailed,
  });
  const accountsOfDomains: DomainPart = {
    domainChanged(change, before, after) {
      if (before && !after) people.accounts.domainRemoved(change, before.name);
    },
  };
  return { mail, mailDirectory, mailQuestions, people, accountsOfDomains };
}
