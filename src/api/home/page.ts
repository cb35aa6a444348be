import { html, raw } from 'hono/html';
import { type Page, page, pageStyle } from '../page.ts';

/** The page has a style, and nothing that runs. */
export const homePolicy = { styleSrc: [pageStyle] };

/** What a browser finds at the box's own address. `fresh`: nobody has a token yet. Says nothing that a stranger must not know. */
export function renderHome({ fresh }: { fresh: boolean }): Page {
  return page(
    'Signpost',
    html`
      <section>
        <h1>Signpost</h1>
        <p>
          A nameserver that runs mail domains. This is the address of its API; the control panel was not built
          here, and <code>npm start</code> says why.
        </p>
        ${fresh ? raw(first) : ''}
        <h2>For people</h2>
        <p>
          Read <a href="/api/docs">what the API can do</a>. Your browser asks for a user name and a password:
          any name, and a token as password.
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
    `,
  );
}

const first = `<h2>First</h2>
            <p>
              Nobody has a token yet. Open the link that the box printed when it started: it leads to
              <a href="/setup">the page that makes one</a>.
            </p>`;
