import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';
import {
  mailAppliedOut,
  mailApplyIn,
  mailPlanJson,
  mailPlanOut,
  mailStatusJson,
  mailStatusOut,
  resultJson,
} from './schema.ts';

const getStatus = defineRoute({
  method: 'get',
  path: '/api/v1/mail/status',
  operationId: 'getMailStatus',
  tags: ['mail servers'],
  summary: 'How the mail servers are',
  need: 'read',
  responses: { 200: answer('The servers.', mailStatusOut) },
});

const getPlan = defineRoute({
  method: 'get',
  path: '/api/v1/mail/plan',
  operationId: 'getMailPlan',
  tags: ['mail servers'],
  summary: 'What would change in the mail servers',
  description: 'The difference of each file, and what is missing. Nothing is changed.',
  need: 'admin',
  responses: { 200: answer('The plan.', mailPlanOut) },
});

const applyPlan = defineRoute({
  method: 'post',
  path: '/api/v1/mail/apply',
  operationId: 'applyMailPlan',
  tags: ['mail servers'],
  summary: 'Configure the mail servers',
  description:
    'Each server’s files are checked by itself, put in place together, and put back when it does not serve with them. Who has done this once has changes applied by themselves from then on.',
  need: 'admin',
  errors: ['mail-agent-unavailable', 'mail-refused'],
  request: { body: body(mailApplyIn) },
  responses: { 200: answer('What came of it, for each server.', mailAppliedOut) },
});

export function mailRoutes() {
  return newRoutes()
    .openapi(getStatus, async (c) => c.json(mailStatusJson(await c.var.services.mailServers.status()), 200))
    .openapi(getPlan, async (c) => c.json(mailPlanJson(await c.var.services.mailServers.plan()), 200))
    .openapi(applyPlan, async (c) => {
      const { replaceEdited } = c.req.valid('json');
      const servers = (await c.var.services.mailServers.apply(replaceEdited)).map(resultJson);
      return c.json({ servers }, 200);
    });
}
