import { type ClientResponse, hc } from 'hono/client';
import type { SuccessStatusCode } from 'hono/utils/http-status';
import type { ApiRoutes } from '../../../src/api/client-types.ts';
import { ApiProblem, problemBody, Unreachable } from './problem.ts';

/** Every call of the API, with what it takes and answers. The session's cookie goes along by itself. */
export const { v1: api } = hc<ApiRoutes>(window.location.origin, { fetch: send }).api;

/** A name as a part of a path: the client puts it there as it is, and names may have a `/` or `?` in them. */
export const inPath = (name: string): string => encodeURIComponent(name);

/** What a call answers when it succeeds. */
export type Answer<R> =
  R extends ClientResponse<infer Body, infer Status, infer _>
    ? // To the types a problem comes with every status that the route does not name, so with some of these as well.
      [Status] extends [SuccessStatusCode]
      ? Body
      : never
    : never;

/**
 * The answer of a call that succeeded.
 * @throws ApiProblem with what the box says of one that did not, Unreachable when nobody answers
 */
export async function answerOf<R extends ClientResponse<unknown, number>>(
  call: Promise<R>,
): Promise<Answer<R>> {
  const response = await call;
  if (response.ok) return (await response.json()) as Answer<R>;
  throw new ApiProblem(await problemOf(response));
}

async function problemOf(response: Pick<Response, 'status' | 'statusText'> & { json(): Promise<unknown> }) {
  return problemBody(await response.json().catch(() => undefined), response);
}

async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(input, { ...init, credentials: 'same-origin' });
  } catch (error) {
    throw init?.signal?.aborted ? error : new Unreachable();
  }
}
