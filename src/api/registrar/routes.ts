import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { domainParam } from '../domains/schema.ts';
import { newRoutes } from '../new-routes.ts';
import { registrarJson, registrarOut, registrarQuery } from './schema.ts';

const getRegistrar = defineRoute({
  method: 'get',
  path: '/api/v1/domains/{domain}/registrar',
  operationId: 'getRegistrar',
  tags: ['registrar'],
  summary: 'What to set at the registrar, and what the parent has now',
  need: 'read:domain',
  request: { params: domainParam, query: registrarQuery },
  responses: { 200: answer('Nameservers, glue and DS to set, beside what is there.', registrarOut) },
});

export function registrarRoutes() {
  return newRoutes().openapi(getRegistrar, async (c) => {
    const { domain } = c.req.valid('param');
    return c.json(registrarJson(await c.var.services.registrar.get(domain, c.req.valid('query'))), 200);
  });
}
