import { z } from '@hono/zod-openapi';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';
import { renderHome } from './page.ts';

const getHome = defineRoute({
  method: 'get',
  path: '/',
  operationId: 'getHome',
  tags: ['docs'],
  summary: 'A page that leads a person on',
  need: 'open',
  beforeSetup: true,
  responses: {
    200: { description: 'A page for people.', content: { 'text/html': { schema: z.string() } } },
  },
});

export function homeRoutes() {
  return newRoutes().openapi(getHome, (c) =>
    c.html(renderHome({ fresh: c.var.services.tokens.none() }), 200),
  );
}
