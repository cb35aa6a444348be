import { readsEverything } from '../access.ts';
import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';
import { healthJson, healthOut } from './schema.ts';

const getHealth = defineRoute({
  method: 'get',
  path: '/api/v1/health',
  operationId: 'getHealth',
  tags: ['health'],
  summary: 'Whether the box is ready, or why not',
  description:
    'Needs no credential; with one that may read everything it tells more. Always 200: read `ready`.',
  need: 'open',
  beforeSetup: true,
  responses: { 200: answer('Ready or not.', healthOut) },
});

const probe = defineRoute({
  method: 'get',
  path: '/health',
  operationId: 'probe',
  tags: ['health'],
  summary: 'The same for load balancers and monitors',
  description: '200 when the box is ready, 503 when it is not.',
  need: 'open',
  beforeSetup: true,
  responses: { 200: answer('Ready.', healthOut), 503: answer('Not ready.', healthOut) },
});

export function healthRoutes() {
  return newRoutes()
    .openapi(getHealth, (c) => c.json(healthJson(c.var.services.health(), readsEverything(c)), 200))
    .openapi(probe, (c) => {
      const health = c.var.services.health();
      return c.json(healthJson(health, readsEverything(c)), health.ready ? 200 : 503);
    });
}
