import { answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { nameText, pageOf } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import {
  createdTsigKeyOut,
  removedTsigKeyOut,
  tsigKeyIn,
  tsigKeyJson,
  tsigKeyOut,
  tsigKeyParam,
  tsigKeyRequest,
} from './schema.ts';

const tags = ['secondaries'];

const listTsigKeys = defineRoute({
  method: 'get',
  path: '/api/v1/tsig-keys',
  operationId: 'listTsigKeys',
  tags,
  need: 'admin',
  summary: 'The TSIG keys, without their secrets',
  responses: { 200: answer('All of them, on one page.', pageOf(tsigKeyOut)) },
});

const getTsigKey = defineRoute({
  method: 'get',
  path: '/api/v1/tsig-keys/{key}',
  operationId: 'getTsigKey',
  confirmed: true,
  tags,
  need: 'admin',
  summary: 'A TSIG key, without its secret',
  errors: ['not-found', 'invalid-name'],
  request: { params: tsigKeyParam },
  responses: { 200: answer('The key.', tsigKeyOut) },
});

const createTsigKey = defineRoute({
  method: 'post',
  path: '/api/v1/tsig-keys',
  operationId: 'createTsigKey',
  confirmed: true,
  tags,
  need: 'admin',
  summary: 'Make a TSIG key (RFC 8945) that opens zones for transfer, or for updates',
  withhold: ['secret'],
  errors: ['invalid-name', 'already-exists'],
  request: { body: body(tsigKeyIn) },
  responses: { 201: created('The key and its secret.', createdTsigKeyOut) },
});

const removeTsigKey = defineRoute({
  method: 'delete',
  path: '/api/v1/tsig-keys/{key}',
  operationId: 'removeTsigKey',
  confirmed: true,
  tags,
  need: 'admin',
  summary: 'Make a TSIG key worthless, at once',
  errors: ['not-found', 'invalid-name', 'in-use'],
  request: { params: tsigKeyParam },
  responses: { 200: answer('The key is gone.', removedTsigKeyOut) },
});

export function tsigKeyRoutes() {
  return newRoutes()
    .openapi(listTsigKeys, (c) =>
      c.json({ items: c.var.services.tsigKeys.list().map(tsigKeyJson), next: null }, 200),
    )
    .openapi(getTsigKey, (c) => {
      const { key } = c.req.valid('param');
      return c.json(tsigKeyJson(found(c.var.services.tsigKeys.get(key), 'TSIG key', key)), 200);
    })
    .openapi(createTsigKey, async (c) => {
      const request = tsigKeyRequest(c.req.valid('json'));
      const { key, secret } = await c.var.services.tsigKeys.create(actorOf(c), request);
      const json = { key: tsigKeyJson(key), secret: Buffer.from(secret).toString('base64') };
      return c.json(json, 201, {
        Location: `/api/v1/tsig-keys/${encodeURIComponent(nameText(key.name))}`,
      });
    })
    .openapi(removeTsigKey, async (c) => {
      const { key } = c.req.valid('param');
      await c.var.services.tsigKeys.remove(actorOf(c), key);
      return c.json({ removed: nameText(key) }, 200);
    });
}
