import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { QUEUE_ID, type QueuedMessage } from '../../mail/agent/queued-message.ts';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { domainName, nameText, pageOf, pageQuery, pageRequest, time } from '../fields.ts';
import { actorOf } from '../env.ts';
import { newRoutes } from '../new-routes.ts';

const queueNames = ['maildrop', 'incoming', 'active', 'deferred', 'hold', 'corrupt'] as const;

const messageOut = z
  .strictObject({
    id: z.string().openapi({ example: '4D2F31A0B2', description: 'As Postfix’s log has it.' }),
    queue: z.enum(queueNames).openapi({
      example: 'deferred',
      description:
        '`deferred`: it is tried again. `hold`: it waits until somebody releases it. `active`, `incoming`, `maildrop`: it is on its way.',
    }),
    at: time('When it came.'),
    size: z.int().describe('Octets.'),
    sender: z.string().describe('Of the envelope; empty for bounces.'),
    recipients: z
      .array(z.strictObject({ address: z.string(), reason: z.string().nullable() }))
      .describe('Who does not have it yet, and why not; the first 20.'),
    recipientCount: z.int(),
  })
  .openapi('QueuedMessage');

const queueOut = z
  .strictObject({
    ...pageOf(messageOut).shape,
    counts: z
      .partialRecord(z.enum(queueNames), z.int())
      .describe('Messages in each queue, of all that are asked for.'),
  })
  .openapi('MailQueue');

const actionIn = z
  .strictObject({
    action: z.enum(['hold', 'release', 'requeue', 'delete', 'retry']).openapi({
      description:
        '`hold`: not to be tried. `release`: to be tried again. `requeue`: as if it came now, so that routes and senders are looked up anew. `retry`: now. `delete`: gone, and nobody is told.',
    }),
    id: z
      .string()
      .regex(QUEUE_ID, 'An id is as the list has it: letters and digits.')
      .optional()
      .openapi({ example: '4D2F31A0B2', description: 'One message.' }),
    domain: domainName(
      'example.com',
      'Messages that nobody but addresses of this domain is still to have.',
    ).optional(),
  })
  .refine(({ id, domain }) => id === undefined || domain === undefined, {
    message: 'Give an id or a domain, not both.',
    path: ['domain'],
  })
  .refine(({ action, id, domain }) => action === 'retry' || id !== undefined || domain !== undefined, {
    message: 'Say which messages: give an id or a domain. Only retry is for all.',
    path: ['id'],
  })
  .openapi('MailQueueAction', { example: { action: 'hold', id: '4D2F31A0B2' } });

const doneOut = z
  .strictObject({
    messages: z.int().nullable().describe('To how many it was done; null: to all that waits.'),
  })
  .openapi('MailQueueDone');

const getQueue = defineRoute({
  method: 'get',
  path: '/api/v1/mail/queue',
  operationId: 'listMailQueue',
  tags: ['mail servers'],
  summary: 'What Postfix did not hand on yet',
  description: 'The oldest first.',
  need: 'admin',
  errors: ['mail-agent-unavailable', 'mail-refused'],
  request: {
    query: z.strictObject({
      ...pageQuery,
      domain: domainName('example.com', 'Only what addresses of this domain are to have.').optional(),
      address: z
        .string()
        .min(1)
        .max(254)
        .optional()
        .openapi({ example: 'anna@', description: 'Only what has this in its sender or a recipient.' }),
      reason: z
        .string()
        .min(1)
        .max(254)
        .optional()
        .openapi({ example: 'refused', description: 'Only what waits for a reason that has this in it.' }),
    }),
  },
  responses: { 200: answer('Messages.', queueOut) },
});

const changeQueue = defineRoute({
  method: 'post',
  path: '/api/v1/mail/queue',
  operationId: 'changeMailQueue',
  tags: ['mail servers'],
  summary: 'Hold, release, requeue, retry or delete messages of the queue',
  need: 'admin',
  errors: ['mail-agent-unavailable', 'mail-refused', 'not-found'],
  request: { body: body(actionIn) },
  responses: { 200: answer('It was done.', doneOut) },
});

export function mailQueueRoutes() {
  return newRoutes()
    .openapi(getQueue, async (c) => {
      const { domain, address, reason, ...page } = c.req.valid('query');
      const { items, next, counts } = await c.var.services.mailQueue.list(pageRequest(page), {
        ...(domain && { domain: nameText(domain) }),
        ...(address !== undefined && { address }),
        ...(reason !== undefined && { reason }),
      });
      return c.json({ items: items.map(messageJson), next: next ?? null, counts }, 200);
    })
    .openapi(changeQueue, async (c) => {
      const { action, id, domain } = c.req.valid('json');
      const choice = id !== undefined ? { id } : domain && { domain: nameText(domain) };
      const messages = await c.var.services.mailQueue.act(actorOf(c), action, choice);
      return c.json({ messages: messages ?? null }, 200);
    });
}

function messageJson({ at, recipients, ...rest }: QueuedMessage): z.infer<typeof messageOut> {
  return {
    ...rest,
    at: toRfc3339(at * 1000),
    recipients: recipients.map(({ address, reason }) => ({ address, reason: reason ?? null })),
  };
}
