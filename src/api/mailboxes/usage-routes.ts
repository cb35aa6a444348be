import { z } from '@hono/zod-openapi';
import type { MailboxUsage } from '../../mail/agent/usage.ts';
import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { pageJson, pageOf } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import { pageOfMailboxes } from './page.ts';
import { addressQuery, mailboxParam } from './schema.ts';

const problem = z
  .string()
  .nullable()
  .describe(
    'Why something is not known: the mail servers do not run, or took too long. null: nothing is amiss.',
  );

const usage = {
  address: z.string().openapi({ example: 'anna@example.com' }),
  octets: z.int().nullable().describe('Octets that it holds, in steps of 1,024; null: not known.'),
  messages: z.int().nullable().describe('Messages that it holds; null: not known.'),
  limit: z
    .int()
    .nullable()
    .describe('Octets that it may hold, as Dovecot has it, in steps of 1,024; null: no limit, or not known.'),
};

const usageOut = z.strictObject(usage).openapi('MailboxUsage', {
  example: { address: 'anna@example.com', octets: 1_288_490_188, messages: 5120, limit: 5_368_709_120 },
});

const usagesOut = z.strictObject({ ...pageOf(usageOut).shape, problem }).openapi('MailboxUsages');
const oneOut = z.strictObject({ ...usage, problem }).openapi('OneMailboxUsage');

const listMailboxUsage = defineRoute({
  method: 'get',
  path: '/api/v1/mailboxes/usage',
  operationId: 'listMailboxUsage',
  tags: ['mail'],
  summary: 'What the mailboxes hold',
  description:
    'A page of those in use, as the list of mailboxes with the same query has it. Dovecot is asked for this page alone; what it said a few seconds ago is not asked again.',
  need: 'read:list',
  request: { query: z.strictObject(addressQuery) },
  responses: { 200: answer('A page of what they hold, by domain and address.', usagesOut) },
});

const getMailboxUsage = defineRoute({
  method: 'get',
  path: '/api/v1/mailboxes/{address}/usage',
  operationId: 'getMailboxUsage',
  tags: ['mail'],
  summary: 'What a mailbox holds',
  need: 'read:address',
  errors: ['not-found'],
  request: { params: mailboxParam },
  responses: { 200: answer('What it holds.', oneOut) },
});

export function mailboxUsageRoutes() {
  return newRoutes()
    .openapi(listMailboxUsage, async (c) => {
      const page = pageOfMailboxes(c, { ...c.req.valid('query'), state: 'active' });
      const known = await c.var.services.mailboxUsages.known(page.items.map(({ address }) => address));
      const json = pageJson(page, ({ address }) => usageJson(address, known.of(address)));
      return c.json({ ...json, problem: known.problem ?? null }, 200);
    })
    .openapi(getMailboxUsage, async (c) => {
      const { mailboxes, mailboxUsages } = c.var.services;
      const text = c.req.valid('param').address;
      const { address, state } = found(mailboxes.get(text), 'mailbox', text);
      if (state === 'retired')
        return c.json({ ...usageJson(address, undefined), problem: 'The mailbox is retired.' }, 200);
      const known = await mailboxUsages.known([address]);
      return c.json({ ...usageJson(address, known.of(address)), problem: known.problem ?? null }, 200);
    });
}

function usageJson(address: string, known: MailboxUsage | undefined): z.infer<typeof usageOut> {
  const { octets = null, messages = null, limit = null } = known ?? {};
  return { address, octets, messages, limit };
}
