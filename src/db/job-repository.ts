import { and, asc, desc, eq, gt, lt, sql } from './drizzle.ts';
import type { JobRow, JobWrites } from '../work/jobs.ts';
import type { Connection } from './database.ts';
import { prepared } from './prepared.ts';
import { jobFailures, jobItems, jobs } from './schema/jobs.ts';

export function jobRepository({ orm, sqlite }: Connection): JobWrites {
  const ended = sqlite
    .prepare<[string], string>('SELECT id FROM jobs WHERE finished_at < ? ORDER BY finished_at LIMIT 1')
    .pluck();
  const dropFailures = sqlite.prepare(
    'DELETE FROM job_failures WHERE id IN (SELECT id FROM job_failures WHERE job_id = ? LIMIT ?)',
  );
  const dropItems = sqlite.prepare(
    'DELETE FROM job_items WHERE rowid IN (SELECT rowid FROM job_items WHERE job_id = ? LIMIT ?)',
  );
  const dropJob = sqlite.prepare('DELETE FROM jobs WHERE id = ?');
  const deleteItems = sqlite.prepare('DELETE FROM job_items WHERE job_id = ? AND sequence <= ?');
  const jobOf = orm
    .select()
    .from(jobs)
    .where(eq(jobs.id, sql.placeholder('id')))
    .prepare();
  const running = orm
    .select()
    .from(jobs)
    .where(sql`${jobs.state} = 'running'`)
    .orderBy(asc(jobs.sequence))
    .prepare();
  const itemsOf = orm
    .select({ sequence: jobItems.sequence, item: jobItems.item })
    .from(jobItems)
    .where(eq(jobItems.jobId, sql.placeholder('id')))
    .orderBy(asc(jobItems.sequence))
    .limit(sql.placeholder('limit'))
    .prepare();
  const update = prepared(({ id: _id, ...row }: ReturnType<typeof fromJob>) =>
    orm
      .update(jobs)
      .set(row)
      .where(eq(jobs.id, sql.placeholder('id'))),
  );
  const insertItem = sqlite.prepare('INSERT INTO job_items (job_id, sequence, item) VALUES (?, ?, ?)');
  const appendItem = sqlite.prepare(
    `INSERT INTO job_items (job_id, sequence, item)
     SELECT @id, coalesce(max(sequence), -1) + 1, @item FROM job_items WHERE job_id = @id`,
  );
  return {
    jobs: (before, limit) =>
      orm
        .select()
        .from(jobs)
        .where(before === undefined ? undefined : lt(jobs.sequence, before))
        .orderBy(desc(jobs.sequence))
        .limit(limit)
        .all()
        .map((row) => ({ ...toJob(row), sequence: row.sequence })),
    job(id) {
      const row = jobOf.get({ id });
      return row && toJob(row);
    },
    running: () => running.all().map(toJob),
    failures: (id, limit, after = 0) =>
      orm
        .select({
          row: jobFailures.id,
          name: jobFailures.name,
          code: jobFailures.code,
          detail: jobFailures.detail,
        })
        .from(jobFailures)
        .where(and(eq(jobFailures.jobId, id), gt(jobFailures.id, after)))
        .orderBy(asc(jobFailures.id))
        .limit(limit)
        .all(),
    items: (id, limit) => itemsOf.all({ id, limit }),
    insertJob(job, items) {
      orm.insert(jobs).values(fromJob(job)).run();
      let sequence = 0;
      for (const item of items) insertItem.run(job.id, sequence++, JSON.stringify(item));
    },
    addItem: (id, item) => void appendItem.run({ id, item: JSON.stringify(item) }),
    updateJob(job) {
      const row = fromJob(job);
      update(row).run(row);
    },
    deleteItems: (id, through) => void deleteItems.run(id, through),
    addFailures(id, failures) {
      for (const failure of failures)
        orm
          .insert(jobFailures)
          .values({ ...failure, jobId: id })
          .run();
    },
    dropJobs(time, limit) {
      const id = ended.get(time);
      if (id === undefined) return 0;
      const failures = dropFailures.run(id, limit).changes;
      if (failures > 0) return failures;
      const items = dropItems.run(id, limit).changes;
      return items > 0 ? items : dropJob.run(id).changes;
    },
  };
}

function toJob({ sequence: _sequence, ...row }: typeof jobs.$inferSelect): JobRow {
  return { ...row, finishedAt: row.finishedAt ?? undefined, detail: row.detail ?? undefined };
}

function fromJob({ finishedAt, detail, ...job }: JobRow) {
  return { ...job, finishedAt: finishedAt ?? null, detail: detail ?? null };
}
