import { sql } from '../drizzle.ts';
import { index, integer, primaryKey, sqliteTable, text } from '../drizzle.ts';
import type { Actor } from '../../work/actor.ts';

/** Work that goes on after its request was answered. */
export const jobs = sqliteTable(
  'jobs',
  {
    sequence: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    kind: text().notNull(),
    state: text({ enum: ['running', 'done', 'failed'] }).notNull(),
    done: integer().notNull(),
    total: integer().notNull(),
    failedCount: integer('failed_count').notNull(),
    createdAt: text('created_at').notNull(),
    finishedAt: text('finished_at'),
    actor: text({ mode: 'json' }).$type<Actor>().notNull(),
    detail: text(),
  },
  (table) => [
    index('jobs_running')
      .on(table.sequence)
      .where(sql`${table.state} = 'running'`),
    index('jobs_finished').on(table.finishedAt),
  ],
);

/** What is still to be done of a job. */
export const jobItems = sqliteTable(
  'job_items',
  {
    jobId: text('job_id').notNull(),
    sequence: integer().notNull(),
    item: text({ mode: 'json' }).$type<unknown>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.sequence] })],
);

/** What of a job could not be done. */
export const jobFailures = sqliteTable(
  'job_failures',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    jobId: text('job_id').notNull(),
    name: text().notNull(),
    code: text().notNull(),
    detail: text().notNull(),
  },
  (table) => [index('job_failures_job').on(table.jobId, table.id)],
);
