import { and, asc, desc, eq, lt, lte, sql } from './drizzle.ts';
import type { JobRow, JobWrites } from '../work/jobs.ts';
import type { Connection } from './database.ts';
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
      const row = orm.select().from(jobs).where(eq(jobs.id, id)).get();
      return row && toJob(row);
    },
    running: () =>
      orm
        .select()
        .from(jobs)
        .where(sql`${jobs.state} = 'running'`)
        .orderBy(asc(jobs.sequence))
        .all()
        .map(toJob),
    failures: (id, limit) =>
      orm
        .select({ name: jobFailures.name, code: jobFailures.code, detail: jobFailures.detail })
        .from(jobFailures)
        .where(eq(jobFailures.jobId, id))
        .orderBy(asc(jobFailures.id))
        .limit(limit)
        .all(),
    items: (id, limit) =>
      orm
        .select({ sequence: jobItems.sequence, item: jobItems.item })
        .from(jobItems)
        .where(eq(jobItems.jobId, id))
        .orderBy(asc(jobItems.sequence))
        .limit(limit)
        .all(),
    insertJob(job, items) {
      orm.insert(jobs).values(fromJob(job)).run();
      let sequence = 0;
      for (const item of items) insertItem.run(job.id, sequence++, JSON.stringify(item));
    },
    addItem: (id, item) => void appendItem.run({ id, item: JSON.stringify(item) }),
    updateJob: (job) => void orm.update(jobs).set(fromJob(job)).where(eq(jobs.id, job.id)).run(),
    deleteItems: (id, through) =>
      void orm
        .delete(jobItems)
        .where(and(eq(jobItems.jobId, id), lte(jobItems.sequence, through)))
        .run(),
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
