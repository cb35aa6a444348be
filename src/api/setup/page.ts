import { html, raw } from 'hono/html';
import { hashOf, type Page, page, pageStyle } from '../page.ts';
import { script } from './script.ts';

/** What the page needs of the browser's policy: its own style, its own script, and to ask this server. */
export const setupPolicy = {
  styleSrc: [pageStyle],
  scriptSrc: [hashOf(script)],
  connectSrc: ["'self'"],
};

/** Apart from the page's template, so that no formatting touches what the hashes are made of. */
const scriptElement = raw(`<script>${script}</script>`);

/** The page that the link of the first start leads to; `used`: there is a token already. */
export function renderSetup({ used }: { used: boolean }): Page {
  return used ? renderUsed() : renderFirst();
}

function renderUsed(): Page {
  return page(
    'First start · Signpost',
    html`
      <section>
        <h1>This box has a token already</h1>
        <p>The link of the first start made it, or the box was given it; the link does nothing any more.</p>
        <p class="soft">
          If you have none, or it is lost, make another one on the box itself, where none is needed:
        </p>
        <pre>signpost token create my-name --scope admin</pre>
        <p>
          With a token, go on with the <a href="/api/docs">documentation</a>. It asks for a user name and a
          password: any name, and the token as password.
        </p>
      </section>
    `,
  );
}

function renderFirst(): Page {
  return page(
    'First start · Signpost',
    html`
      <section id="start">
        <h1>Make the admin token</h1>
        <p>
          Signpost runs, and nobody has a token for it yet. The one made here may do everything on this box.
        </p>
        <p class="soft">The link works once, within an hour after the box started.</p>
        <button id="make" type="button">Make the token</button>
      </section>
      <section id="done" hidden>
        <h1>Your admin token</h1>
        <label for="token">Keep it in your password manager: it is shown this once.</label>
        <div class="row">
          <textarea id="token" readonly spellcheck="false" autocomplete="off"></textarea>
          <button id="copy" type="button">Copy</button>
        </div>
        <p id="copied" class="soft" role="status"></p>
        <h2>Try it</h2>
        <p class="soft">
          In a shell on a machine that reaches this address. Paste the token at the first line, which shows
          nothing:
        </p>
        <pre id="next"></pre>
        <p>
          All calls are in the <a href="/api/docs">documentation</a>. It asks for a user name and a password:
          any name, and the token as password.
        </p>
      </section>
      <p id="problem" class="bad" role="alert" hidden></p>
      <noscript>
        <p class="bad">
          This page needs JavaScript. The box printed a curl command below the link that does the same.
        </p>
      </noscript>
      ${scriptElement}
    `,
  );
}
