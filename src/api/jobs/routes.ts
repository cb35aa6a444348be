import { z } from '@hono/zod-openapi';
import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { pageJson, pageOf, pageQuery, pageRequest } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import { jobFailureOut, jobJson, jobOut, jobParam, jobSummaryJson, jobSummaryOut } from './schema.ts';

const listJobs = defineRoute({
  method: 'get',
  path: '/api/v1/jobs',
  operationId: 'listJobs',
  tags: ['jobs'],
  summary: 'The jobs that run or ran',
  need: 'read',
  beforeSetup: true,
  request: { query: z.strictObject(pageQuery) },
  responses: { 200: answer('A page of jobs, newest first.', pageOf(jobSummaryOut)) },
});

const getJob = defineRoute({
  method: 'get',
  path: '/api/v1/jobs/{id}',
  operationId: 'getJob',
  tags: ['jobs'],
  summary: 'How far a job is, and what of it failed',
  need: 'read',
  beforeSetup: true,
  errors: ['not-found'],
  request: { params: jobParam },
  responses: { 200: answer('The job.', jobOut) },
});

const listFailures = defineRoute({
  method: 'get',
  path: '/api/v1/jobs/{id}/failures',
  operationId: 'listJobFailures',
  tags: ['jobs'],
  summary: 'What of a job failed, all of it',
  need: 'read',
  beforeSetup: true,
  errors: ['not-found'],
  request: { params: jobParam, query: z.strictObject(pageQuery) },
  responses: { 200: answer('A page of failures, in the order in which they came.', pageOf(jobFailureOut)) },
});

export function jobRoutes() {
  return newRoutes()
    .openapi(listJobs, (c) =>
      c.json(pageJson(c.var.services.jobs.list(pageRequest(c.req.valid('query'))), jobSummaryJson), 200),
    )
    .openapi(getJob, (c) => {
      const { id } = c.req.valid('param');
      return c.json(jobJson(found(c.var.services.jobs.get(id), 'job', id)), 200);
    })
    .openapi(listFailures, (c) => {
      const { id } = c.req.valid('param');
      const page = c.var.services.jobs.failures(id, pageRequest(c.req.valid('query')));
      return c.json(
        pageJson(found(page, 'job', id), (failure) => failure),
        200,
      );
    });
}
