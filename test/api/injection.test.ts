import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Route, routesOf } from '../../src/api/docs/operation.ts';
import { alternatives, fieldsOf, resolve } from '../../src/api/docs/schema.ts';
import { apiUnderTest, type ApiUnderTest, type TestAnswer } from '../kit/api.ts';
import { askAs, ownerCookie } from '../kit/owner.ts';
import { bodies } from '../kit/request-bodies.ts';

/**
 * What an attacker types, in every field of every body, every query and every part of a path that the document names: nothing but answers that the
 * document declares (`ask` looks), no failure inside the box, and nothing that was typed comes back as markup, as a header or as a line of its own.
 */
const LINE = 'injected_line = yes';
const MARKUP = '<img src=x onerror=alert(1)>';
const texts = [
  `' OR '1'='1' --`,
  `"; DROP TABLE zones; --`,
  `">${MARKUP}`,
  `x\r\nX-Injected: yes\r\n\r\n`,
  `x\n${LINE}\n`,
  `x;\n${LINE};\n}`,
  '../../../../../../etc/passwd',
  '/etc/passwd',
  'a\0b',
  '\ud800',
  '\u202e\u2066',
  '$(touch /tmp/injected)`id`|id;id',
  '${7*7}{{7*7}}%{7*7}',
  '%s%n%x',
  '__proto__',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'http://169.254.169.254/',
  'a'.repeat(10_000),
];
/** And what is no text at all. */
const others = [null, -1, 1e308, true, [[[]]], { $ne: null, toString: 1 }];

let box: ApiUnderTest;
let routes: Route[];
let cookie: string;

beforeAll(async () => {
  box = await apiUnderTest();
  routes = routesOf(box.document);
  cookie = await ownerCookie(box);
});
afterAll(() => box.services.close());

const call = (route: Route, path: string, body?: unknown): Promise<TestAnswer> =>
  askAs(box, cookie, route, path, body === undefined ? {} : { body });

const plainPath = ({ path }: Route): string =>
  path
    .replace(/{(zone|domain)}/, 'example.com')
    .replace('{id}', 'none')
    .replace('{address}', 'nobody@example.com');

function harmless(answer: TestAnswer, why: string): void {
  expect(answer.status, why).toBeLessThan(500);
  expect(answer.headers.get('x-injected'), why).toBe(null);
  const type = answer.headers.get('content-type') ?? '';
  // Browsers show JSON as text: nosniff is on every answer.
  if (/[/+]json/.test(type)) return;
  expect(answer.text, why).not.toContain(MARKUP);
  expect(
    answer.text.split(/[\r\n]+/).map((line) => line.trim()),
    why,
  ).not.toContain(LINE);
}

/** A copy of a body with a value at a path such as `ds[].keyTag`; what is missing on the way is made. */
function withValue(body: unknown, path: string, value: unknown): unknown {
  const steps = path.replaceAll('[]', '.0').split('.');
  const copy = structuredClone(body) as Record<string, unknown>;
  let place = copy;
  for (const [index, step] of steps.slice(0, -1).entries()) {
    const inner = place[step];
    if (typeof inner !== 'object' || inner === null) place[step] = steps[index + 1] === '0' ? [] : {};
    place = place[step] as Record<string, unknown>;
  }
  place[steps.at(-1)!] = value;
  return copy;
}

function fieldPaths({ operation }: Route): string[] {
  const body = operation.requestBody;
  if (!body || !('content' in body)) return [];
  const schema = body.content['application/json']?.schema;
  if (!schema) return [];
  const forms = alternatives(box.document, resolve(box.document, schema));
  return [...new Set(forms.flatMap((form) => fieldsOf(box.document, form).map(({ path }) => path)))];
}

describe('typed by an attacker', () => {
  test('into every field of every body', { timeout: 120_000 }, async () => {
    let asked = 0;
    for (const route of routes)
      for (const field of fieldPaths(route)) {
        const example = bodies[route.operation.operationId!];
        for (const value of [...texts, ...others]) {
          const body = withValue(example, field, value);
          const why = `${route.operation.operationId} ${field} ${JSON.stringify(value).slice(0, 60)}`;
          harmless(await call(route, plainPath(route), body), why);
          asked++;
        }
      }
    expect(asked).toBeGreaterThan(3000);
  });

  test('into every query', { timeout: 60_000 }, async () => {
    for (const route of routes)
      for (const one of route.operation.parameters ?? []) {
        if (!('in' in one) || one.in !== 'query') continue;
        for (const text of texts) {
          if (text === '\ud800') continue;
          const path = `${plainPath(route)}?${one.name}=${encodeURIComponent(text)}`;
          harmless(await call(route, path, bodies[route.operation.operationId!]), path.slice(0, 120));
        }
      }
  });

  test('into every part of a path, written as it is and twice', { timeout: 60_000 }, async () => {
    for (const route of routes.filter(({ path }) => path.includes('{')))
      for (const text of texts) {
        if (text === '\ud800') continue;
        for (const part of [encodeURIComponent(text), encodeURIComponent(encodeURIComponent(text))]) {
          const path = route.path.replace(/{(zone|domain|id|address)}/g, part);
          harmless(await call(route, path, bodies[route.operation.operationId!]), path.slice(0, 120));
        }
      }
  });

  test('into keys that JavaScript knows', async () => {
    for (const route of routes.filter(({ operation }) => operation.requestBody !== undefined)) {
      const example = JSON.stringify(bodies[route.operation.operationId!]).slice(1, -1);
      const rest = example === '' ? '' : `,${example}`;
      for (const key of ['__proto__', 'constructor', 'prototype']) {
        const text = `{"${key}":{"polluted":true}${rest}}`;
        const answer = await box.ask(route.method.toUpperCase(), plainPath(route), { text });
        harmless(answer, `${route.operation.operationId} ${key}`);
      }
    }
    expect('polluted' in {}).toBe(false);
  });

  test('and what was accepted is shown by every page as data', { timeout: 60_000 }, async () => {
    for (const route of routes.filter(({ method, path }) => method === 'get' && !path.includes('events')))
      harmless(await call(route, plainPath(route)), route.path);
    expect((await box.ask('GET', '/api/v1/domains/example.com')).status).toBe(200);
    const exported = await box.ask('GET', '/api/v1/zones/example.com/zonefile');
    harmless(exported, 'the zone file');
    expect(exported.status).toBe(200);
  });
});
