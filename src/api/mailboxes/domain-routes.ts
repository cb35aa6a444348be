import { z } from '@hono/zod-openapi';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { domainName } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import { limitJson, sendLimit } from './schema.ts';

const domainParam = z.strictObject({ domain: domainName('example.com', 'A domain of the box.') });

const mailDomainOut = z
  .strictObject({
    sendLimit: sendLimit.nullable().describe('Of each mailbox that has none of its own; null: no limit.'),
  })
  .openapi('MailDomain');

const mailDomainChange = z
  .strictObject({ sendLimit: sendLimit.nullable().optional() })
  .openapi('MailDomainChange', { example: { sendLimit: { messages: 500, seconds: 86_400 } } });

const getMailDomain = defineRoute({
  method: 'get',
  path: '/api/v1/domains/{domain}/mail',
  operationId: 'getMailDomain',
  tags: ['mail'],
  summary: 'What holds for all mailboxes of a domain',
  need: 'read:domain',
  request: { params: domainParam },
  responses: { 200: answer('The settings.', mailDomainOut) },
});

const changeMailDomain = defineRoute({
  method: 'patch',
  path: '/api/v1/domains/{domain}/mail',
  operationId: 'changeMailDomain',
  tags: ['mail'],
  summary: 'Change what holds for all mailboxes of a domain',
  need: 'mail:write',
  request: { params: domainParam, body: body(mailDomainChange) },
  responses: { 200: answer('The settings as they now are.', mailDomainOut) },
});

export function mailDomainRoutes() {
  return newRoutes()
    .openapi(getMailDomain, (c) => {
      const { domain } = c.req.valid('param');
      const view = found(c.var.services.mailDomains.get(domain), 'domain', domain);
      return c.json({ sendLimit: limitJson(view.sendLimit) }, 200);
    })
    .openapi(changeMailDomain, async (c) => {
      const { domain } = c.req.valid('param');
      const view = await c.var.services.mailDomains.update(actorOf(c), domain, c.req.valid('json'));
      return c.json({ sendLimit: limitJson(view.sendLimit) }, 200);
    });
}
