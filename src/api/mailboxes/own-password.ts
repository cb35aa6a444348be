import { z } from '@hono/zod-openapi';
import { AppError } from '../../core/errors.ts';
import { createProxyList } from '../client-address.ts';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';
import { addressIn } from './schema.ts';

const password = (description: string) =>
  z.string().min(1, 'Give a password.').max(1024).openapi({ format: 'password', description });

const ownPasswordIn = z
  .strictObject({
    address: addressIn('anna@example.com', 'The mailbox.'),
    password: password('The one that works now; that of a device (an app password) is none.'),
    newPassword: password('The one that is to work from now on.'),
  })
  .openapi('OwnPassword', {
    example: {
      address: 'anna@example.com',
      password: 'the one that works now',
      newPassword: 'four words that have nothing in common',
    },
  });

const changeOwnPassword = defineRoute({
  method: 'post',
  path: '/api/v1/password',
  operationId: 'changeOwnPassword',
  tags: ['mail'],
  summary: 'Change the password of a mailbox, by who knows it',
  description:
    'Needs no credential: the password is one. Tries are counted together with those of signing in. Webmail uses it.',
  need: 'open',
  // Strangers send this one.
  bodyLimits: { octets: 8192, values: 10 },
  errors: ['wrong-password', 'weak-password', 'rate-limited'],
  request: { body: body(ownPasswordIn) },
  responses: {
    200: answer(
      'The new password works, everywhere.',
      z.strictObject({ changed: z.string() }).openapi('OwnPasswordChanged'),
    ),
  },
});

const isLoopback = createProxyList(['127.0.0.0/8', '::1']);

export function ownPasswordRoutes() {
  return newRoutes().openapi(changeOwnPassword, async (c) => {
    const { client, services } = c.var;
    const wanted = c.req.valid('json');
    const address = wanted.address.trim().toLowerCase();
    const known = services.mailboxes.get(address)?.address;
    // A program of this machine asks for many: those tries are counted by mailbox alone.
    const from = client === undefined || isLoopback(client) ? undefined : client;
    const attempt = services.people.guard.begin({ address: from }, known ?? address, known);
    try {
      await services.ownPassword.change(client, wanted);
    } catch (error) {
      if (error instanceof AppError && error.code === 'wrong-password') attempt.failed();
      throw error;
    }
    attempt.passwordRight();
    return c.json({ changed: address }, 200);
  });
}
