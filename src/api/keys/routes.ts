import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { pageJson, pageOf } from '../fields.ts';
import { newRoutes } from '../new-routes.ts';
import { zoneParam } from '../records/schema.ts';
import { keyJson, keyOut } from './schema.ts';

const listKeys = defineRoute({
  method: 'get',
  path: '/api/v1/zones/{zone}/keys',
  operationId: 'listKeys',
  tags: ['keys'],
  summary: 'The DNSSEC keys of a zone',
  description: 'All of them in one page. Private keys never leave the box.',
  need: 'read:zone',
  request: { params: zoneParam },
  responses: { 200: answer('The keys.', pageOf(keyOut)) },
});

export function keyRoutes() {
  return newRoutes().openapi(listKeys, (c) => {
    const items = c.var.services.zones.keys(c.req.valid('param').zone);
    return c.json(pageJson({ items, next: undefined }, keyJson), 200);
  });
}
