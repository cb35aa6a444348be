import { html, raw } from 'hono/html';
import { errorCodes } from '../../core/errors.ts';
import type { Document } from './document.ts';
import { marked, renderOperation, routesOf, type Html, type Route } from './operation.ts';
import { style } from './style.ts';

interface Section {
  name: string;
  description: string;
  routes: Route[];
}

function sectionsOf(document: Document): Section[] {
  const routes = routesOf(document);
  return (document.tags ?? []).map(({ name, description = '' }) => ({
    name,
    description,
    routes: routes.filter(({ operation }) => operation.tags?.includes(name)),
  }));
}

/** Every operation on one page. */
export function renderDocs(document: Document): Html {
  const sections = sectionsOf(document);
  const body = html`<h1>${document.info.title}</h1>
    <p>${document.info.description}</p>
    ${conventions}
    ${sections.map(
      (section) =>
        html`<section>
          <h2 id="${section.name}">${heading(section.name)}</h2>
          <p>${section.description}</p>
          ${section.routes.map((route) => renderOperation(document, route))}
        </section>`,
    )}`;
  return layout('Signpost API', renderNavigation(sections), body);
}

/** What each code of an error means: where the \`type\` of a problem points to. */
export function renderErrors(): Html {
  const codes = Object.entries(errorCodes).sort(([a], [b]) => (a < b ? -1 : 1));
  const body = html`<h1>Errors</h1>
    <p>
      Every error is
      ${marked('`application/problem+json` (RFC 9457). Programs look at `code`, people read `detail`; `errors` says which field is wrong.')}
    </p>
    ${codes.map(
      ([code, { status, title }]) =>
        html`<article id="${code}">
          <h3><code>${code}</code></h3>
          <p>${title}. <span class="soft">Status ${status}.</span></p>
        </article>`,
    )}`;
  const links = codes.map(([code]) => html`<li><a href="#${code}">${code}</a></li>`);
  return layout(
    'Errors of the Signpost API',
    html`<h2><a href="/api/docs">All operations</a></h2>
      <ul>
        ${links}
      </ul>`,
    body,
  );
}

const conventions = html`<ul>
  <li>${marked('Send a token with every request: `Authorization: Bearer TOKEN`.')}</li>
  <li>
    ${marked('Errors are RFC 9457 problems with a stable `code`:')} <a href="/api/docs/errors">all codes</a>.
  </li>
  <li>${marked('Lists answer `items` and `next`; give `next` back as `cursor` for the page after.')}</li>
  <li>
    ${marked('A change is served when its answer comes. Send an `Idempotency-Key` to repeat it safely.')}
  </li>
  <li>For programs: <a href="/api/openapi.json">OpenAPI 3.1</a>.</li>
</ul>`;

function renderNavigation(sections: Section[]): Html {
  return html`${sections.map(
    ({ name, routes }) =>
      html`<h2><a href="#${name}">${heading(name)}</a></h2>
        <ul>
          ${routes.map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}
        </ul>`,
  )}`;
}

function heading(name: string): string {
  return name === 'docs' ? 'Documentation' : name.charAt(0).toUpperCase() + name.slice(1);
}

/** Apart from the page's template, so that no formatting touches what the hash is made of. */
const styleSheet = raw(`<style>${style}</style>`);

function layout(title: string, navigation: Html, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styleSheet}
      </head>
      <body>
        <div class="layout">
          <nav aria-label="Contents">${navigation}</nav>
          <main>${body}</main>
        </div>
      </body>
    </html>`;
}
