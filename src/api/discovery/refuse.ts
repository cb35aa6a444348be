import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { escapeXml } from '../../mail/discovery/xml.ts';
import { document } from './document.ts';

/** Sentences for a person who looked in the wrong place; they hold nothing of what was asked. */
export const sentences = {
  unknownHost:
    'No mail domain of this name is served here. If it is yours, add it to the box, or correct the addresses that its name leads to.',
  nothing: 'There is nothing here. This name has only what mail programs look up to set themselves up.',
  elsewhere: 'No mailbox of this domain is here. Check the address.',
  illegible: 'The address is not UTF-8. Check it.',
  nobody: 'Say whose settings are wanted: put ?email= and your mail address at the end.',
};

/** Why there is no document: as a page for browsers, as a problem (RFC 9457) for programs that ask for JSON, else as a line of text. */
export function refuse(
  c: Context,
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const wanted = accepts(c, {
    header: 'Accept',
    supports: ['text/html', 'application/problem+json', 'application/json'],
    default: 'text/plain',
  });
  const [type, text] = render(wanted, status, detail);
  const answer = document(text, type, 'no-store', status);
  if (wanted === 'text/html') answer.headers.set('Content-Security-Policy', pagePolicy);
  for (const [name, value] of Object.entries({ Vary: 'Accept', ...headers })) answer.headers.set(name, value);
  return answer;
}

function render(wanted: string, status: number, detail: string): [type: string, text: string] {
  const title = STATUS_CODES[status] ?? String(status);
  if (wanted === 'text/html') return ['text/html; charset=utf-8', page(title, detail)];
  // RFC 9457 §4.2.1: about:blank says no more than the status.
  if (wanted !== 'text/plain')
    return ['application/problem+json', JSON.stringify({ type: 'about:blank', title, status, detail })];
  return ['text/plain; charset=utf-8', `${detail}\n`];
}

const style =
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.25rem}h1{font-size:1.375rem}';
/** Nothing is loaded or run; the page's own style it names by its hash. */
const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`;

function page(title: string, detail: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${style}</style>`,
    `<h1>${escapeXml(title)}</h1>`,
    `<p>${escapeXml(detail)}</p>`,
    '</html>\n',
  ].join('\n');
}
