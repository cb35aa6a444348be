import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routesOf } from '../../src/api/docs/operation.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';

const golden = join(import.meta.dirname, 'openapi.golden.json');
let box: ApiUnderTest;
beforeAll(async () => {
  box = await apiUnderTest();
});
afterAll(() => box.services.close());

test('the document is the golden one; UPDATE_GOLDEN=1 records a new one', async () => {
  const served = await box.ask('GET', '/api/openapi.json');
  if (process.env['UPDATE_GOLDEN'])
    writeFileSync(golden, await format(served.text, { parser: 'json', printWidth: 110 }));
  expect(served.json).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
});

test('every route of the application is in the document, and every operation has a route', () => {
  const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
  const served = box.api.routes.filter(({ method }) => methods.has(method));
  const paths = new Set(served.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`));
  const described = routesOf(box.document).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(new Set(described)).toEqual(paths);
});

describe('each operation', () => {
  test('has an id of its own, a summary, a tag that is explained, and what it needs', () => {
    const routes = routesOf(box.document);
    const tags = new Set(box.document.tags!.map(({ name }) => name));
    expect(new Set(routes.map(({ operation }) => operation.operationId)).size).toBe(routes.length);
    for (const { path, operation } of routes) {
      expect(operation.summary, path).toMatch(/^[A-Z].*[^.]$/);
      expect(tags, path).toContain(operation.tags![0]);
      expect(operation['x-need'], path).toBeTypeOf('string');
    }
  });

  test('declares 401, 403 and 429 unless it is open, 413 and 415 when it takes a body, 404 when it names a zone', () => {
    for (const { path, operation } of routesOf(box.document)) {
      const declared = Object.keys(operation.responses!);
      if (operation['x-need'] !== 'open')
        expect(declared, path).toEqual(expect.arrayContaining(['401', '403', '429']));
      if (operation.requestBody)
        expect(declared, path).toEqual(expect.arrayContaining(['400', '413', '415']));
      if (/{(zone|domain)}/.test(path)) expect(declared, path).toContain('404');
    }
  });

  test('has an example where it takes a body', () => {
    for (const { path, operation } of routesOf(box.document)) {
      const body = operation.requestBody;
      if (!body || !('content' in body)) continue;
      const schema = body.content['application/json']!.schema!;
      const name = '$ref' in schema ? schema.$ref!.split('/').pop()! : undefined;
      const resolved = name === undefined ? schema : box.document.components!.schemas![name]!;
      expect(resolved, path).toHaveProperty('example');
    }
  });
});

describe('the page for people', () => {
  test('has every operation and every error code, and links that lead somewhere', async () => {
    const docs = (await box.ask('GET', '/api/docs')).text;
    const errors = (await box.ask('GET', '/api/docs/errors')).text;
    for (const { operation } of routesOf(box.document))
      expect(docs).toContain(`id="${operation.operationId}"`);
    for (const page of [docs, errors])
      for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${anchor}"`);
  });

  test('runs no script, and its style is the one that its policy names', async () => {
    const { text, headers } = await box.ask('GET', '/api/docs');
    expect(text).not.toMatch(/<script|\son\w+=|style="|https?:\/\/(?!127\.0\.0\.1)/);
    const style = /<style>([^]*)<\/style>/.exec(text)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
  });
});
