import { z } from '@hono/zod-openapi';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';
import type { Document } from './document.ts';
import type { Html } from './operation.ts';
import { renderDocs, renderErrors } from './page.ts';

const page = { description: 'A page for people.', content: { 'text/html': { schema: z.string() } } };

const getDocument = defineRoute({
  method: 'get',
  path: '/api/openapi.json',
  operationId: 'getDocument',
  tags: ['docs'],
  summary: 'This API as OpenAPI 3.1',
  need: 'any',
  beforeSetup: true,
  responses: {
    200: {
      description: 'The document.',
      content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
    },
  },
});

const getDocs = defineRoute({
  method: 'get',
  path: '/api/docs',
  operationId: 'getDocs',
  tags: ['docs'],
  summary: 'This API as a page for people',
  description: 'A browser asks for a user name and a password: any name, and a token as password.',
  need: 'any',
  beforeSetup: true,
  responses: { 200: page },
});

const getErrors = defineRoute({
  method: 'get',
  path: '/api/docs/errors',
  operationId: 'getErrors',
  tags: ['docs'],
  summary: 'What each error code means',
  need: 'any',
  beforeSetup: true,
  responses: { 200: page },
});

/** `document` describes all routes, these included. */
export function docsRoutes(document: () => Document) {
  let page: Html | undefined;
  return newRoutes()
    .openapi(getDocument, (c) => c.json(document() as unknown as { openapi: string }, 200))
    .openapi(getDocs, (c) => c.html((page ??= renderDocs(document())), 200))
    .openapi(getErrors, (c) => c.html(renderErrors(), 200));
}
