import { z } from '@hono/zod-openapi';
import type { JobView } from '../../work/jobs.ts';
import { time } from '../fields.ts';

const state = z
  .enum(['running', 'done', 'failed'])
  .describe(
    '`failed`: it could not go on. What failed of its items alone is in `failed`, and lets the rest be done.',
  );

const summary = {
  id: z.string(),
  kind: z.string().openapi({ example: 'domains.add', description: 'What it does.' }),
  state,
  done: z.int().describe('Items that were seen to, those that failed included.'),
  total: z.int(),
  failedCount: z.int().describe('Items that failed.'),
  createdAt: time('When it began.'),
  finishedAt: time('When it ended; null: it runs.').nullable(),
  actor: z.string().describe('Who started it.').openapi({ example: 'local administrator' }),
  detail: z.string().nullable().describe('Why it could not go on.'),
};

/** A job in a list, where its failures would be many. */
export const jobSummaryOut = z.strictObject(summary).openapi('JobSummary');

export const jobFailureOut = z
  .strictObject({
    name: z.string().openapi({ example: 'example..com', description: 'As it was given.' }),
    code: z.string().openapi({ example: 'invalid-name' }),
    detail: z.string(),
  })
  .openapi('JobFailure');

export const jobOut = z
  .strictObject({
    ...summary,
    failed: z
      .array(jobFailureOut)
      .describe('What failed, with the reason; the first 1,000. GET /api/v1/jobs/{id}/failures has all.'),
  })
  .openapi('Job');

export const jobStartedOut = z
  .strictObject({ job: z.string().describe('Its id: GET /api/v1/jobs/{id} says how far it is.') })
  .openapi('JobStarted');

export const jobParam = z.strictObject({ id: z.string().min(1).max(64) });

export function jobSummaryJson(job: JobView): z.infer<typeof jobSummaryOut> {
  const { id, kind, state, done, total, failedCount, createdAt, finishedAt, actor, detail } = job;
  const times = { createdAt, finishedAt: finishedAt ?? null };
  return { id, kind, state, done, total, failedCount, ...times, actor, detail: detail ?? null };
}

export function jobJson(job: JobView): z.infer<typeof jobOut> {
  return {
    ...jobSummaryJson(job),
    failed: job.failed.map(({ name, code, detail }) => ({ name, code, detail })),
  };
}

export function jobLocation(id: string): string {
  return `/api/v1/jobs/${encodeURIComponent(id)}`;
}
