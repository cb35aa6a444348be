import { methodNotAllowed } from 'hono/method-not-allowed';
import { AppError } from '../core/errors.ts';
import { authenticate } from './authenticate.ts';
import { clientAddress, createProxyList, plainAddress } from './client-address.ts';
import { documentOf } from './docs/document.ts';
import type { Api, ApiContext, ApiMiddleware, ApiOptions } from './env.ts';
import { createGuesses } from './guesses.ts';
import { countRequests } from './metrics/count-requests.ts';
import { newRoutes } from './new-routes.ts';
import { servePanel } from './panel/serve.ts';
import { onError, problem } from './problem.ts';
import { logRequests } from './request-log.ts';
import { allRoutes } from './routes.ts';
import { secure, strictTransportSecurity } from './security-headers.ts';
import type { ApiServices } from './services.ts';
import { requireLegible } from './utf8.ts';

/**
 * The HTTP API as a function from requests to answers. Each request says in its bindings who is at the other end:
 * `app.fetch(request, { peer })`.
 */
export function createApi(services: ApiServices, options: ApiOptions): Api {
  const api = newRoutes();
  const guesses = createGuesses(options.clock);
  api.onError(onError);
  api.notFound((c) =>
    problem(new AppError('not-found', `There is no ${c.req.path} here; /api/docs lists what there is.`)),
  );

  // The order matters: whatever answers below is logged and gets its headers, and nobody is told a thing before saying who they are.
  api.use(prepare(services, options));
  api.use(countRequests);
  api.use(logRequests);
  api.use(servePanel(options.panel, strictTransportSecurity));
  api.use(secure);
  api.use(refuseWhenStopping);
  api.use(authenticate(guesses));
  api.use(requireLegible);
  api.use(methodNotAllowed({ app: api, onMethodNotAllowed: (_, methods) => wrongMethod(methods) }));

  api.route('/', allRoutes({ guesses, document: () => documentOf(api) }));
  return api;
}

/** Gives every request its id, its services and the address it came from. */
function prepare(services: ApiServices, options: ApiOptions): ApiMiddleware {
  const isProxy = createProxyList(options.trustedProxies ?? []);
  return async (c, next) => {
    c.set('services', services);
    c.set('options', options);
    c.set('requestId', Buffer.from(options.random.bytes(8)).toString('hex'));
    c.set('secure', cameOverHttps(c, isProxy));
    c.set('client', clientAddress(c.env.peer, c.req.header('x-forwarded-for'), isProxy));
    return next();
  };
}

/** Behind a proxy of ours it says so; otherwise the connection does. */
function cameOverHttps({ req, env }: ApiContext, isProxy: (address: string) => boolean): boolean {
  const forwarded = req.header('x-forwarded-proto');
  if (forwarded !== undefined && env.peer.kind === 'network' && isProxy(plainAddress(env.peer.address)))
    return forwarded.split(',').at(-1)!.trim() === 'https';
  return req.url.startsWith('https:');
}

const refuseWhenStopping: ApiMiddleware = async (c, next) => {
  if (!c.var.options.stopping?.aborted) return next();
  return problem(new AppError('shutting-down', 'The box is stopping. Try again when it is back.'), {
    Connection: 'close',
  });
};

function wrongMethod(methods: string[]): Response {
  const allow = methods.join(', ');
  return problem(new AppError('method-not-allowed', `Use ${allow} here.`), { Allow: allow });
}
