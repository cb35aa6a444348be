import { z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { AppError, type ErrorCode, errorCodes } from '../core/errors.ts';
import type { ApiContext } from './env.ts';

/** Errors that anybody reads in one answer: what is wrong with the rest is seldom anything else. */
export const MAX_ERRORS = 100;

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

/** Every answer that is not a success (RFC 9457). */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('Address of the page that explains the code.'),
    title: z.string().describe('The code in words.'),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().describe('What is wrong here, and what to do.'),
    code: z.enum(codes).describe('Stable; the field for programs to look at.'),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .describe('What is wrong with which field of the request: the first hundred; may be empty.'),
  })
  .openapi('Problem', {
    example: {
      type: '/api/docs/errors#not-found',
      title: 'There is nothing of this name',
      status: 404,
      detail: 'There is no domain example.com on this box.',
      code: 'not-found',
      errors: [],
    },
  });

export type Problem = z.infer<typeof problemSchema>;

/** The answer that an error becomes. */
export function toProblem(error: AppError): Problem {
  const { status, title } = errorCodes[error.code];
  const errors = error.errors.slice(0, MAX_ERRORS).map(({ path, message }) => ({ path, message }));
  const type = `/api/docs/errors#${error.code}`;
  return { type, title, status, detail: error.message, code: error.code, errors };
}

export function problem(error: AppError, headers: Record<string, string> = {}): Response {
  const body = toProblem(error);
  const retry: Record<string, string> =
    error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) };
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'Content-Type': 'application/problem+json', ...retry, ...headers },
  });
}

/** RFC 9110 §11.6.1: a 401 says which scheme would do. */
export const CHALLENGE = 'Bearer realm="signpost"';

/** RFC 6750 §3: what a token lacks is said, too. Sessions of people are none. */
function challengeOf({ code }: AppError, c: ApiContext): Record<string, string> {
  if (errorCodes[code].status === 401) return { 'WWW-Authenticate': CHALLENGE };
  if (code !== 'forbidden' || c.var.credential?.actor.kind !== 'token') return {};
  return { 'WWW-Authenticate': `${CHALLENGE}, error="insufficient_scope"` };
}

/** The last resort for whatever was thrown: nothing of an unexpected error goes out but the id to find it in the log. */
export function onError(error: Error, c: ApiContext): Response {
  if (error instanceof AppError) {
    if (error.cause !== undefined)
      c.var.options.log.info({ err: error.cause, requestId: c.var.requestId }, error.message);
    return problem(error, challengeOf(error, c));
  }
  if (error instanceof HTTPException && error.status < 500)
    return problem(new AppError('invalid-request', `The request cannot be read: ${error.message}.`));
  c.var.options.log.error({ err: error, requestId: c.var.requestId }, 'a request failed unexpectedly');
  const detail = `The log of the box has the cause under request ${c.var.requestId}.`;
  return problem(new AppError('internal', detail));
}
