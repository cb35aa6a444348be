import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { pageJson, pageOf, pageRequest } from '../fields.ts';
import { newRoutes } from '../new-routes.ts';
import { auditFilter, auditJson, auditOut, auditQuery } from './schema.ts';

const listAudit = defineRoute({
  method: 'get',
  path: '/api/v1/audit',
  operationId: 'listAudit',
  tags: ['audit'],
  summary: 'Who changed what',
  description:
    'All that is asked for must be so of an entry. A page may have fewer entries than its limit while `next` says that others follow. To follow the log, ask again with `after` set to the highest id seen.',
  need: 'admin',
  beforeSetup: true,
  request: { query: auditQuery },
  responses: { 200: answer('A page of entries, newest first.', pageOf(auditOut)) },
});

export function auditRoutes() {
  return newRoutes().openapi(listAudit, (c) => {
    const query = c.req.valid('query');
    const page = c.var.services.audit.list(pageRequest(query), auditFilter(query));
    return c.json(pageJson(page, auditJson), 200);
  });
}
