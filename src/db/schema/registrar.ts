import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What the parent's servers said last about each zone. */
export const registrarChecks = sqliteTable('registrar_checks', {
  /** Lower case, without final dot. */
  zone: text('zone').primaryKey(),
  state: text('state')
    .$type<'unknown' | 'not-delegated' | 'glue-wrong' | 'insecure' | 'secure' | 'bogus'>()
    .notNull(),
  message: text('message').notNull(),
  nameservers: text('nameservers', { mode: 'json' }).$type<string[]>().notNull(),
  glue: text('glue', { mode: 'json' }).$type<{ name: string; addresses: string[] }[]>().notNull(),
  ds: text('ds', { mode: 'json' })
    .$type<{ keyTag: number; algorithm: number; digestType: number; digest: string }[]>()
    .notNull(),
  /** Milliseconds since the epoch. */
  checkedAt: integer('checked_at').notNull(),
});
