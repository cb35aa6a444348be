import { bodyLimit } from 'hono/body-limit';
import { AppError } from '../core/errors.ts';
import type { ApiMiddleware } from './env.ts';

const MEBIBYTE = 1 << 20;

/** Octets of a request's body by default. */
export const DEFAULT_LIMIT = MEBIBYTE;
/** Octets of a zone file's import. */
export const IMPORT_LIMIT = 32 * MEBIBYTE;

/** Refuses a body that is longer than `maxSize`, whether its length was announced or not. */
export function limitBody(maxSize: number): ApiMiddleware {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new AppError(
        'too-large',
        `The body may have ${maxSize / MEBIBYTE} MiB at most. Split the request.`,
      );
    },
  });
}

/** Refuses what is not JSON: by its media type, then by its text. */
export const requireJson: ApiMiddleware = async (c, next) => {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new AppError(
      'unsupported-media-type',
      'Send the body as JSON, with `Content-Type: application/json`.',
    );
  const text = await c.req.text();
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid-request', `The body is not JSON: ${(error as SyntaxError).message}.`);
  }
  return next();
};
