import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { newRoutes } from '../new-routes.ts';
import { boxFrom, boxIn, boxJson, boxOut } from './schema.ts';

const getBox = defineRoute({
  method: 'get',
  path: '/api/v1/box',
  operationId: 'getBox',
  tags: ['box'],
  summary: 'The settings of the box',
  description: 'Before the first PUT the hostname is null, and `detected` offers the addresses to confirm.',
  need: 'read',
  beforeSetup: true,
  responses: { 200: answer('The settings.', boxOut) },
});

const putBox = defineRoute({
  method: 'put',
  path: '/api/v1/box',
  operationId: 'putBox',
  tags: ['box'],
  summary: 'Set hostname, addresses and defaults',
  description: 'Replaces all settings; every zone that depends on them is published again before the answer.',
  need: 'admin',
  beforeSetup: true,
  errors: ['invalid-name', 'in-use', 'record-conflict'],
  request: { body: body(boxIn) },
  responses: { 200: answer('The settings as they now are.', boxOut) },
});

export function boxRoutes() {
  return newRoutes()
    .openapi(getBox, (c) => {
      const { box } = c.var.services;
      return c.json(boxJson(box.get(), box.detectAddresses()), 200);
    })
    .openapi(putBox, async (c) => {
      const { box } = c.var.services;
      const saved = await box.put(actorOf(c), boxFrom(c.req.valid('json')));
      return c.json(boxJson(saved, box.detectAddresses()), 200);
    });
}
