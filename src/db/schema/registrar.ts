import { integer, sqliteTable, text } from '../drizzle.ts';

/** What the parent's servers said last about each zone. */
export const registrarChecks = sqliteTable('registrar_checks', {
  /** Lower case, without final dot. */
  zone: text('zone').primaryKey(),
  found: text('found', { mode: 'json' }).$type<StoredFinding>().notNull(),
  /** Milliseconds since the epoch. */
  checkedAt: integer('checked_at').notNull(),
});

export type StoredFinding =
  | { kind: 'failed'; detail: string }
  | { kind: 'not-delegated'; reason: 'nxdomain' | 'nodata' | 'alias'; parent: string }
  | {
      kind: 'delegated';
      parent: string;
      nameservers: { name: string; addresses: string[] }[];
      ttl?: number | undefined;
      ds: { keyTag: number; algorithm: number; digestType: number; digest: string }[];
    };
