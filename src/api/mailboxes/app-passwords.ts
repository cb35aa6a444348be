import { z } from '@hono/zod-openapi';
import { answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { time } from '../fields.ts';
import { newRoutes } from '../new-routes.ts';
import { addressIn, mailboxParam } from './schema.ts';

const appPasswordOut = z
  .strictObject({ id: z.string(), name: z.string(), createdAt: time('When it was made.') })
  .openapi('AppPassword');

const appPasswordIn = z
  .strictObject({
    name: z.string().min(1, 'Give it a name that says what uses it.').max(100),
  })
  .openapi('NewAppPassword', { example: { name: "Anna's telephone" } });

const createdOut = z
  .strictObject({
    appPassword: appPasswordOut,
    password: z
      .string()
      .optional()
      .describe('Shown this once; a repeated request with the same Idempotency-Key lacks it.'),
  })
  .openapi('CreatedAppPassword');

const listAppPasswords = defineRoute({
  method: 'get',
  path: '/api/v1/mailboxes/{address}/app-passwords',
  operationId: 'listAppPasswords',
  tags: ['mail'],
  summary: 'The passwords of single devices, without what they are',
  need: 'read:address',
  errors: ['not-found'],
  request: { params: mailboxParam },
  responses: {
    200: answer('All of them, the oldest first.', z.strictObject({ items: z.array(appPasswordOut) })),
  },
});

const addAppPassword = defineRoute({
  method: 'post',
  path: '/api/v1/mailboxes/{address}/app-passwords',
  operationId: 'addAppPassword',
  tags: ['mail'],
  summary: 'Make a password for one device',
  description:
    'It works beside that of the mailbox, and can be taken from the device without changing the others.',
  need: 'use:mailbox',
  withhold: ['password'],
  errors: ['not-found', 'in-use'],
  request: { params: mailboxParam, body: body(appPasswordIn) },
  responses: { 201: created('The password, which works from now on.', createdOut) },
});

const removeAppPassword = defineRoute({
  method: 'delete',
  path: '/api/v1/mailboxes/{address}/app-passwords/{id}',
  operationId: 'removeAppPassword',
  tags: ['mail'],
  summary: 'Take the password from a device',
  need: 'use:mailbox',
  errors: ['not-found'],
  request: {
    params: z.strictObject({
      address: addressIn('anna@example.com', 'A mailbox of the box.'),
      id: z.string().min(1).max(64),
    }),
  },
  responses: {
    200: answer('It works no more.', z.strictObject({ removed: z.string() }).openapi('AppPasswordRemoved')),
  },
});

export function appPasswordRoutes() {
  return newRoutes()
    .openapi(listAppPasswords, (c) =>
      c.json({ items: c.var.services.appPasswords.list(c.req.valid('param').address) }, 200),
    )
    .openapi(addAppPassword, async (c) => {
      const { address } = c.req.valid('param');
      const made = await c.var.services.appPasswords.add(actorOf(c), address, c.req.valid('json').name);
      const headers = {
        Location: `/api/v1/mailboxes/${encodeURIComponent(address)}/app-passwords/${made.view.id}`,
      };
      return c.json({ appPassword: made.view, password: made.password }, 201, headers);
    })
    .openapi(removeAppPassword, async (c) => {
      const { address, id } = c.req.valid('param');
      await c.var.services.appPasswords.remove(actorOf(c), address, id);
      return c.json({ removed: id }, 200);
    });
}
