import { z } from '@hono/zod-openapi';
import { MOST_RULES, type WebSiteRow } from '../../mail/web/store.ts';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { domainName } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';

const domainParam = z.strictObject({ domain: domainName('example.com', 'A domain of the box.') });

const hsts = z
  .strictObject({
    seconds: z.int().min(0, 'Seconds are not negative.').max(63_072_000, 'Two years are the most.'),
    subdomains: z.boolean().default(false).describe('Whether it holds for all names below the domain.'),
  })
  .openapi('Hsts', { example: { seconds: 15_768_000, subdomains: false } });

const rule = z
  .strictObject({
    path: z
      .string()
      .max(1000)
      .openapi({ example: '/app', description: 'With all below it; `/` is all of the site.' }),
    kind: z
      .enum(['redirect', 'permanent-redirect', 'proxy'])
      .describe('Redirects are 302 and 301. A proxy hands requests on to a program.'),
    to: z.string().max(2000).openapi({
      example: 'http://127.0.0.1:3000',
      description:
        'Of a redirect a URL; behind one without a path goes what was asked for. Of a proxy a URL of http with an address and a port, on this machine or an inside network.',
    }),
  })
  .openapi('WebRule');

const rules = z
  .array(rule)
  .max(MOST_RULES, `A site has ${MOST_RULES} rules at most.`)
  .describe('What is not a file below the folder of the domain; the longest path that fits counts.');
const hstsText =
  'For how long browsers that saw the site use HTTPS alone, whatever happens to it; null: they are not told.';

const webSiteOut = z.strictObject({ hsts: hsts.nullable().describe(hstsText), rules }).openapi('WebSite');
const webSiteIn = z
  .strictObject({ hsts: hsts.nullable().default(null).describe(hstsText), rules: rules.default([]) })
  .openapi('WebSiteIn', {
    example: { rules: [{ path: '/app', kind: 'proxy', to: 'http://127.0.0.1:3000' }] },
  });

const getWebSite = defineRoute({
  method: 'get',
  path: '/api/v1/domains/{domain}/web',
  operationId: 'getWebSite',
  tags: ['domains'],
  summary: 'What the web site of a domain is besides its files',
  need: 'read:domain',
  request: { params: domainParam },
  responses: { 200: answer('The site.', webSiteOut) },
});

const putWebSite = defineRoute({
  method: 'put',
  path: '/api/v1/domains/{domain}/web',
  operationId: 'putWebSite',
  tags: ['domains'],
  summary: 'Say what the web site of a domain is besides its files',
  description:
    'nginx has it some seconds later, where the box serves web sites (`--web nginx`) and the domain takes part in them.',
  need: 'admin',
  request: { params: domainParam, body: body(webSiteIn) },
  responses: { 200: answer('The site as it now is.', webSiteOut) },
});

export function webSiteRoutes() {
  return newRoutes()
    .openapi(getWebSite, (c) => {
      const { domain } = c.req.valid('param');
      return c.json(siteJson(found(c.var.services.webSites.get(domain), 'domain', domain)), 200);
    })
    .openapi(putWebSite, async (c) => {
      const { domain } = c.req.valid('param');
      const { hsts: chosen, rules: all } = c.req.valid('json');
      const site = { hsts: chosen ?? undefined, rules: all };
      return c.json(siteJson(await c.var.services.webSites.put(actorOf(c), domain, site)), 200);
    });
}

function siteJson({ hsts: chosen, rules: all }: WebSiteRow) {
  return { hsts: chosen ?? null, rules: [...all] };
}
