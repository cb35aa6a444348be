import type {
  AccountRow,
  OneTimePasswordRow,
  PasskeyRow,
  PasswordLinkRow,
  PeopleWrites,
  SessionRow,
} from '../access/people/store.ts';
import { nameKey } from '../access/people/store.ts';
import type { Connection } from './database.ts';
import { and, asc, desc, eq, gt, sql } from './drizzle.ts';
import {
  accountDomains,
  accounts,
  oneTimePasswords,
  passkeys,
  passwordLinks,
  recoveryCodes,
  sessions,
} from './schema/accounts.ts';

export function peopleRepository(connection: Connection): PeopleWrites {
  return {
    ...accountsIn(connection),
    ...sessionsIn(connection),
    ...passkeysIn(connection),
    ...factorsIn(connection),
    ...linksIn(connection),
  };
}

type Of<K extends keyof PeopleWrites> = Pick<PeopleWrites, K>;

function accountsIn({
  orm,
}: Connection): Of<
  | 'account'
  | 'accountNamed'
  | 'accounts'
  | 'owners'
  | 'domainsOf'
  | 'putAccount'
  | 'deleteAccount'
  | 'putDomains'
  | 'deleteDomain'
> {
  const byId = orm
    .select()
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder('id')))
    .prepare();
  const byName = orm
    .select()
    .from(accounts)
    .where(eq(accounts.nameKey, sql.placeholder('key')))
    .prepare();
  const domainsOf = orm
    .select({ domain: accountDomains.domain })
    .from(accountDomains)
    .where(eq(accountDomains.account, sql.placeholder('account')))
    .orderBy(asc(accountDomains.domain))
    .prepare();
  const accountOf = (row: typeof accounts.$inferSelect | undefined): AccountRow | undefined =>
    row && toAccount(row);
  return {
    account: (id) => accountOf(byId.get({ id })),
    accountNamed: (name) => accountOf(byName.get({ key: nameKey(name) })),
    accounts: (after, limit, search) =>
      orm
        .select()
        .from(accounts)
        .where(
          and(
            after === undefined ? undefined : gt(accounts.nameKey, nameKey(after)),
            search === undefined
              ? undefined
              : sql`instr(${accounts.nameKey} || char(10) || lower(ifnull(${accounts.displayName}, '')), ${search}) > 0`,
          ),
        )
        .orderBy(asc(accounts.nameKey))
        .limit(limit)
        .all()
        .map(toAccount),
    owners: (limit) =>
      orm
        .select({ id: accounts.id })
        .from(accounts)
        .where(and(eq(accounts.role, 'owner'), eq(accounts.disabled, false)))
        .limit(limit)
        .all()
        .map(({ id }) => id),
    domainsOf: (account) => domainsOf.all({ account }).map(({ domain }) => domain),
    putAccount(account) {
      const { displayName, password, language, ...rest } = account;
      const row = {
        ...rest,
        nameKey: nameKey(account.name),
        displayName: displayName ?? null,
        password: password ?? null,
        language: language ?? null,
      };
      orm.insert(accounts).values(row).onConflictDoUpdate({ target: accounts.id, set: row }).run();
    },
    deleteAccount(id) {
      orm.delete(accounts).where(eq(accounts.id, id)).run();
      for (const table of [
        accountDomains,
        sessions,
        passkeys,
        oneTimePasswords,
        recoveryCodes,
        passwordLinks,
      ])
        orm.delete(table).where(eq(table.account, id)).run();
    },
    putDomains(account, domains) {
      orm.delete(accountDomains).where(eq(accountDomains.account, account)).run();
      for (const domain of domains) orm.insert(accountDomains).values({ account, domain }).run();
    },
    deleteDomain: (domain) => void orm.delete(accountDomains).where(eq(accountDomains.domain, domain)).run(),
  };
}

function toAccount({
  displayName,
  password,
  language,
  nameKey: _key,
  ...row
}: typeof accounts.$inferSelect): AccountRow {
  return {
    ...row,
    displayName: displayName ?? undefined,
    password: password ?? undefined,
    language: language ?? undefined,
  };
}

function sessionsIn({
  orm,
  sqlite,
}: Connection): Of<
  | 'session'
  | 'sessionsOf'
  | 'lastSignIn'
  | 'insertSession'
  | 'deleteSession'
  | 'touchSession'
  | 'confirmSession'
  | 'stampSession'
  | 'dropSessions'
> {
  const byId = orm
    .select()
    .from(sessions)
    .where(eq(sessions.id, sql.placeholder('id')))
    .prepare();
  const dropIdle = sqlite.prepare(
    'DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE seen_at < ? ORDER BY seen_at LIMIT ?)',
  );
  const dropOld = sqlite.prepare(
    'DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE started_at < ? ORDER BY started_at LIMIT ?)',
  );
  // By target, of which there are few more than these: an entry of the newest sign-in of all would be looked for among everybody's.
  const lastSignIn = sqlite.prepare<[string], { at: string }>(
    "SELECT at FROM audit WHERE target = ? AND +action = 'session.start' ORDER BY id DESC LIMIT 1",
  );
  const update = (id: string, set: Partial<typeof sessions.$inferInsert>): void =>
    void orm.update(sessions).set(set).where(eq(sessions.id, id)).run();
  return {
    session(id) {
      const row = byId.get({ id });
      return row && toSession(row);
    },
    sessionsOf: (account, limit) =>
      orm
        .select()
        .from(sessions)
        .where(eq(sessions.account, account))
        .orderBy(desc(sessions.startedAt))
        .limit(limit)
        .all()
        .map(toSession),
    lastSignIn: (name) => lastSignIn.get(name)?.at,
    insertSession: ({ hash, ...session }) =>
      void orm
        .insert(sessions)
        .values({ ...session, hash: Buffer.from(hash) })
        .run(),
    deleteSession: (id) => orm.delete(sessions).where(eq(sessions.id, id)).run().changes > 0,
    touchSession: (id, seenAt) => update(id, { seenAt }),
    confirmSession: (id, confirmedAt) => update(id, { confirmedAt }),
    stampSession: (id, stamp) => update(id, { stamp }),
    dropSessions: (seenBefore, startedBefore, limit) =>
      dropIdle.run(seenBefore, limit).changes + dropOld.run(startedBefore, limit).changes,
  };
}

function toSession({ address, agent, ...row }: typeof sessions.$inferSelect): SessionRow {
  return { ...row, address: address ?? undefined, agent: agent ?? undefined };
}

function passkeysIn({
  orm,
}: Connection): Of<'passkey' | 'passkeysOf' | 'insertPasskey' | 'deletePasskey' | 'usePasskey'> {
  const toPasskey = ({ lastUsedAt, ...row }: typeof passkeys.$inferSelect): PasskeyRow => ({
    ...row,
    lastUsedAt: lastUsedAt ?? undefined,
  });
  return {
    passkey(id) {
      const row = orm.select().from(passkeys).where(eq(passkeys.id, id)).get();
      return row && toPasskey(row);
    },
    passkeysOf: (account) =>
      orm
        .select()
        .from(passkeys)
        .where(eq(passkeys.account, account))
        .orderBy(asc(passkeys.createdAt))
        .all()
        .map(toPasskey),
    insertPasskey: ({ publicKey, ...row }) =>
      void orm
        .insert(passkeys)
        .values({ ...row, publicKey: Buffer.from(publicKey) })
        .run(),
    deletePasskey: (account, id) =>
      orm
        .delete(passkeys)
        .where(and(eq(passkeys.id, id), eq(passkeys.account, account)))
        .run().changes > 0,
    usePasskey: (id, counter, synced, lastUsedAt) =>
      void orm.update(passkeys).set({ counter, synced, lastUsedAt }).where(eq(passkeys.id, id)).run(),
  };
}

function factorsIn({
  orm,
}: Connection): Of<
  | 'oneTimePassword'
  | 'putOneTimePassword'
  | 'deleteOneTimePassword'
  | 'recoveryCodeCount'
  | 'putRecoveryCodes'
  | 'takeRecoveryCode'
> {
  return {
    oneTimePassword: (account): OneTimePasswordRow | undefined =>
      orm.select().from(oneTimePasswords).where(eq(oneTimePasswords.account, account)).get(),
    putOneTimePassword({ secret, ...rest }) {
      const row = { ...rest, secret: Buffer.from(secret) };
      orm
        .insert(oneTimePasswords)
        .values(row)
        .onConflictDoUpdate({ target: oneTimePasswords.account, set: row })
        .run();
    },
    deleteOneTimePassword: (account) =>
      orm.delete(oneTimePasswords).where(eq(oneTimePasswords.account, account)).run().changes > 0,
    recoveryCodeCount: (account) =>
      orm
        .select({ hash: recoveryCodes.hash })
        .from(recoveryCodes)
        .where(eq(recoveryCodes.account, account))
        .all().length,
    putRecoveryCodes(account, hashes) {
      orm.delete(recoveryCodes).where(eq(recoveryCodes.account, account)).run();
      for (const hash of hashes)
        orm
          .insert(recoveryCodes)
          .values({ account, hash: Buffer.from(hash) })
          .run();
    },
    takeRecoveryCode: (account, hash) =>
      orm
        .delete(recoveryCodes)
        .where(and(eq(recoveryCodes.account, account), eq(recoveryCodes.hash, Buffer.from(hash))))
        .run().changes > 0,
  };
}

function linksIn({
  orm,
  sqlite,
}: Connection): Of<'passwordLink' | 'insertPasswordLink' | 'deletePasswordLinks' | 'dropPasswordLinks'> {
  const drop = sqlite.prepare(
    'DELETE FROM password_links WHERE hash IN (SELECT hash FROM password_links WHERE expires_at < ? ORDER BY expires_at LIMIT ?)',
  );
  return {
    passwordLink: (hash): PasswordLinkRow | undefined =>
      orm
        .select()
        .from(passwordLinks)
        .where(eq(passwordLinks.hash, Buffer.from(hash)))
        .get(),
    insertPasswordLink: ({ hash, ...row }) =>
      void orm
        .insert(passwordLinks)
        .values({ ...row, hash: Buffer.from(hash) })
        .run(),
    deletePasswordLinks: (account) =>
      void orm.delete(passwordLinks).where(eq(passwordLinks.account, account)).run(),
    dropPasswordLinks: (before, limit) => drop.run(before, limit).changes,
  };
}
