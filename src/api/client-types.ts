import type { allRoutes } from './routes.ts';

/**
 * The API as types, for clients in TypeScript: `hc<ApiRoutes>('http://127.0.0.1:8080')` of `hono/client` knows every path, what each takes
 * and what it answers. Types only: nothing of the server comes along.
 */
export type ApiRoutes = ReturnType<typeof allRoutes>;
