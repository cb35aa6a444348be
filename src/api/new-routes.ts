import { OpenAPIHono } from '@hono/zod-openapi';
import type { Api, ApiEnv } from './env.ts';
import { refuseInvalid } from './validation.ts';

/** The beginning of a resource's routes: each `.openapi(route, handler)` after it adds the route's types to those of the whole. */
export function newRoutes(): Api {
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });
}
