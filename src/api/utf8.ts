import { AppError } from '../core/errors.ts';
import type { ApiMiddleware } from './env.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text that the octets are; undefined when they are no UTF-8. Nothing is ever replaced by U+FFFD. */
export function decodeUtf8(octets: ArrayBuffer): string | undefined {
  try {
    return decoder.decode(octets);
  } catch {
    return undefined;
  }
}

/** Whether path and query are percent-encoded UTF-8 (RFC 3986 §2.5): what reads them later replaces what is not, or leaves it as it is. */
export function isLegible(url: string): boolean {
  const { pathname, search } = new URL(url);
  try {
    decodeURIComponent(pathname);
    decodeURIComponent(search);
    return true;
  } catch {
    return false;
  }
}

/** Refuses a path or query that means no text. */
export const requireLegible: ApiMiddleware = async (c, next) => {
  if (!isLegible(c.req.url))
    throw new AppError(
      'invalid-request',
      'The path or query is not UTF-8. Write each octet of other characters as % and two hex digits, and a percent sign as %25.',
    );
  return next();
};
