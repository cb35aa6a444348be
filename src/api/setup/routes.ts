import { z } from '@hono/zod-openapi';
import type { Actor } from '../../work/actor.ts';
import { wrongGuess } from '../authenticate.ts';
import { body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import type { Guesses } from '../guesses.ts';
import { newRoutes } from '../new-routes.ts';
import { createdTokenJson, createdTokenOut } from '../tokens/schema.ts';
import { renderSetup } from './page.ts';

const setupIn = z
  .strictObject({ secret: z.string().min(1).max(256) })
  .openapi('Setup', { example: { secret: 'from-the-link-of-the-first-start' } });

const redeem = defineRoute({
  method: 'post',
  path: '/api/v1/setup',
  operationId: 'redeemSetupSecret',
  tags: ['tokens'],
  summary: 'Trade the one-time secret of the first start for an admin token',
  description: 'Needs no credential: the secret is one, for one use within an hour.',
  need: 'open',
  beforeSetup: true,
  // Strangers send this one.
  bodyLimits: { octets: 4096, values: 10 },
  errors: ['bad-credential', 'rate-limited'],
  request: { body: body(setupIn) },
  responses: { 201: created('The token and its secret.', createdTokenOut) },
});

const getSetup = defineRoute({
  method: 'get',
  path: '/setup',
  operationId: 'getSetup',
  tags: ['tokens'],
  summary: 'The page that trades the one-time secret',
  description: 'Where the link of the first start leads. It holds nothing: the secret stands behind the `#`.',
  need: 'open',
  beforeSetup: true,
  responses: {
    200: { description: 'A page for people.', content: { 'text/html': { schema: z.string() } } },
  },
});

const stranger: Omit<Actor, 'address'> = { kind: 'system', id: 'setup', name: 'first start' };

const wrongSecret =
  'The secret is wrong, used, or older than an hour. Make a token on the box with `signpost token create`, or start it again for a new link.';

export function setupRoutes(guesses: Guesses) {
  return newRoutes()
    .openapi(getSetup, (c) => c.html(renderSetup({ used: !c.var.services.tokens.none() }), 200))
    .openapi(redeem, async (c) => {
      const actor = { ...stranger, address: c.var.client };
      const made = await c.var.services.tokens.redeemSetupSecret(actor, c.req.valid('json').secret);
      if (!made) throw wrongGuess(c, guesses, wrongSecret);
      return c.json(createdTokenJson(made), 201, {
        Location: `/api/v1/tokens/${encodeURIComponent(made.token.id)}`,
      });
    });
}
