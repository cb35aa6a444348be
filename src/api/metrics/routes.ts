import { z } from '@hono/zod-openapi';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';

const getMetrics = defineRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  tags: ['metrics'],
  summary: 'The box in numbers, for Prometheus',
  need: 'read',
  beforeSetup: true,
  responses: {
    200: {
      description: 'The text format of Prometheus, version 0.0.4.',
      content: { 'text/plain': { schema: z.string() } },
    },
  },
});

export function metricRoutes() {
  return newRoutes().openapi(getMetrics, async (c) => {
    const { metrics } = c.var.services;
    return c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType });
  });
}
