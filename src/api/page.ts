import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { style } from './page-style.ts';

/** A page for people, as Hono sends it. */
export type Page = ReturnType<typeof html>;

/** What a browser's policy (CSP) calls a style or a script that stands in the page. */
export const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The style of all pages, for their policy. */
export const pageStyle = hashOf(style);

/** Apart from the page's template, so that no formatting touches what the hash is made of. */
const styleElement = raw(`<style>${style}</style>`);

/** A page of the box around its content, which is the main part. */
export function page(title: string, content: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`;
}
