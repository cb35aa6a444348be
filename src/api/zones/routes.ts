import { pageOfNames } from '../own-lists.ts';
import { z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import { requireAdmin, requireImport, ownDomainsOf } from '../access.ts';
import { IMPORT_LIMITS } from '../body.ts';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { diffLineJson, diffText } from '../diff-line.ts';
import { published, publishedJson } from '../domains/schema.ts';
import { actorOf } from '../env.ts';
import { pageJson, pageOf, pageRequest } from '../fields.ts';
import { found } from '../found.ts';
import { longAnswer } from '../long-answer.ts';
import { mapInSlices } from '../map-in-slices.ts';
import { jobLocation, jobStartedOut } from '../jobs/schema.ts';
import { newRoutes } from '../new-routes.ts';
import { zoneParam } from '../records/schema.ts';
import {
  diffOut,
  diffQuery,
  importIn,
  importJson,
  importOut,
  pageOnly,
  rebuiltJson,
  rebuiltOut,
  rollbackIn,
  versionJson,
  versionPage,
  zoneChange,
  zoneDetailJson,
  zoneDetailOut,
  zonefileQuery,
  zoneJson,
  zoneOut,
} from './schema.ts';

const listZones = defineRoute({
  method: 'get',
  path: '/api/v1/zones',
  operationId: 'listZones',
  tags: ['zones'],
  summary: 'The zones that the box serves',
  need: 'read:list',
  request: { query: pageOnly },
  responses: { 200: answer('A page of zones, by name.', pageOf(zoneOut)) },
});

const importZone = defineRoute({
  method: 'post',
  path: '/api/v1/zones/import',
  operationId: 'importZone',
  tags: ['zones'],
  summary: 'Take over a zone from a zone file or another server',
  description:
    'Adds the domain if it is new, and takes what the box does not derive itself as your own records. With `dryRun` it says so and changes nothing. The body may have 4 MiB. Besides dns:write for the zone, a domain that is new takes the scope domains:write, and to import from another server admin, as the box then connects to what the request names.',
  need: 'import',
  bodyLimits: IMPORT_LIMITS,
  errors: [
    'invalid-name',
    'invalid-zonefile',
    'invalid-record',
    'record-conflict',
    'outside-zone',
    'transfer-failed',
  ],
  request: { body: body(importIn) },
  responses: { 200: answer('What was taken over, and what was left out.', importOut) },
});

const getZone = defineRoute({
  method: 'get',
  path: '/api/v1/zones/{zone}',
  operationId: 'getZone',
  tags: ['zones'],
  summary: 'One zone',
  need: 'read:zone',
  request: { params: zoneParam },
  responses: { 200: answer('The zone.', zoneDetailOut) },
});

const changeZone = defineRoute({
  method: 'patch',
  path: '/api/v1/zones/{zone}',
  operationId: 'changeZone',
  tags: ['zones'],
  summary: 'Change the settings of a zone',
  need: 'write:zone',
  request: { params: zoneParam, body: body(zoneChange) },
  responses: { 200: answer('The zone as it now is served.', zoneOut) },
});

const getZonefile = defineRoute({
  method: 'get',
  path: '/api/v1/zones/{zone}/zonefile',
  operationId: 'getZonefile',
  tags: ['zones'],
  summary: 'The zone as a zone file',
  need: 'read:zone',
  request: { params: zoneParam, query: zonefileQuery },
  responses: {
    200: {
      description: 'A zone file (RFC 1035 §5; media type of RFC 4027).',
      content: { 'text/dns': { schema: z.string() } },
    },
  },
});

const listVersions = defineRoute({
  method: 'get',
  path: '/api/v1/zones/{zone}/versions',
  operationId: 'listVersions',
  tags: ['zones'],
  summary: 'Every version that was published',
  need: 'read:zone',
  request: { params: zoneParam, query: pageOnly },
  responses: { 200: answer('A page of versions, newest first.', versionPage) },
});

const diffVersions = defineRoute({
  method: 'get',
  path: '/api/v1/zones/{zone}/diff',
  operationId: 'diffVersions',
  tags: ['zones'],
  summary: 'What changed between two versions',
  description: 'As JSON, or with `Accept: text/plain` as lines that begin with + or -.',
  need: 'read:zone',
  request: { params: zoneParam, query: diffQuery },
  responses: {
    200: {
      description: 'The records that came and went.',
      content: { 'application/json': { schema: diffOut }, 'text/plain': { schema: z.string() } },
    },
  },
});

const rollBack = defineRoute({
  method: 'post',
  path: '/api/v1/zones/{zone}/rollback',
  operationId: 'rollBack',
  tags: ['zones'],
  summary: 'Roll your own records back to a version',
  description: 'They become what they were at the serial, and are published under a new one.',
  need: 'write:zone',
  errors: ['record-conflict'],
  request: { params: zoneParam, body: body(rollbackIn) },
  responses: { 200: answer('The serial that is live.', published) },
});

const rebuildZone = defineRoute({
  method: 'post',
  path: '/api/v1/zones/{zone}/rebuild',
  operationId: 'rebuildZone',
  tags: ['zones'],
  summary: 'Make a zone anew',
  description:
    'Derives, signs and stores the zone from the domains, your own records and its keys, whatever was stored of it before, and publishes it. Damaged rows of those are put right where something else still says what they were. When that would lose what is served, nothing happens.',
  need: 'write:zone',
  errors: ['zone-damaged'],
  request: { params: zoneParam },
  responses: { 200: answer('The serial that is live, what was mended, and what is lost.', rebuiltOut) },
});

const rebuildZones = defineRoute({
  method: 'post',
  path: '/api/v1/zones/rebuild',
  operationId: 'rebuildZones',
  tags: ['zones'],
  summary: 'Make all zones anew',
  description: 'A job: GET /api/v1/jobs/{id} says how far it is, and which zones could not be made anew.',
  need: 'admin',
  responses: { 202: answer('The job that does it.', jobStartedOut) },
});

export function zoneRoutes() {
  return newRoutes()
    .openapi(listZones, (c) => {
      const { zones } = c.var.services;
      const page = pageRequest(c.req.valid('query'));
      const own = ownDomainsOf(c);
      const found = own ? pageOfNames(own, page, (name) => zones.get(name)) : zones.list(page);
      return c.json(pageJson(found, zoneJson), 200);
    })
    .openapi(importZone, async (c) => {
      const request = c.req.valid('json');
      requireImport(c, request.zone);
      if (request.from.kind === 'axfr') requireAdmin(c, 'The box connects to the server of the request.');
      const result = await c.var.services.zones.import(actorOf(c), request);
      return longAnswer(c, await importJson(request, result), 200);
    })
    .openapi(getZone, async (c) => {
      const { zone } = c.req.valid('param');
      const { zones } = c.var.services;
      const view = found(zones.get(zone), 'zone', zone);
      const said = [zones.serialWarning(zone), zones.digestWarning(zone), zones.signatures(zone)] as const;
      return c.json(zoneDetailJson(view, await zones.warnings(zone), ...said), 200);
    })
    .openapi(changeZone, async (c) => {
      const { zone } = c.req.valid('param');
      const { zonemd, ...settings } = c.req.valid('json');
      await c.var.services.zones.update(actorOf(c), zone, { ...settings, digest: zonemd });
      return c.json(zoneJson(found(c.var.services.zones.get(zone), 'zone', zone)), 200);
    })
    .openapi(rebuildZones, async (c) => {
      const { id } = await c.var.services.zones.rebuildAll(actorOf(c));
      return c.json({ job: id }, 202, { Location: jobLocation(id) });
    })
    .openapi(rebuildZone, async (c) => {
      const { zone } = c.req.valid('param');
      return c.json(rebuiltJson(await c.var.services.zones.rebuild(actorOf(c), zone)), 200);
    })
    .route('/', versions());
}

function versions() {
  return newRoutes()
    .openapi(getZonefile, async (c) => {
      const { signed, serial } = c.req.valid('query');
      const options = { signed, ...(serial !== undefined && { serial }) };
      const text = await c.var.services.zones.zonefile(c.req.valid('param').zone, options);
      // RFC 4027 §3: it has no parameters. All of it is ASCII.
      return c.body(text, 200, { 'Content-Type': 'text/dns' });
    })
    .openapi(listVersions, (c) => {
      const page = c.var.services.zones.versions(
        c.req.valid('param').zone,
        pageRequest(c.req.valid('query')),
      );
      return c.json({ ...pageJson(page, versionJson), since: page.since }, 200);
    })
    .openapi(diffVersions, async (c) => {
      const { from, to, dnssec } = c.req.valid('query');
      const lines = await c.var.services.zones.diff(c.req.valid('param').zone, from, to, { dnssec });
      const types = { supports: ['application/json', 'text/plain'], default: 'application/json' };
      if (accepts(c, { header: 'Accept', ...types }) === 'text/plain')
        return c.text((await mapInSlices(lines, diffText)).join(''), 200);
      return longAnswer(c, { from, to, items: await mapInSlices(lines, diffLineJson) }, 200);
    })
    .openapi(rollBack, async (c) => {
      const { serial } = c.req.valid('json');
      const now = await c.var.services.zones.rollback(actorOf(c), c.req.valid('param').zone, serial);
      return c.json(publishedJson(now), 200);
    });
}
