import type { ApiMiddleware } from './env.ts';

/** One line for each request: never its query, headers or body, which may hold what is nobody's business. */
export const logRequests: ApiMiddleware = async (c, next) => {
  const { clock, log } = c.var.options;
  const started = clock.monotonic();
  await next();
  c.res.headers.set('X-Request-Id', c.var.requestId);
  log.info(
    {
      requestId: c.var.requestId,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Math.round((clock.monotonic() - started) * 10) / 10,
      client: c.var.client ?? 'local',
      actor: c.var.credential?.actor.id,
    },
    'request',
  );
};
