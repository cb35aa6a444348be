import { html, raw } from 'hono/html';
import { setupPolicy, styleElement } from '../setup/page.ts';

/** The page has a style, and nothing that runs. */
export const homePolicy = { styleSrc: setupPolicy.styleSrc };

/** What a browser finds at the box's own address. `fresh`: nobody has a token yet. Says nothing that a stranger must not know. */
export function renderHome({ fresh }: { fresh: boolean }): ReturnType<typeof html> {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>Signpost</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <section>
            <h1>Signpost</h1>
            <p>
              A nameserver that runs mail domains. This is the address of its API; there is no control panel
              yet.
            </p>
            ${fresh ? raw(first) : ''}
            <h2>For people</h2>
            <p>
              Read <a href="/api/docs">what the API can do</a>. Your browser asks for a user name and a
              password: any name, and a token as password.
            </p>
            <p>On the box itself the <code>signpost</code> command needs no token:</p>
            <pre>
signpost status
signpost domain add example.com
signpost --help</pre>
            <h2>For programs</h2>
            <p>
              <a href="/api/openapi.json">OpenAPI</a>, with a token, and
              <a href="/health">whether the box is ready</a>, without.
            </p>
          </section>
        </main>
      </body>
    </html>`;
}

const first = `<h2>First</h2>
            <p>
              Nobody has a token yet. Open the link that the box printed when it started: it leads to
              <a href="/setup">the page that makes one</a>.
            </p>`;
