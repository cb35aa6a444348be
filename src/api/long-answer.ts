import type { Context, TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { JSONParsed } from 'hono/utils/types';
import { inSlices, type Steps } from '../core/slices.ts';

/** Elements of a list that are written in one step. */
const RUN = 100;

/**
 * `c.json` for an object with lists that may be long: its text and octets are made in slices, as those of 20,000 elements take longer than
 * anybody else may have to wait.
 */
export async function longAnswer<T extends Record<string, unknown>, S extends ContentfulStatusCode>(
  c: Context,
  value: T,
  status: S,
  headers: Record<string, string> = {},
): Promise<Response & TypedResponse<JSONParsed<T>, S, 'json'>> {
  const pieces = await inSlices(jsonOctets(value));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const answer = c.body(streamOf(pieces), status, {
    'Content-Type': 'application/json',
    'Content-Length': `${length}`,
    ...headers,
  });
  // To the compiler it is what `c.json` gives, so that the route keeps its types.
  return answer as unknown as Response & TypedResponse<JSONParsed<T>, S, 'json'>;
}

/** Made into one they would be copied three times on their way, in one turn. */
function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const rest = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull(stream) {
      const next = rest.next();
      if (next.done) stream.close();
      else stream.enqueue(next.value);
    },
  });
}

/** The same octets as those of `JSON.stringify`. */
export function* jsonOctets(value: Readonly<Record<string, unknown>>): Steps<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let before = '{';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    pieces.push(Buffer.from(`${before}${JSON.stringify(key)}:`));
    if (Array.isArray(field)) yield* listOctets(field, pieces);
    else pieces.push(Buffer.from(JSON.stringify(field)));
    before = ',';
  }
  pieces.push(Buffer.from(before === '{' ? '{}' : '}'));
  return pieces;
}

function* listOctets(list: readonly unknown[], pieces: Uint8Array[]): Steps<void> {
  for (let at = 0; at < list.length; at += RUN) {
    const run = JSON.stringify(list.slice(at, at + RUN));
    pieces.push(Buffer.from(`${at === 0 ? '[' : ','}${run.slice(1, -1)}`));
    yield;
  }
  pieces.push(Buffer.from(list.length === 0 ? '[]' : ']'));
}
