import { createRoute, type RouteConfig, z } from '@hono/zod-openapi';
import { type ErrorCode, errorCodes } from '../core/errors.ts';
import { type Need, requireConfirmed, requireNeed } from './access.ts';
import { type BodyLimits, DEFAULT_LIMITS, limitBody, requireJson } from './body.ts';
import { requireHostname } from './configured.ts';
import type { ApiMiddleware } from './env.ts';
import { idempotent } from './idempotency.ts';
import { problemSchema } from './problem.ts';

/** A route as its resource declares it: what OpenAPI wants, and what must hold before the handler runs. */
export interface RouteSpec extends Omit<RouteConfig, 'middleware' | 'path'> {
  path: string;
  operationId: string;
  summary: string;
  tags: string[];
  need: Need;
  /** A dangerous act: a person must have given the password not long ago. */
  confirmed?: true;
  /** Answers before the box has a hostname. */
  beforeSetup?: true;
  /** Of the body; 256 KiB and 10,000 values by default. */
  bodyLimits?: BodyLimits;
  /** Fields of the answer that an Idempotency-Key must not keep. */
  withhold?: string[];
  /** Codes that the service may answer, besides those which follow from the rest. */
  errors?: ErrorCode[];
}

/** For the types, every status that a route does not name is a problem: which of them can come, the document says. */
interface AndProblems {
  responses: { default: ReturnType<typeof problemResponse> };
  [extension: `x-${string}`]: string;
}

/**
 * Makes an OpenAPI route of the spec: puts the checks before the handler, and declares every error that they and the service answer.
 * Handlers then need to know successes only.
 */
export function defineRoute<const R extends RouteSpec>(spec: R): R & AndProblems {
  const {
    need,
    confirmed,
    beforeSetup: _early,
    bodyLimits: _limits,
    withhold: _withheld,
    errors: _errors,
    ...config
  } = spec;
  const route = createRoute({
    ...config,
    ...(need === 'open' ? { security: [] } : {}),
    'x-need': need,
    ...(confirmed && { 'x-confirmed': 'yes' }),
    request: { ...config.request, ...idempotencyHeader(spec) },
    responses: { ...config.responses, ...problems(errorsOf(spec)) },
    middleware: guards(spec),
  });
  // To the compiler a route is what was written there, so that paths, inputs and answers keep their types.
  return route as unknown as R & AndProblems;
}

const isMutation = ({ method }: RouteSpec): boolean => method !== 'get';

/** The checks before the handler, from the cheapest on. */
function guards(spec: RouteSpec): ApiMiddleware[] {
  return [
    requireNeed(spec.need),
    ...(spec.confirmed ? [requireConfirmed] : []),
    ...(spec.beforeSetup ? [] : [requireHostname]),
    ...(isMutation(spec) ? [readBody(spec)] : []),
    ...(takesKey(spec) ? [idempotent(spec.withhold ?? [])] : []),
  ];
}

function readBody({ request, bodyLimits = DEFAULT_LIMITS }: RouteSpec): ApiMiddleware {
  return request?.body ? requireJson(bodyLimits) : limitBody(bodyLimits);
}

/** Keys are kept by credential, so a route without one takes none. */
const takesKey = (spec: RouteSpec): boolean => isMutation(spec) && spec.need !== 'open';

function errorsOf(spec: RouteSpec): ErrorCode[] {
  const { request = {} } = spec;
  const codes: ErrorCode[] = ['internal', ...(spec.errors ?? [])];
  if (spec.need !== 'open') codes.push('no-credential', 'bad-credential', 'forbidden', 'rate-limited');
  if (spec.need !== 'open') codes.push('session-ended', ...(isMutation(spec) ? ['cross-site' as const] : []));
  if (spec.confirmed) codes.push('confirmation-needed');
  if (request.query || request.params || request.body || takesKey(spec)) codes.push('invalid-request');
  if (/{(zone|domain)}/.test(spec.path)) codes.push('invalid-name', 'not-found');
  if (!spec.beforeSetup) codes.push('not-configured');
  if (isMutation(spec))
    codes.push('too-large', 'storage-full', 'storage-read-only', 'storage-damaged', 'shutting-down');
  if (request.body) codes.push('unsupported-media-type');
  if (takesKey(spec)) codes.push('idempotency-conflict', 'request-running');
  return [...new Set(codes)].sort();
}

function problems(codes: ErrorCode[]): RouteConfig['responses'] {
  const byStatus = Map.groupBy(codes, (code) => errorCodes[code].status);
  const statuses = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(statuses.map(([status, same]) => [status, problemResponse(status, same)]));
}

function problemResponse(status: number, codes: ErrorCode[]) {
  const description = codes.map((code) => `\`${code}\`: ${errorCodes[code].title}.`).join(' ');
  const headers = headersOf(status);
  const content = { 'application/problem+json': { schema: problemSchema } };
  return { description, content, ...(headers && { headers }) };
}

function headersOf(
  status: number,
): Record<string, { description: string; schema: { type: 'string' } }> | undefined {
  const schema = { type: 'string' } as const;
  if (status === 401) return { 'WWW-Authenticate': { description: 'The schemes that would do.', schema } };
  if (status === 429) return { 'Retry-After': { description: 'Seconds to wait.', schema } };
  return undefined;
}

const idempotencySchema = z.object({
  'idempotency-key': z.string().optional().openapi({
    example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
    description:
      'A value of your own, such as a UUID. A request repeated with it within 24 hours changes nothing and gets the first answer again.',
  }),
});

/** Read by the middleware, which has its own sentence for a bad one; here only for the document. */
function idempotencyHeader(spec: RouteSpec): Pick<NonNullable<RouteConfig['request']>, 'headers'> {
  return takesKey(spec) ? { headers: idempotencySchema } : {};
}
