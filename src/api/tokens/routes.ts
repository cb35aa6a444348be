import { z } from '@hono/zod-openapi';
import { answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { pageJson, pageOf, pageQuery, pageRequest } from '../fields.ts';
import { newRoutes } from '../new-routes.ts';
import {
  createdTokenJson,
  createdTokenOut,
  revokedOut,
  tokenIn,
  tokenJson,
  tokenOut,
  tokenParam,
  tokenRequest,
} from './schema.ts';

const listTokens = defineRoute({
  method: 'get',
  path: '/api/v1/tokens',
  operationId: 'listTokens',
  tags: ['tokens'],
  summary: 'The tokens, without their secrets',
  need: 'admin',
  beforeSetup: true,
  request: { query: z.strictObject(pageQuery) },
  responses: { 200: answer('A page of tokens.', pageOf(tokenOut)) },
});

const createToken = defineRoute({
  method: 'post',
  path: '/api/v1/tokens',
  operationId: 'createToken',
  confirmed: true,
  tags: ['tokens'],
  summary: 'Make a token',
  need: 'admin',
  beforeSetup: true,
  withhold: ['secret'],
  errors: ['invalid-name'],
  request: { body: body(tokenIn) },
  responses: { 201: created('The token and its secret.', createdTokenOut) },
});

const revokeToken = defineRoute({
  method: 'delete',
  path: '/api/v1/tokens/{id}',
  operationId: 'revokeToken',
  confirmed: true,
  tags: ['tokens'],
  summary: 'Make a token worthless, at once',
  need: 'admin',
  beforeSetup: true,
  errors: ['not-found', 'in-use'],
  request: { params: tokenParam },
  responses: { 200: answer('The token is revoked.', revokedOut) },
});

export function tokenRoutes() {
  return newRoutes()
    .openapi(listTokens, (c) =>
      c.json(pageJson(c.var.services.tokens.list(pageRequest(c.req.valid('query'))), tokenJson), 200),
    )
    .openapi(createToken, async (c) => {
      const made = await c.var.services.tokens.create(actorOf(c), tokenRequest(c.req.valid('json')));
      return c.json(createdTokenJson(made), 201, {
        Location: `/api/v1/tokens/${encodeURIComponent(made.token.id)}`,
      });
    })
    .openapi(revokeToken, async (c) => {
      const { id } = c.req.valid('param');
      await c.var.services.tokens.revoke(actorOf(c), id);
      return c.json({ revoked: id }, 200);
    });
}
