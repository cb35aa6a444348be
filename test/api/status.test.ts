import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Route, routesOf } from '../../src/api/docs/operation.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';
import { askAs, ownerCookie } from '../kit/owner.ts';
import { bodies } from '../kit/request-bodies.ts';

/**
 * What every route of the document answers to requests that are wrong in a way that has nothing to do with its resource. The routes are taken from
 * the document, so that a new one is in these tables from its first day.
 */
let box: ApiUnderTest;
let routes: Route[];
/** The cookie of an owner: some routes are for people, and for no token. */
let cookie: string;

beforeAll(async () => {
  box = await apiUnderTest();
  routes = routesOf(box.document);
  cookie = await ownerCookie(box);
});
afterAll(() => box.services.close());

const fill = (path: string, name = 'example.com'): string =>
  path
    .replace(/{(zone|domain)}/, name)
    .replace('{id}', 'none')
    .replace('{server}', 'postfix')
    .replace('{address}', 'nobody@example.com');
const method = (route: Route): string => route.method.toUpperCase();
const need = (route: Route): unknown => route.operation['x-need'];
const hasBody = (route: Route): boolean => route.operation.requestBody !== undefined;

/** A request that reaches the handler: with a body of the right type, and the query that the route requires. */
function call(route: Route, name?: string): { path: string; body?: unknown } {
  const required = (route.operation.parameters ?? []).flatMap((one) =>
    'in' in one && one.in === 'query' && one.required ? [one.name] : [],
  );
  const values: Record<string, string> = { owner: `www.${name ?? 'example.com'}`, from: '1', to: '2' };
  const query = required.map((key) => `${key}=${values[key]}`).join('&');
  const path = fill(route.path, name) + (query && `?${query}`);
  const example = route.operation.requestBody;
  return { path, ...(example && { body: bodies[route.operation.operationId!] }) };
}

test('there are routes, and a body for each that takes one', () => {
  expect(routes.length).toBeGreaterThan(30);
  const without = routes.filter(
    (route) => hasBody(route) && bodies[route.operation.operationId!] === undefined,
  );
  expect(without).toEqual([]);
});

/** What strangers are let in by is in the body: here a wrong secret, a wrong password, or a passkey that nobody knows. */
const guesses: Record<string, number> = {
  'POST /api/v1/setup': 401,
  'POST /api/v1/setup/owner': 401,
  'POST /api/v1/password': 403,
  'POST /api/v1/session': 403,
  'POST /api/v1/session/password-link': 401,
  'POST /api/v1/session/passkey': 403,
};

describe('401', () => {
  test('every route but those that are open, without a credential: a problem of RFC 9457 §3 with a challenge of RFC 6750 §3', async () => {
    for (const route of routes) {
      const { path, body } = call(route);
      const answer = await box.ask(method(route), path, { token: null, body });
      const expected = guesses[`${method(route)} ${path}`] ?? (need(route) === 'open' ? 200 : 401);
      expect(answer.status, `${method(route)} ${path}`).toBe(expected);
      if (expected >= 400) {
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(answer.json).toMatchObject({ status: expected, title: expect.any(String) as string });
      }
      if (expected === 401)
        expect(answer.headers.get('www-authenticate')).toMatch(/^(Bearer realm="signpost"|Basic realm=)/);
    }
  });

  test('paths and methods that do not exist too, so that a stranger learns nothing', async () => {
    for (const [verb, path] of [
      ['GET', '/nothing'],
      ['GET', '/api/v1/nothing'],
      ['PATCH', '/api/v1/box'],
      ['POST', '/health'],
    ] as const) {
      const answer = await box.ask(verb, path, { token: null });
      expect(answer.json['code'], `${verb} ${path}`).toBe('no-credential');
    }
  });
});

test('403: every route, with a token that may write one name elsewhere', async () => {
  const token = await box.tokenFor({ scope: 'dns:write', names: [Name.parse('x.example.org')] });
  for (const route of routes.filter((one) => need(one) !== 'open' && need(one) !== 'any')) {
    const { path, body } = call(route);
    // A record by id is looked up before its owner is known.
    if (path.endsWith('/records/none') && route.method === 'delete') continue;
    const answer = await box.ask(method(route), path, { token, body });
    expect(answer.json['code'], `${method(route)} ${path}`).toBe('forbidden');
  }
});

test('409: every route that needs the hostname, before it is set', async () => {
  const fresh = await apiUnderTest({ box: null });
  const token = await fresh.tokenFor({ scope: 'admin' }, { scope: 'certificates:export-key' });
  const early = ['box', 'health', 'jobs', 'metrics', 'tokens', 'accounts', 'audit', 'docs'];
  for (const route of routes) {
    const { path, body } = call(route);
    if (route.operation.tags!.some((tag) => [...early, 'events'].includes(tag))) continue;
    const answer = await fresh.ask(method(route), path, { body, token, peer: { kind: 'local' } });
    expect(answer.json['code'], `${method(route)} ${path}`).toBe('not-configured');
    expect(answer.json['detail']).toMatch(
      /curl -X PUT http:\/\/localhost\/api\/v1\/box .*"ipv4":\["192\.0\.2\.1"\]/,
    );
  }
  for (const path of [
    '/api/v1/box',
    '/api/v1/tokens',
    '/api/v1/audit',
    '/health',
    '/api/v1/health',
    '/api/docs',
  ])
    expect((await fresh.ask('GET', path)).status, path).toBe(200);
  await fresh.services.close();
});

test('404: every route below a zone or domain that is not here', async () => {
  for (const route of routes.filter(({ path }) => /{(zone|domain)}/.test(path))) {
    const { path, body } = call(route, 'example.net');
    const owned =
      /^(add|replace)Records$/.test(route.operation.operationId ?? '') && body
        ? { ...body, owner: 'www.example.net' }
        : body;
    const answer = await box.ask(method(route), path, { body: owned });
    expect(answer.json['code'], `${method(route)} ${path}`).toBe('not-found');
  }
});

test('405: every path, with a method it does not know', async () => {
  for (const path of new Set(routes.map((route) => route.path))) {
    const known = routes.filter((route) => route.path === path).map(method);
    const [unknown] = ['DELETE', 'PUT', 'POST', 'OPTIONS'].filter((verb) => !known.includes(verb));
    // These paths are also those of zones named import and rebuild, of a domain, mailbox or alias named bulk or usage, and of records, certificates and passkeys with such ids, which are none.
    if (
      /\/(zones\/(import|rebuild)|(domains|mailboxes|aliases)\/bulk|mailboxes\/usage|records\/preview|certificates\/(csr|install)|passkeys\/options)$/.test(
        path,
      )
    )
      continue;
    const answer = await box.ask(unknown!, fill(path));
    expect(answer.status, `${unknown} ${path}`).toBe(405);
    expect(
      answer.headers
        .get('allow')!
        .split(', ')
        .filter((verb) => verb !== 'HEAD')
        .sort(),
    ).toEqual(known.sort());
  }
});

describe('every route with a body', () => {
  const withBody = (): Route[] => routes.filter(hasBody);

  test('400: text that is no JSON', async () => {
    for (const route of withBody()) {
      const answer = await askAs(box, cookie, route, call(route).path, { text: '{"name":' });
      expect(answer.json['code'], route.path).toBe('invalid-request');
      expect(answer.json['detail']).toMatch(/^The body is not JSON/);
    }
  });

  test('400: a field that nobody knows, by its path', async () => {
    for (const route of withBody()) {
      const { path, body } = call(route);
      const answer = await askAs(box, cookie, route, path, { body: { ...(body as object), colour: 'red' } });
      expect(answer.status, route.path).toBe(400);
      expect(answer.json.errors, route.path).toContainEqual({
        path: 'colour',
        message: 'There is no field of this name here.',
      });
    }
  });

  test('400: an array in place of the object', async () => {
    for (const route of withBody())
      expect((await askAs(box, cookie, route, call(route).path, { body: [] })).status, route.path).toBe(400);
  });

  test('413: more than its limit, announced or not', async () => {
    for (const route of withBody()) {
      const answer = await askAs(box, cookie, route, call(route).path, { text: `"${'a'.repeat(4 << 20)}"` });
      expect(answer.json['code'], route.path).toBe('too-large');
    }
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1 << 18)),
    });
    const headers = { Authorization: `Bearer ${box.admin}`, 'Content-Type': 'application/json' };
    const init = { method: 'POST', body: stream, headers, duplex: 'half' } as RequestInit;
    const peer = { kind: 'network', address: '203.0.113.9' };
    expect((await box.api.request('/api/v1/domains', init, { peer })).status).toBe(413);
  });

  test('415: another media type, or none', async () => {
    for (const route of withBody())
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
        const answer = await askAs(box, cookie, route, call(route).path, {
          text: '{}',
          headers: { 'Content-Type': type },
        });
        expect(answer.json['code'], `${route.path} ${type}`).toBe('unsupported-media-type');
      }
  });
});

describe('what is no UTF-8', () => {
  test('400: in a path or query, in place of reading something else', async () => {
    for (const path of [
      '/api/v1/domains/%ff.example.com',
      '/api/v1/domains/example%zz.com',
      '/api/v1/domains?search=%c3',
      '/api/v1/domains?search=%ed%a0%80',
      '/api/v1/zones/example.com/records?owner=%ff.example.com',
    ]) {
      const { json } = await box.ask('GET', path);
      expect(json['code'], path).toBe('invalid-request');
      expect(json['detail'], path).toMatch(/^The path or query is not UTF-8/);
    }
    expect((await box.ask('GET', '/api/v1/domains?search=%c3%a4')).status).toBe(200);
    expect((await box.ask('GET', '/api/v1/domains/%ff', { token: null })).status).toBe(401);
  });

  test('400: in a body', async () => {
    for (const octets of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
      const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from(octets), Buffer.from('.example"}')]);
      const headers = { Authorization: `Bearer ${box.admin}`, 'Content-Type': 'application/json' };
      const peer = { kind: 'network', address: '203.0.113.9' };
      const answer = await box.api.request('/api/v1/domains', { method: 'POST', body, headers }, { peer });
      const { code, detail } = (await answer.json()) as { code: string; detail: string };
      expect([code, detail]).toEqual(['invalid-request', 'The body is not UTF-8. Send JSON in UTF-8.']);
    }
  });
});

test('400: a query that nobody knows, on every route that has one', async () => {
  for (const route of routes) {
    const queries = (route.operation.parameters ?? []).some((one) => 'in' in one && one.in === 'query');
    if (!queries) continue;
    const { path } = call(route);
    const answer = await box.ask(method(route), `${path}${path.includes('?') ? '&' : '?'}colour=red`);
    expect(answer.json.errors, route.path).toContainEqual({
      path: 'colour',
      message: 'There is no field of this name here.',
    });
  }
});

test('400 invalid-name: a name that is none, in every path', async () => {
  for (const route of routes.filter(({ path }) => /{(zone|domain)}/.test(path))) {
    const answer = await box.ask(method(route), call(route).path.replace('example.com', 'a..b'), {
      body: call(route).body,
    });
    expect(answer.json['code'], route.path).toBe('invalid-name');
  }
});

test('every answer has its request id, is not cached and may load nothing', async () => {
  const ids = new Set<string>();
  for (const path of ['/health', '/api/v1/nothing', '/api/v1/domains', '/api/docs']) {
    const { headers } = await box.ask('GET', path);
    ids.add(headers.get('x-request-id')!);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect(ids.size).toBe(4);
});
