import type {
  AliasRow,
  MailboxRow,
  MailDomainRow,
  MailSlice,
  MailWrites,
  SpamChoice,
} from '../mail/store.ts';
import type { Connection } from './database.ts';
import { and, asc, eq, gt, sql } from './drizzle.ts';
import { prepared } from './prepared.ts';
import { appPasswords, directoryChanges, mailAliases, mailboxes, mailDomains } from './schema/mail.ts';
import { toLimit } from './send-limit.ts';

export function mailboxRepository({ orm, sqlite }: Connection): MailWrites {
  const address = sql.placeholder('address');
  const mailboxAt = orm.select().from(mailboxes).where(eq(mailboxes.address, address)).prepare();
  const aliasAt = orm.select().from(mailAliases).where(eq(mailAliases.address, address)).prepare();
  const targetsOf = sqlite
    .prepare<[string], string>('SELECT target FROM mail_targets WHERE source = ? ORDER BY position')
    .pluck();
  const sourcesTo = sqlite
    .prepare<[string, number], string>('SELECT source FROM mail_targets WHERE target = ? LIMIT ?')
    .pluck();
  const appPasswordsOf = orm
    .select()
    .from(appPasswords)
    .where(eq(appPasswords.address, address))
    .orderBy(asc(appPasswords.createdAt), asc(appPasswords.id))
    .prepare();
  const chosenFor = orm
    .select()
    .from(mailDomains)
    .where(eq(mailDomains.domain, sql.placeholder('domain')))
    .prepare();
  const otherFilters = orm
    .select()
    .from(mailDomains)
    .where(sql`spam_filter = 0 or junk_score is not null`)
    .orderBy(asc(mailDomains.domain))
    .limit(sql.placeholder('limit'))
    .prepare();
  const countIn = sqlite
    .prepare<[string, string, number], number>(
      'SELECT count(*) FROM (SELECT 1 FROM mailboxes WHERE state = ? AND domain = ? LIMIT ?)',
    )
    .pluck();
  const lastChange = sqlite
    .prepare<[], number>('SELECT coalesce(max(sequence), 0) FROM directory_changes')
    .pluck();
  const changesAfter = orm
    .select()
    .from(directoryChanges)
    .where(gt(directoryChanges.sequence, sql.placeholder('after')))
    .orderBy(asc(directoryChanges.sequence))
    .limit(sql.placeholder('limit'))
    .prepare();

  const putMailbox = prepared((row: typeof mailboxes.$inferInsert) =>
    orm.insert(mailboxes).values(row).onConflictDoUpdate({ target: mailboxes.address, set: row }),
  );
  const deleteTargets = sqlite.prepare('DELETE FROM mail_targets WHERE source = ?');
  const insertTarget = sqlite.prepare(
    'INSERT OR IGNORE INTO mail_targets (source, target, position) VALUES (?, ?, ?)',
  );
  const addChange = sqlite.prepare('INSERT INTO directory_changes (key) VALUES (?)');
  const dropChanges = sqlite.prepare(
    'DELETE FROM directory_changes WHERE sequence IN (SELECT sequence FROM directory_changes WHERE sequence <= ? LIMIT ?)',
  );
  return {
    mailbox(at) {
      const row = mailboxAt.get({ address: at });
      return row && toMailbox(row);
    },
    mailboxes(state, slice) {
      const { domain, after, search } = slice;
      return orm
        .select()
        .from(mailboxes)
        .where(
          and(
            eq(mailboxes.state, state),
            domain === undefined ? undefined : eq(mailboxes.domain, domain),
            after && sql`(${mailboxes.domain}, ${mailboxes.address}) > (${after.domain}, ${after.address})`,
            search ? sql`instr(${mailboxes.address}, ${search}) > 0` : undefined,
          ),
        )
        .orderBy(asc(mailboxes.domain), asc(mailboxes.address))
        .limit(slice.limit)
        .all()
        .map(toMailbox);
    },
    mailboxCount: (domain, state, limit) => countIn.get(state, domain, limit) ?? 0,
    alias(at) {
      const row = aliasAt.get({ address: at });
      return row && toAlias(row);
    },
    aliases: (slice) => aliasesOf(orm, slice),
    targets: (source) => targetsOf.all(source),
    sourcesTo: (target, limit) => sourcesTo.all(target, limit),
    appPasswords: (at) => appPasswordsOf.all({ address: at }),
    mailDomain(domain) {
      const row = chosenFor.get({ domain });
      return row && toMailDomain(row);
    },
    spamDomains: (limit) =>
      otherFilters.all({ limit }).map((row) => ({ domain: row.domain, ...toSpamChoice(row) })),
    lastDirectoryChange: () => lastChange.get() ?? 0,
    directoryChanges: (after, limit) => changesAfter.all({ after, limit }),

    putMailbox({ sendLimit, ...mailbox }) {
      const row = {
        ...mailbox,
        password: mailbox.password ?? null,
        passwordChangedAt: mailbox.passwordChangedAt ?? null,
        limitMessages: sendLimit?.messages ?? null,
        limitSeconds: sendLimit?.seconds ?? null,
        retiredAt: mailbox.retiredAt ?? null,
      };
      putMailbox(row).run(row);
    },
    putAlias({ senders, ...alias }) {
      const row = { ...alias, senders: senders ? [...senders] : null };
      orm.insert(mailAliases).values(row).onConflictDoUpdate({ target: mailAliases.address, set: row }).run();
    },
    deleteAlias: (at) => void orm.delete(mailAliases).where(eq(mailAliases.address, at)).run(),
    putTargets(source, targets) {
      deleteTargets.run(source);
      targets.forEach((target, position) => void insertTarget.run(source, target, position));
    },
    insertAppPassword: (row) => void orm.insert(appPasswords).values(row).run(),
    deleteAppPassword: (at, id) =>
      orm
        .delete(appPasswords)
        .where(and(eq(appPasswords.id, id), eq(appPasswords.address, at)))
        .run().changes > 0,
    putMailDomain(domain, row) {
      orm.delete(mailDomains).where(eq(mailDomains.domain, domain)).run();
      if (!row) return;
      const { sendLimit, totalSendLimit, nextHop, spamFilter, scores } = row;
      orm
        .insert(mailDomains)
        .values({
          ...{ domain, spamFilter },
          ...{ limitMessages: sendLimit?.messages ?? null, limitSeconds: sendLimit?.seconds ?? null },
          ...{
            totalMessages: totalSendLimit?.messages ?? null,
            totalSeconds: totalSendLimit?.seconds ?? null,
          },
          ...{ relayHost: nextHop?.host ?? null, relayPort: nextHop?.port ?? null },
          ...{ junkScore: scores?.junk ?? null, rejectScore: scores?.reject ?? null },
        })
        .run();
    },
    addDirectoryChange: (key) => Number(addChange.run(key).lastInsertRowid),
    dropDirectoryChanges: (through, limit) => dropChanges.run(through, limit).changes,
  };
}

function aliasesOf(orm: Connection['orm'], { after, limit, domain, search }: MailSlice): AliasRow[] {
  return orm
    .select()
    .from(mailAliases)
    .where(
      and(
        domain === undefined ? undefined : eq(mailAliases.domain, domain),
        after && sql`(${mailAliases.domain}, ${mailAliases.address}) > (${after.domain}, ${after.address})`,
        search ? sql`instr(${mailAliases.address}, ${search}) > 0` : undefined,
      ),
    )
    .orderBy(asc(mailAliases.domain), asc(mailAliases.address))
    .limit(limit)
    .all()
    .map(toAlias);
}

function toMailbox(row: typeof mailboxes.$inferSelect): MailboxRow {
  const { limitMessages, limitSeconds, ...rest } = row;
  return {
    ...rest,
    password: row.password ?? undefined,
    passwordChangedAt: row.passwordChangedAt ?? undefined,
    retiredAt: row.retiredAt ?? undefined,
    sendLimit: toLimit(limitMessages, limitSeconds),
  };
}

function toAlias({ senders, ...row }: typeof mailAliases.$inferSelect): AliasRow {
  return { ...row, senders: senders ?? undefined };
}

type MailDomain = typeof mailDomains.$inferSelect;

function toMailDomain(row: MailDomain): MailDomainRow {
  const { relayHost, relayPort } = row;
  return {
    sendLimit: toLimit(row.limitMessages, row.limitSeconds),
    totalSendLimit: toLimit(row.totalMessages, row.totalSeconds),
    nextHop: relayHost === null || relayPort === null ? undefined : { host: relayHost, port: relayPort },
    ...toSpamChoice(row),
  };
}

function toSpamChoice({ spamFilter, junkScore, rejectScore }: MailDomain): SpamChoice {
  return {
    spamFilter,
    scores: junkScore === null || rejectScore === null ? undefined : { junk: junkScore, reject: rejectScore },
  };
}
