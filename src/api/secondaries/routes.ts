import { answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { nameText, pageOf } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import {
  configurationOut,
  configurationQuery,
  lagJson,
  removedSecondaryOut,
  secondaryIn,
  secondaryJson,
  secondaryOut,
  secondaryParam,
  secondaryQuery,
  secondaryRequest,
  secondaryStateOut,
} from './schema.ts';

const tags = ['secondaries'];

const listSecondaries = defineRoute({
  method: 'get',
  path: '/api/v1/secondaries',
  operationId: 'listSecondaries',
  tags,
  summary: 'The secondary nameservers',
  need: 'read',
  responses: { 200: answer('All of them, on one page.', pageOf(secondaryOut)) },
});

const addSecondary = defineRoute({
  method: 'post',
  path: '/api/v1/secondaries',
  operationId: 'addSecondary',
  tags,
  summary: 'Let a nameserver have the zones',
  description:
    'It may transfer zones at once. With `publish` zones get an NS record for it as soon as it has answered for them with our serial; with `unverified`, at once.',
  need: 'admin',
  errors: ['invalid-name', 'already-exists'],
  request: { body: body(secondaryIn) },
  responses: { 201: created('The secondary.', secondaryOut) },
});

const getSecondary = defineRoute({
  method: 'get',
  path: '/api/v1/secondaries/{secondary}',
  operationId: 'getSecondary',
  tags,
  summary: 'A secondary, and how far it is: it is asked now',
  need: 'read',
  errors: ['not-found', 'invalid-name'],
  request: { params: secondaryParam, query: secondaryQuery },
  responses: { 200: answer('The secondary, with what it serves.', secondaryStateOut) },
});

const secondaryConfiguration = defineRoute({
  method: 'get',
  path: '/api/v1/secondaries/{secondary}/configuration',
  operationId: 'getSecondaryConfiguration',
  tags,
  summary: 'What to put into the configuration of the secondary',
  need: 'read',
  errors: ['not-found', 'invalid-name'],
  request: { params: secondaryParam, query: configurationQuery },
  responses: { 200: answer('The configuration.', configurationOut) },
});

const removeSecondary = defineRoute({
  method: 'delete',
  path: '/api/v1/secondaries/{secondary}',
  operationId: 'removeSecondary',
  tags,
  summary: 'Take its NS records from all zones, and what it may',
  need: 'admin',
  errors: ['not-found', 'invalid-name'],
  request: { params: secondaryParam },
  responses: { 200: answer('It is gone; the zones are published without it by a job.', removedSecondaryOut) },
});

export function secondaryRoutes() {
  return newRoutes()
    .openapi(listSecondaries, (c) =>
      c.json({ items: c.var.services.secondaries.list().map(secondaryJson), next: null }, 200),
    )
    .openapi(addSecondary, async (c) => {
      const request = secondaryRequest(c.req.valid('json'));
      const added = await c.var.services.secondaries.add(actorOf(c), request);
      return c.json(secondaryJson(added), 201, {
        Location: `/api/v1/secondaries/${encodeURIComponent(nameText(added.name))}`,
      });
    })
    .openapi(getSecondary, async (c) => {
      const { secondaries } = c.var.services;
      const { secondary: name } = c.req.valid('param');
      const view = found(secondaries.get(name), 'secondary', name);
      const lags = await secondaries.lags(name, c.req.valid('query').zone);
      return c.json({ ...secondaryJson(view), zones: lags.map(lagJson) }, 200);
    })
    .openapi(secondaryConfiguration, (c) => {
      const { server } = c.req.valid('query');
      const { secondary: name } = c.req.valid('param');
      const { text, zones, more, catalog } = c.var.services.secondaries.configuration(name, server);
      return c.json(
        { server, configuration: text, zones, more, catalog: catalog ? nameText(catalog) : null },
        200,
      );
    })
    .openapi(removeSecondary, async (c) => {
      const { secondary: name } = c.req.valid('param');
      await c.var.services.secondaries.remove(actorOf(c), name);
      return c.json({ removed: nameText(name) }, 200);
    });
}
