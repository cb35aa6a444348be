import { z } from '@hono/zod-openapi';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { domainName } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import {
  dkimJson,
  dkimOut,
  dkimRotateIn,
  dkimScheduleIn,
  dkimScheduleJson,
  dkimScheduleOut,
} from './schema.ts';

const domainParam = z.strictObject({ domain: domainName('example.com', 'A domain of the box.') });

const getDkim = defineRoute({
  method: 'get',
  path: '/api/v1/domains/{domain}/dkim',
  operationId: 'getDkim',
  tags: ['dkim'],
  summary: 'The DKIM keys of a domain',
  description: 'Each with its state and what becomes of it, and what the domain waits for.',
  need: 'read:domain',
  request: { params: domainParam },
  responses: { 200: answer('The keys.', dkimOut) },
});

const rotateDkim = defineRoute({
  method: 'post',
  path: '/api/v1/domains/{domain}/dkim/rotate',
  operationId: 'rotateDkim',
  tags: ['dkim'],
  summary: 'Replace the DKIM keys of a domain',
  description:
    'New keys are published now; they sign when every nameserver has them and no cache says otherwise. In an emergency the old ones are revoked at once.',
  need: 'domains:write',
  errors: ['no-mail-domain', 'in-use'],
  request: { params: domainParam, body: body(dkimRotateIn) },
  responses: { 200: answer('The keys as they now are.', dkimOut) },
});

const getSchedule = defineRoute({
  method: 'get',
  path: '/api/v1/dkim',
  operationId: 'getDkimSchedule',
  tags: ['dkim'],
  summary: 'How often DKIM keys are replaced',
  need: 'read',
  responses: { 200: answer('The schedule, and which domains are in trouble.', dkimScheduleOut) },
});

const putSchedule = defineRoute({
  method: 'put',
  path: '/api/v1/dkim',
  operationId: 'putDkimSchedule',
  tags: ['dkim'],
  summary: 'Set how often DKIM keys are replaced',
  description:
    'Holds for all domains at once. Each is put forward by up to a quarter of it at random, so that not all come together.',
  need: 'admin',
  request: { body: body(dkimScheduleIn) },
  responses: { 200: answer('The schedule as it now is.', dkimScheduleOut) },
});

export function dkimRoutes() {
  return newRoutes()
    .openapi(getDkim, (c) => {
      const { domain } = c.req.valid('param');
      return c.json(dkimJson(found(c.var.services.dkim.get(domain), 'domain', domain)), 200);
    })
    .openapi(rotateDkim, async (c) => {
      const { domain } = c.req.valid('param');
      const { emergency } = c.req.valid('json');
      return c.json(dkimJson(await c.var.services.dkim.rotate(actorOf(c), domain, emergency)), 200);
    })
    .openapi(getSchedule, (c) => c.json(dkimScheduleJson(c.var.services.dkim.schedule()), 200))
    .openapi(putSchedule, async (c) => {
      const { dkim } = c.var.services;
      await dkim.setSchedule(actorOf(c), c.req.valid('json').every);
      return c.json(dkimScheduleJson(dkim.schedule()), 200);
    });
}
