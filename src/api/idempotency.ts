import { webcrypto } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../core/errors.ts';
import { actorOf, type ApiContext, type ApiMiddleware } from './env.ts';

const { subtle } = webcrypto;

/** What is kept of an answer, besides its status: as JSON. */
interface StoredAnswer {
  location?: string;
  body: unknown;
}

/**
 * Repeats the answer of the first request with the same Idempotency-Key instead of changing things twice
 * (draft-ietf-httpapi-idempotency-key-header). Only successes are kept: a refused request changed nothing and may be tried again.
 * `withhold` names fields that must not be stored, such as a token's secret; a repeated answer lacks them.
 */
export function idempotent(withhold: readonly string[]): ApiMiddleware {
  return async (c, next) => {
    const header = c.req.header('idempotency-key');
    if (header === undefined) return next();
    const store = c.var.services.idempotency;
    const key = `${actorOf(c).id}:${checkKey(header)}`;
    const begun = store.begin(key, await fingerprint(c));
    if (begun.kind === 'done') return replay(begun.status, JSON.parse(begun.body) as StoredAnswer);
    if (begun.kind === 'running') throw running();
    if (begun.kind === 'conflict') throw conflict();
    let kept = false;
    try {
      await next();
      if (c.res.status < 400) {
        kept = true;
        await store.finish(key, c.res.status, await storedAnswer(c.res, withhold));
      }
    } finally {
      if (!kept) store.abandon(key);
    }
  };
}

/** The draft has a quoted string; most clients send it bare. Both name the same key. */
function checkKey(header: string): string {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new AppError(
    'invalid-request',
    'An Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID.',
  );
}

/** The digest is made outside of this thread: a body may have megabytes. */
async function fingerprint(c: ApiContext): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const digest = await subtle.digest('SHA-256', await c.req.arrayBuffer());
  return `${c.req.method} ${pathname}${search} ${Buffer.from(digest).toString('hex')}`;
}

/** A {@link StoredAnswer} as JSON. What is kept whole is not read again for it. */
async function storedAnswer(response: Response, withhold: readonly string[]): Promise<string> {
  // It was just made: everybody else has a turn before it is read again.
  await setImmediate();
  const text = await response.clone().text();
  const location = response.headers.get('location');
  const body = withhold.length === 0 ? text : JSON.stringify(without(JSON.parse(text) as object, withhold));
  return `{${location === null ? '' : `"location":${JSON.stringify(location)},`}"body":${body}}`;
}

function without(body: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(body).filter(([field]) => !fields.includes(field)));
}

function replay(status: number, { location, body }: StoredAnswer): Response {
  const headers = new Headers({ 'Content-Type': 'application/json', 'Idempotency-Replayed': 'true' });
  if (location !== undefined) headers.set('Location', location);
  return new Response(JSON.stringify(body), { status, headers });
}

const running = (): AppError =>
  new AppError(
    'request-running',
    'The first request with this Idempotency-Key is still running. Try again in a second.',
    { retryAfter: 1 },
  );

const conflict = (): AppError =>
  new AppError(
    'idempotency-conflict',
    'This Idempotency-Key was used for another request in the last 24 hours. Use a new key for a new request.',
  );
