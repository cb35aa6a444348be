import { ownDomainsOf, requireMail } from '../access.ts';
import { pageOfDomains } from '../own-lists.ts';
import { BULK_LIMITS } from '../body.ts';
import { accepted, answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { pageJson, pageOf, pageRequest } from '../fields.ts';
import { found } from '../found.ts';
import { jobLocation, jobStartedOut } from '../jobs/schema.ts';
import { newRoutes } from '../new-routes.ts';
import {
  bulkAlias,
  bulkAliasesIn,
  aliasChange,
  aliasIn,
  aliasJson,
  aliasOut,
  aliasParam,
  aliasQuery,
  aliasRemoved,
} from './schema.ts';

const listAliases = defineRoute({
  method: 'get',
  path: '/api/v1/aliases',
  operationId: 'listAliases',
  tags: ['mail'],
  summary: 'The aliases',
  description: 'Those of one domain begin with the ones that are there by themselves.',
  need: 'read:list',
  request: { query: aliasQuery },
  responses: { 200: answer('A page of aliases, by domain and address.', pageOf(aliasOut)) },
});

const addAlias = defineRoute({
  method: 'post',
  path: '/api/v1/aliases',
  operationId: 'addAlias',
  tags: ['mail'],
  summary: 'Add an alias, a catch-all (@example.com), or one of a whole domain',
  description: 'When the answer comes, mail to it arrives at its targets.',
  need: 'write:addresses',
  errors: ['already-exists', 'invalid-address', 'no-mail-domain', 'no-such-target', 'mail-loop'],
  request: { body: body(aliasIn) },
  responses: { 201: created('The alias.', aliasOut) },
});

const addAliases = defineRoute({
  method: 'post',
  path: '/api/v1/aliases/bulk',
  operationId: 'addAliases',
  tags: ['mail'],
  summary: 'Add many aliases, as a job',
  description:
    'The answer comes at once; the job says how far it is, and names each alias that could not be added with the reason. An alias that leads to a later one waits for it. At most 10,000 in one request.',
  need: 'mail:write',
  bodyLimits: BULK_LIMITS,
  request: { body: body(bulkAliasesIn) },
  responses: { 202: accepted('The job.', jobStartedOut) },
});

const getAlias = defineRoute({
  method: 'get',
  path: '/api/v1/aliases/{address}',
  operationId: 'getAlias',
  tags: ['mail'],
  summary: 'One alias',
  need: 'read:address',
  errors: ['not-found'],
  request: { params: aliasParam },
  responses: { 200: answer('The alias.', aliasOut) },
});

const changeAlias = defineRoute({
  method: 'patch',
  path: '/api/v1/aliases/{address}',
  operationId: 'changeAlias',
  tags: ['mail'],
  summary: 'Change where an alias leads, or who may send as it',
  description: 'What is not given stays as it is.',
  need: 'write:address',
  errors: ['not-found', 'invalid-address', 'no-such-target', 'mail-loop'],
  request: { params: aliasParam, body: body(aliasChange) },
  responses: { 200: answer('The alias as it now is.', aliasOut) },
});

const removeAlias = defineRoute({
  method: 'delete',
  path: '/api/v1/aliases/{address}',
  operationId: 'removeAlias',
  tags: ['mail'],
  summary: 'Remove an alias',
  need: 'write:address',
  errors: ['not-found', 'in-use'],
  request: { params: aliasParam },
  responses: { 200: answer('It takes no mail any more.', aliasRemoved) },
});

export function aliasRoutes() {
  const routes = newRoutes();
  routes.openAPIRegistry.register('BulkAlias', bulkAlias);
  return routes
    .openapi(listAliases, (c) => {
      const { domain, search, ...page } = c.req.valid('query');
      const { aliases } = c.var.services;
      const own = ownDomainsOf(c, domain);
      const found = own
        ? pageOfDomains(own, pageRequest(page), (part, one) => aliases.list(part, { domain: one, search }))
        : aliases.list(pageRequest(page), { domain, search });
      return c.json(pageJson(found, aliasJson), 200);
    })
    .openapi(addAlias, async (c) => {
      const wanted = c.req.valid('json');
      requireMail(c, [wanted.address]);
      const added = await c.var.services.aliases.add(actorOf(c), wanted);
      const headers = { Location: `/api/v1/aliases/${encodeURIComponent(added.address)}` };
      return c.json(aliasJson(added), 201, headers);
    })
    .openapi(addAliases, async (c) => {
      const { aliases } = c.req.valid('json');
      const { id } = await c.var.services.mailImports.aliases(actorOf(c), aliases);
      return c.json({ job: id }, 202, { Location: jobLocation(id) });
    })
    .openapi(getAlias, (c) => {
      const { address } = c.req.valid('param');
      return c.json(aliasJson(found(c.var.services.aliases.get(address), 'alias', address)), 200);
    })
    .openapi(changeAlias, async (c) => {
      const { address } = c.req.valid('param');
      return c.json(
        aliasJson(await c.var.services.aliases.update(actorOf(c), address, c.req.valid('json'))),
        200,
      );
    })
    .openapi(removeAlias, async (c) => {
      const { address } = c.req.valid('param');
      await c.var.services.aliases.remove(actorOf(c), address);
      return c.json({ removed: address }, 200);
    });
}
