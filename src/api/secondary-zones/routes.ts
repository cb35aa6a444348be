import { answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { nameText, pageJson, pageOf, pageRequest } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import {
  removedSecondaryZoneOut,
  secondaryZoneChange,
  secondaryZoneIn,
  secondaryZoneJson,
  secondaryZoneOut,
  secondaryZoneParam,
  secondaryZonesQuery,
} from './schema.ts';

const tags = ['secondary-zones'];

const listSecondaryZones = defineRoute({
  method: 'get',
  path: '/api/v1/secondary-zones',
  operationId: 'listSecondaryZones',
  tags,
  summary: 'The zones of others that the box serves',
  need: 'read',
  request: { query: secondaryZonesQuery },
  responses: { 200: answer('A page of them, in order of name.', pageOf(secondaryZoneOut)) },
});

const addSecondaryZone = defineRoute({
  method: 'post',
  path: '/api/v1/secondary-zones',
  operationId: 'addSecondaryZone',
  tags,
  summary: 'Serve a zone of somebody else as a secondary',
  description:
    'It is transferred from its primaries at once, and from then on as its SOA says and when a primary sends NOTIFY. What they sent is served as it is, signatures included. Who asks over the network names primaries in public networks, or in those of `--import-networks`.',
  need: 'admin',
  errors: ['invalid-name', 'already-exists', 'in-use'],
  request: { body: body(secondaryZoneIn) },
  responses: { 201: created('The zone, which is being transferred.', secondaryZoneOut) },
});

const getSecondaryZone = defineRoute({
  method: 'get',
  path: '/api/v1/secondary-zones/{zone}',
  operationId: 'getSecondaryZone',
  tags,
  summary: 'A secondary zone, and how it is with it',
  need: 'read',
  errors: ['not-found', 'invalid-name'],
  request: { params: secondaryZoneParam },
  responses: { 200: answer('The zone.', secondaryZoneOut) },
});

const changeSecondaryZone = defineRoute({
  method: 'patch',
  path: '/api/v1/secondary-zones/{zone}',
  operationId: 'changeSecondaryZone',
  tags,
  summary: 'Give it other primaries, which are asked at once',
  need: 'admin',
  errors: ['not-found', 'invalid-name'],
  request: { params: secondaryZoneParam, body: body(secondaryZoneChange) },
  responses: { 200: answer('The zone as it is now.', secondaryZoneOut) },
});

const refreshSecondaryZone = defineRoute({
  method: 'post',
  path: '/api/v1/secondary-zones/{zone}/refresh',
  operationId: 'refreshSecondaryZone',
  tags,
  summary: 'Have its primaries asked now',
  description: 'It is answered at once; `checking` of the zone says when they have been asked.',
  need: 'admin',
  errors: ['not-found', 'invalid-name'],
  request: { params: secondaryZoneParam },
  responses: { 202: answer('The zone, whose primaries are being asked.', secondaryZoneOut) },
});

const removeSecondaryZone = defineRoute({
  method: 'delete',
  path: '/api/v1/secondary-zones/{zone}',
  operationId: 'removeSecondaryZone',
  tags,
  summary: 'Serve it no more, and forget what was transferred',
  need: 'admin',
  errors: ['not-found', 'invalid-name'],
  request: { params: secondaryZoneParam },
  responses: { 200: answer('It is gone.', removedSecondaryZoneOut) },
});

export function secondaryZoneRoutes() {
  return newRoutes()
    .openapi(listSecondaryZones, (c) => {
      const page = c.var.services.secondaryZones.list(pageRequest(c.req.valid('query')));
      return c.json(pageJson(page, secondaryZoneJson), 200);
    })
    .openapi(addSecondaryZone, async (c) => {
      const added = await c.var.services.secondaryZones.add(actorOf(c), c.req.valid('json'));
      return c.json(secondaryZoneJson(added), 201, {
        Location: `/api/v1/secondary-zones/${encodeURIComponent(nameText(added.name))}`,
      });
    })
    .openapi(getSecondaryZone, (c) => {
      const { zone } = c.req.valid('param');
      const view = found(c.var.services.secondaryZones.get(zone), 'secondary zone', zone);
      return c.json(secondaryZoneJson(view), 200);
    })
    .openapi(changeSecondaryZone, async (c) => {
      const { zone } = c.req.valid('param');
      const { primaries } = c.req.valid('json');
      const changed = await c.var.services.secondaryZones.change(actorOf(c), zone, primaries);
      return c.json(secondaryZoneJson(changed), 200);
    })
    .openapi(refreshSecondaryZone, (c) => {
      const { zone } = c.req.valid('param');
      return c.json(secondaryZoneJson(c.var.services.secondaryZones.refresh(zone)), 202);
    })
    .openapi(removeSecondaryZone, async (c) => {
      const { zone } = c.req.valid('param');
      await c.var.services.secondaryZones.remove(actorOf(c), zone);
      return c.json({ removed: nameText(zone) }, 200);
    });
}
