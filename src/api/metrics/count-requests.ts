import { matchedRoutes } from 'hono/route';
import type { ApiContext, ApiMiddleware } from '../env.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts every request by what it asked for; never by anything that strangers can make up. */
export const countRequests: ApiMiddleware = async (c, next) => {
  const { clock } = c.var.options;
  const began = clock.monotonic();
  await next();
  c.var.services.metrics.requestDone({
    method: methods.has(c.req.method) ? c.req.method : 'other',
    route: routeOf(c),
    status: c.res.status,
    seconds: (clock.monotonic() - began) / 1000,
  });
};

/** `/api/v1/domains/{domain}`; `unknown` for a path that is none. */
function routeOf(c: ApiContext): string {
  const path = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path;
  return path?.replaceAll(/:(\w+)/g, '{$1}') ?? 'unknown';
}
