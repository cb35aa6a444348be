import { ownDomainsOf } from '../access.ts';
import { BULK_LIMITS } from '../body.ts';
import { accepted, answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { nameText, pageJson, pageOf, pageRequest } from '../fields.ts';
import { found } from '../found.ts';
import { jobLocation, jobStartedOut } from '../jobs/schema.ts';
import { newRoutes } from '../new-routes.ts';
import {
  bulkDomain,
  bulkIn,
  domainChange,
  domainIn,
  domainJson,
  domainOut,
  domainParam,
  domainQuery,
  listRequest,
  publishedJson,
  removedOut,
} from './schema.ts';

const listDomains = defineRoute({
  method: 'get',
  path: '/api/v1/domains',
  operationId: 'listDomains',
  tags: ['domains'],
  summary: 'The domains of the box',
  need: 'read:list',
  request: { query: domainQuery },
  responses: { 200: answer('A page of domains.', pageOf(domainOut)) },
});

const addDomain = defineRoute({
  method: 'post',
  path: '/api/v1/domains',
  operationId: 'addDomain',
  tags: ['domains'],
  summary: 'Add a domain',
  description:
    'Derives its records, signs its zone and serves it: when the answer comes, the world can ask for it.',
  need: 'domains:write',
  errors: ['already-exists', 'invalid-name', 'record-conflict'],
  request: { body: body(domainIn) },
  responses: { 201: created('The domain, with its zone and the serial that is live.', domainOut) },
});

const addDomains = defineRoute({
  method: 'post',
  path: '/api/v1/domains/bulk',
  operationId: 'addDomains',
  tags: ['domains'],
  summary: 'Add many domains, as a job',
  description:
    'The answer comes at once; the job says how far it is, and names each domain that could not be added with the reason. The rest is served. At most 20,000 in one request.',
  need: 'domains:write',
  bodyLimits: BULK_LIMITS,
  request: { body: body(bulkIn) },
  responses: { 202: accepted('The job.', jobStartedOut) },
});

const getDomain = defineRoute({
  method: 'get',
  path: '/api/v1/domains/{domain}',
  operationId: 'getDomain',
  tags: ['domains'],
  summary: 'One domain',
  need: 'read:domain',
  request: { params: domainParam },
  responses: { 200: answer('The domain.', domainOut) },
});

const changeDomain = defineRoute({
  method: 'patch',
  path: '/api/v1/domains/{domain}',
  operationId: 'changeDomain',
  tags: ['domains'],
  summary: 'Change what a domain takes part in',
  description: 'What is not given stays as it is.',
  need: 'domains:write',
  errors: ['record-conflict', 'in-use'],
  request: { params: domainParam, body: body(domainChange) },
  responses: { 200: answer('The domain as it now is, and is served.', domainOut) },
});

const removeDomain = defineRoute({
  method: 'delete',
  path: '/api/v1/domains/{domain}',
  operationId: 'removeDomain',
  confirmed: true,
  tags: ['domains'],
  summary: 'Remove a domain',
  description: 'Its own records go too. Domains below it stay, in zones of their own.',
  need: 'domains:write',
  errors: ['in-use'],
  request: { params: domainParam },
  responses: { 200: answer('The zones that were published again.', removedOut) },
});

export function domainRoutes() {
  const routes = newRoutes();
  routes.openAPIRegistry.register('BulkDomain', bulkDomain);
  return routes
    .openapi(listDomains, (c) => {
      const query = c.req.valid('query');
      const request = { ...listRequest(query), among: ownDomainsOf(c) };
      return c.json(pageJson(c.var.services.domains.list(pageRequest(query), request), domainJson), 200);
    })
    .openapi(addDomain, async (c) => {
      const { ttl, ...domain } = c.req.valid('json');
      const added = await c.var.services.domains.add(actorOf(c), { ...domain, ttl: ttl ?? undefined });
      const headers = { Location: `/api/v1/domains/${encodeURIComponent(nameText(added.name))}` };
      return c.json(domainJson(added), 201, headers);
    })
    .openapi(addDomains, async (c) => {
      const { domains } = c.req.valid('json');
      const { id } = await c.var.services.bulkDomains.add(actorOf(c), domains);
      return c.json({ job: id }, 202, { Location: jobLocation(id) });
    })
    .openapi(getDomain, (c) => {
      const { domain } = c.req.valid('param');
      return c.json(domainJson(found(c.var.services.domains.get(domain), 'domain', domain)), 200);
    })
    .openapi(changeDomain, async (c) => {
      const { domain } = c.req.valid('param');
      const changed = await c.var.services.domains.update(actorOf(c), domain, c.req.valid('json'));
      return c.json(domainJson(changed), 200);
    })
    .openapi(removeDomain, async (c) => {
      const published = await c.var.services.domains.remove(actorOf(c), c.req.valid('param').domain);
      return c.json({ published: published.map(publishedJson) }, 200);
    });
}
