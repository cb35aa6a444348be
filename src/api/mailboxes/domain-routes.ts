import { z } from '@hono/zod-openapi';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { domainName } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import type { MailDomainView } from '../../mail/domains.ts';
import { limitJson, nextPort, sending, sendLimit, spamScores } from '../mail-fields.ts';

const domainParam = z.strictObject({ domain: domainName('example.com', 'A domain of the box.') });

const nextHop = z
  .strictObject({
    host: z
      .string()
      .min(1, 'Give a host.')
      .max(1024)
      .openapi({ example: 'mail.example.net', description: 'A host name or an IP address.' }),
    port: nextPort.default(25),
  })
  .openapi('NextHop', { example: { host: 'mail.example.net', port: 25 } });
const spamFilter = z
  .boolean()
  .describe(
    'Whether what scores goes into Junk or is refused. What its sender’s DMARC policy says holds all the same.',
  );

const eachLimit = 'Of each mailbox that has none of its own; null: the box’s.';
const totalLimit = 'Of all its mailboxes together; null: the box’s.';

const mailDomainOut = z
  .strictObject({
    sendLimit: sendLimit.nullable().describe(eachLimit),
    totalSendLimit: sendLimit.nullable().describe(totalLimit),
    totalSending: sending
      .nullable()
      .describe(
        'The limit that holds for all its mailboxes together, its own or the box’s; null: none does.',
      ),
    nextHop: nextHop
      .nullable()
      .describe('Where mail goes for addresses of the domain that are not here; null: it is refused.'),
    spamFilter,
    scores: spamScores.nullable().describe('null: those of the box.'),
  })
  .openapi('MailDomain');

const mailDomainChange = z
  .strictObject({
    sendLimit: sendLimit.nullable().optional().describe(eachLimit),
    totalSendLimit: sendLimit.nullable().optional().describe(totalLimit),
    nextHop: nextHop.nullable().optional(),
    spamFilter: spamFilter.optional(),
    scores: spamScores.nullable().optional(),
  })
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
      return c.json(viewJson(view), 200);
    })
    .openapi(changeMailDomain, async (c) => {
      const { domain } = c.req.valid('param');
      const view = await c.var.services.mailDomains.update(actorOf(c), domain, c.req.valid('json'));
      return c.json(viewJson(view), 200);
    });
}

function viewJson(view: MailDomainView): z.infer<typeof mailDomainOut> {
  return {
    sendLimit: limitJson(view.sendLimit),
    totalSendLimit: limitJson(view.totalSendLimit),
    totalSending: view.totalSending ?? null,
    nextHop: view.nextHop ?? null,
    spamFilter: view.spamFilter,
    scores: view.scores ?? null,
  };
}
