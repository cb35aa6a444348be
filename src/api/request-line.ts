import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../core/errors.ts';
import { toProblem } from './problem.ts';

/**
 * Refuses what is ambiguous before anybody reads it. Node takes the first of two Host headers and a proxy in front may take the second
 * (RFC 9112 §3.2: 400); octets outside of ASCII have no meaning in a request target (RFC 3986 §2).
 * Returns whether it answered.
 */
export function refuseAmbiguous(
  { rawHeaders, url = '' }: IncomingMessage,
  response: ServerResponse,
): boolean {
  const detail = ambiguity(rawHeaders, url);
  if (detail === undefined) return false;
  const body = JSON.stringify(toProblem(new AppError('invalid-request', detail)));
  response.writeHead(400, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(body);
  return true;
}

function ambiguity(rawHeaders: readonly string[], url: string): string | undefined {
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  if (names.filter((name) => name.toLowerCase() === 'host').length > 1)
    return 'The request has two Host headers. Send one.';
  if (/[^\x21-\x7e]/.test(url))
    return 'The path or query holds octets outside of ASCII. Write each as % and two hex digits.';
  return undefined;
}
