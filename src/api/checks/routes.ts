import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';
import { checksJson, checksOut, checksRun } from './schema.ts';

const path = '/api/v1/checks';

const listChecks = defineRoute({
  method: 'get',
  path,
  operationId: 'listChecks',
  tags: ['checks'],
  summary: 'What should be so, and whether it is',
  description: 'What nobody looked at for a minute is looked at first, which takes up to eight seconds.',
  need: 'read',
  responses: { 200: answer('The checks.', checksOut) },
});

const runChecks = defineRoute({
  method: 'post',
  path,
  operationId: 'runChecks',
  tags: ['checks'],
  summary: 'Look again',
  need: 'admin',
  errors: ['not-found'],
  request: { body: body(checksRun) },
  responses: { 200: answer('The checks that were looked at.', checksOut) },
});

export function checkRoutes() {
  return newRoutes()
    .openapi(listChecks, async (c) => c.json(checksJson(await c.var.services.checks.list()), 200))
    .openapi(runChecks, async (c) =>
      c.json(checksJson(await c.var.services.checks.run(c.req.valid('json').ids)), 200),
    );
}
