import { z } from '@hono/zod-openapi';
import { type HistoryEntry } from '../../mail/history/entry.ts';
import { historyTime } from '../../mail/history/service.ts';
import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { domainName, nameText, pageOf, pageQuery, pageRequest, time } from '../fields.ts';
import { newRoutes } from '../new-routes.ts';

const historyQuery = z.strictObject({
  ...pageQuery,
  address: z
    .string()
    .max(254)
    .optional()
    .openapi({ example: 'anna@example.com', description: 'Only what it sent or was to get.' }),
  domain: domainName('example.com', 'Only what addresses of this domain sent or were to get.').optional(),
});

const entryOut = z
  .strictObject({
    at: time('When.'),
    id: z.string().describe('Its Message-ID.'),
    sender: z.string().describe('Of the envelope; empty for bounces.'),
    recipients: z.array(z.string()),
    user: z.string().nullable().describe('Who signed in to send it; null: it came from elsewhere.'),
    action: z.string().openapi({
      example: 'no action',
      description:
        'As Rspamd says it: `no action`, `add header` (into Junk), `greylist` and `soft reject` (come again), `reject`.',
    }),
    score: z.number(),
    symbols: z
      .array(z.strictObject({ name: z.string(), score: z.number() }))
      .describe('What it scored for, the weightiest first.'),
    size: z.int().describe('Octets.'),
  })
  .openapi('MailHistoryEntry');

const historyOut = z
  .strictObject({
    ...pageOf(entryOut).shape,
    problem: z.string().nullable().describe('Why there is nothing to read; null: it was read.'),
  })
  .openapi('MailHistory');

const getHistory = defineRoute({
  method: 'get',
  path: '/api/v1/mail/history',
  operationId: 'listMailHistory',
  tags: ['mail servers'],
  summary: 'What became of the messages that passed lately',
  description: 'The newest first, of the last 2,000 that Rspamd looked at.',
  need: 'admin',
  request: { query: historyQuery },
  responses: { 200: answer('Messages.', historyOut) },
});

export function mailHistoryRoutes() {
  return newRoutes().openapi(getHistory, async (c) => {
    const { address, domain, ...page } = c.req.valid('query');
    const { items, next, problem } = await c.var.services.mailHistory.list(pageRequest(page), {
      address: address?.toLowerCase(),
      domain: domain && nameText(domain),
    });
    return c.json({ items: items.map(entryJson), next: next ?? null, problem: problem ?? null }, 200);
  });
}

function entryJson(entry: HistoryEntry): z.infer<typeof entryOut> {
  const { id, sender, recipients, user, action, score, symbols, size } = entry;
  return {
    at: historyTime(entry),
    ...{ id, sender, recipients, user: user ?? null, action, score, symbols, size },
  };
}
