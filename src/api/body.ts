import { AppError } from '../core/errors.ts';
import type { ApiMiddleware } from './env.ts';
import { decodeUtf8 } from './utf8.ts';

const MEBIBYTE = 1 << 20;

/** Octets of a request's body by default. */
export const DEFAULT_LIMIT = MEBIBYTE;
/** Octets of a zone file's import. */
export const IMPORT_LIMIT = 32 * MEBIBYTE;

/**
 * Reads the body and refuses one that is longer than `maxSize`, whether its length was announced or not. What was read is kept where `c.req.text()` and
 * its like find it.
 */
export function limitBody(maxSize: number): ApiMiddleware {
  return async (c, next) => {
    if (Number(c.req.header('content-length') ?? 0) > maxSize) throw tooLarge(maxSize);
    const octets = c.req.raw.body ? await readLimited(c.req.raw.body, maxSize) : new ArrayBuffer(0);
    // Hono awaits what it finds here, though its type has the plain value.
    c.req.bodyCache.arrayBuffer = Promise.resolve(octets) as unknown as ArrayBuffer;
    return next();
  };
}

async function readLimited(stream: ReadableStream<Uint8Array>, maxSize: number): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not `for await`: leaving it would break the connection before the client has read why.
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) break;
    size += value.length;
    if (size > maxSize) throw tooLarge(maxSize);
    chunks.push(value);
  }
  const octets = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    octets.set(chunk, at);
    at += chunk.length;
  }
  return octets.buffer;
}

function brokenOff(cause: unknown): never {
  throw new AppError('invalid-request', 'The body ended before it was complete.', { cause });
}

function tooLarge(maxSize: number): AppError {
  return new AppError('too-large', `The body may have ${sizeText(maxSize)} at most. Split the request.`);
}

function sizeText(octets: number): string {
  return octets < MEBIBYTE ? `${octets} octets` : `${octets / MEBIBYTE} MiB`;
}

/** Refuses what is not JSON: by its media type, then by its text. */
export const requireJson: ApiMiddleware = async (c, next) => {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new AppError(
      'unsupported-media-type',
      'Send the body as JSON, with `Content-Type: application/json`.',
    );
  const text = decodeUtf8(await c.req.arrayBuffer());
  if (text === undefined) throw new AppError('invalid-request', 'The body is not UTF-8. Send JSON in UTF-8.');
  c.req.bodyCache.text = Promise.resolve(text) as unknown as string;
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid-request', `The body is not JSON: ${(error as SyntaxError).message}.`);
  }
  return next();
};
