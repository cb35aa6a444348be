import { html } from 'hono/html';
import type { Document } from './document.ts';
import { alternatives, exampleOf, type Field, fieldsOf, type SchemaOrRef, typeText } from './schema.ts';

export type Html = ReturnType<typeof html>;
type PathItem = NonNullable<Document['paths']>[string];
export type Operation = NonNullable<PathItem['get']>;

/** An answer that an operation declares; the library's own type leaves it open. */
export interface Answer {
  description: string;
  content?: Record<string, { schema?: SchemaOrRef }>;
}

export function answersOf(operation: Operation): [status: string, answer: Answer][] {
  return Object.entries(operation.responses ?? {}) as [string, Answer][];
}

/** An operation with where it is. */
export interface Route {
  method: string;
  path: string;
  operation: Operation;
}

export function routesOf(document: Document): Route[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method, path, operation }] : [];
    }),
  );
}

export function renderOperation(document: Document, { method, path, operation }: Route): Html {
  return html`<article id="${operation.operationId}">
    <h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
    <p class="call">
      <code><span class="method ${method}">${method.toUpperCase()}</span>${path}</code>
    </p>
    ${operation.description === undefined ? '' : html`<p>${marked(operation.description)}</p>`}
    <p class="soft">${needText[String(operation['x-need'])] ?? ''}</p>
    ${renderParameters(document, operation)} ${renderBody(document, method, path, operation)}
    ${renderAnswers(document, operation)}
  </article>`;
}

/** Text with \`code\` in it. */
export function marked(text: string): (Html | string)[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

const needText: Record<string, string> = {
  open: 'Needs no token.',
  any: 'Needs any token.',
  admin: 'Needs the scope admin.',
  'domains:write': 'Needs the scope domains:write or admin.',
  'certificates:export-key':
    'Needs the scope certificates:export-key itself, and the unix socket of the box.',
  read: 'Needs a token that may read everything.',
  'read:zone': 'Needs a token that may read the zone or name.',
  'read:domain': 'Needs a token that may read the domain or its zone.',
  'read:owner': 'Needs a token that may read the zone, or the name that is asked for.',
  'read:record': 'Needs a token that may read the name of the record.',
  'write:zone': 'Needs the scope dns:write for the whole zone, or admin.',
  'write:records': 'Needs the scope dns:write for every name that is written, or admin.',
  import: 'Needs the scope dns:write for the whole zone, or admin; for a new domain domains:write too.',
};

function renderParameters(document: Document, operation: Operation): Html | string {
  const fields = (operation.parameters ?? []).flatMap((parameter): Field[] => {
    if (!('name' in parameter)) return [];
    const schema: SchemaOrRef = parameter.schema ?? {};
    const description = parameter.description ?? ('description' in schema ? (schema.description ?? '') : '');
    const type = `${typeText(document, schema)}, ${parameter.in}`;
    return [{ path: parameter.name, type, required: parameter.required ?? false, description }];
  });
  return fields.length === 0
    ? ''
    : html`<h4>Parameters</h4>
        ${renderFields(fields)}`;
}

function renderFields(fields: Field[]): Html {
  return html`<dl class="fields">
    ${fields.map(
      ({ path, type, required, description }) =>
        html`<div>
          <dt><code>${path}</code><span class="type">${type}${required ? '' : ', optional'}</span></dt>
          <dd>${marked(description)}</dd>
        </div>`,
    )}
  </dl>`;
}

function renderBody(document: Document, method: string, path: string, operation: Operation): Html | string {
  const body = operation.requestBody;
  const schema = body && 'content' in body ? body.content['application/json']?.schema : undefined;
  if (!schema) return '';
  const forms = alternatives(document, schema).map((form) => fieldsOf(document, form));
  return html`<h4>Body</h4>
    ${forms.map((fields, index) => html`${index > 0 ? html`<p class="soft">or</p>` : ''}${renderFields(fields)}`)}
    <pre tabindex="0"><code>${curl(method, path, exampleOf(document, schema))}</code></pre>`;
}

function curl(method: string, path: string, example: unknown): string {
  const url = `http://127.0.0.1:8080${path.replaceAll(/{(?:zone|domain)}/g, 'example.com')}`;
  return [
    `curl -X ${method.toUpperCase()} ${url} \\`,
    `  -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(example)}'`,
  ].join('\n');
}

function renderAnswers(document: Document, operation: Operation): Html {
  const all = answersOf(operation);
  const successes = all.filter(([, response]) => !response.content?.['application/problem+json']);
  const problems = all.filter(([, response]) => response.content?.['application/problem+json']);
  return html`${successes.map(([status, response]) => renderSuccess(document, status, response))}
    <details>
      <summary>Errors</summary>
      <ul>
        ${problems.map(([status, { description }]) => html`<li><strong>${status}</strong> ${marked(description)}</li>`)}
      </ul>
    </details>`;
}

function renderSuccess(document: Document, status: string, response: Answer): Html {
  const schema = response.content?.['application/json']?.schema;
  const types = Object.keys(response.content ?? {}).join(', ');
  const head = html`<h4>${status} <span class="type">${types}</span></h4>
    <p>${marked(response.description)}</p>`;
  if (!schema) return head;
  const example = JSON.stringify(exampleOf(document, schema), undefined, 2);
  return html`${head}${renderFields(fieldsOf(document, schema))}
    <details>
      <summary>Example</summary>
      <pre tabindex="0"><code>${example}</code></pre>
    </details>`;
}
