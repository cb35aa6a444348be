import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { pageJson, pageOf, pageRequest } from '../fields.ts';
import { newRoutes } from '../new-routes.ts';
import { auditJson, auditOut, auditQuery } from './schema.ts';

const listAudit = defineRoute({
  method: 'get',
  path: '/api/v1/audit',
  operationId: 'listAudit',
  tags: ['audit'],
  summary: 'Who changed what',
  need: 'admin',
  beforeSetup: true,
  request: { query: auditQuery },
  responses: { 200: answer('A page of entries, newest first.', pageOf(auditOut)) },
});

export function auditRoutes() {
  return newRoutes().openapi(listAudit, (c) => {
    const { target, action, ...page } = c.req.valid('query');
    const filter = { ...(target !== undefined && { target }), ...(action !== undefined && { action }) };
    return c.json(pageJson(c.var.services.audit.list(pageRequest(page), filter), auditJson), 200);
  });
}
