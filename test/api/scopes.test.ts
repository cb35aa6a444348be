import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TokenScope } from '../../src/access/scopes.ts';
import { type Route, routesOf } from '../../src/api/docs/operation.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';
import { bodies } from '../kit/request-bodies.ts';

/*
 * docs/scopes.md is the table of route × scope × object. Every route of the document is asked for with every kind of credential and every object:
 * what the table does not allow is refused, and what it allows is not. A route without a row fails.
 */

/** What a request is about: `own` to a credential that is limited to its zone or its name. */
interface Place {
  zone: string;
  name: string;
}

const zonePlaces: Place[] = [
  { zone: 'example.com', name: 'www.example.com' },
  { zone: 'example.com', name: 'shop.example.com' },
  { zone: 'example.org', name: 'www.example.org' },
];
const domainPlaces: Place[] = ['www.example.com', 'example.com', 'example.org'].map((name) => ({
  zone: name,
  name,
}));
const nowhere: Place[] = [{ zone: '', name: '' }];

const limits: Record<string, (place: Place) => boolean> = {
  'dns:write, a name': ({ name }) => name === 'www.example.com',
  'dns:write, a zone': ({ zone }) => zone === 'example.com',
};

const scopes: Record<string, TokenScope> = {
  read: { scope: 'read' },
  'dns:write, a name': { scope: 'dns:write', names: [Name.parse('www.example.com')] },
  'dns:write, a zone': { scope: 'dns:write', zones: [Name.parse('example.com')] },
  'dns:write': { scope: 'dns:write' },
  'domains:write': { scope: 'domains:write' },
  'mail:write': { scope: 'mail:write' },
  admin: { scope: 'admin' },
  'certificates:export-key': { scope: 'certificates:export-key' },
};

/** What is sent is the credential itself. */
const ownCredential = new Set([
  ...['POST /api/v1/setup', 'POST /api/v1/setup/owner', 'POST /api/v1/password', 'POST /api/v1/session'],
]);

/** Another use of a route, which has a row of its own. */
interface Use {
  suffix: string;
  places?: Place[];
  query?: (place: Place) => string;
  body?: (place: Place) => unknown;
}

const zonefile = { kind: 'zonefile', text: '@ A 192.0.2.1' };
const record = ({ name }: Place) => ({ owner: name, type: 'A', value: '192.0.2.1' });
const own: Place[] = [zonePlaces[0]!, zonePlaces[2]!];
const uses: Record<string, Use[]> = {
  listRecords: [{ suffix: '' }, { suffix: ', at a name', query: ({ name }) => `?owner=${name}` }],
  addRecords: [{ suffix: '', body: record }],
  replaceRecords: [{ suffix: '', body: (place) => ({ records: [record(place)] }) }],
  removeRecords: [{ suffix: '', query: ({ name }) => `?owner=${name}` }],
  diffVersions: [{ suffix: '', query: () => '?from=1&to=2' }],
  importZone: [
    { suffix: '', places: own, body: ({ zone }) => ({ zone, from: zonefile }) },
    { suffix: ', a dry run', places: own, body: ({ zone }) => ({ zone, from: zonefile, dryRun: true }) },
    {
      suffix: ', a new domain',
      places: [{ zone: 'example.net', name: 'example.net' }],
      body: ({ zone }) => ({ zone, from: zonefile }),
    },
    {
      suffix: ', from a server',
      places: own,
      body: ({ zone }) => ({ zone, from: { kind: 'axfr', server: '198.51.100.53' } }),
    },
  ],
};

let box: ApiUnderTest;
const tokens = new Map<string, string | null>();

beforeAll(async () => {
  box = await apiUnderTest();
  for (const [column, scope] of Object.entries(scopes)) tokens.set(column, await box.tokenFor(scope));
  tokens.set('none', null);
  const expiresAt = new Date(box.services.clock.now() + 1000).toISOString();
  const request = { name: 'x', scopes: [{ scope: 'admin' as const }], expiresAt };
  tokens.set('expired', (await box.services.tokens.create(actor, request)).secret);
  await box.services.clock.advance(2000);
});
afterAll(() => box.services.close());

const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;

/** Everything is there that requests are about; what they remove comes back. */
async function prepare(): Promise<void> {
  const { domains } = box.services;
  const settings = { dns: 'local', mail: true, web: true } as const;
  for (const text of ['example.com', 'www.example.com', 'example.org']) {
    const name = Name.parse(text);
    if (!domains.get(name)) await domains.add(actor, { name, ...settings });
  }
}

async function recordId({ zone, name }: Place): Promise<string> {
  const request = { owner: name, type: 'TXT', value: '"x"', ttl: undefined };
  const { records } = await box.services.records.add(actor, Name.parse(zone), [request]);
  return records[0]!.id;
}

interface Row {
  cells: Record<string, string>;
}

function table(): Map<string, Row> {
  const page = readFileSync(join(import.meta.dirname, '../../docs/scopes.md'), 'utf8');
  const lines = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));
  const [head, , ...rows] = lines;
  const columns = head!.slice(1);
  return new Map(
    rows.map(([key, ...cells]) => [
      key!,
      { cells: Object.fromEntries(columns.map((column, index) => [column, cells[index]!])) },
    ]),
  );
}

function placesOf(route: Route, use: Use): Place[] {
  if (use.places) return use.places;
  if (route.path.includes('{zone}')) return zonePlaces;
  return route.path.includes('{domain}') ? domainPlaces : nowhere;
}

async function allowed(route: Route, use: Use, place: Place, token: string | null): Promise<boolean> {
  await prepare();
  // Wrong credentials are counted, those of everybody together, too.
  await box.services.clock.advance(1000);
  const id = route.path.endsWith('/records/{id}') ? await recordId(place) : 'none';
  const path = route.path
    .replace('{zone}', place.zone)
    .replace('{domain}', place.name)
    .replace('{id}', id)
    .replace('{address}', 'anna@example.com');
  const body = use.body?.(place) ?? bodies[route.operation.operationId!];
  const method = route.method.toUpperCase();
  // Each from a network of its own.
  const answer = await box.api.request(
    `${path}${use.query?.(place) ?? ''}`,
    {
      method,
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    { peer: { kind: 'network', address: `2001:db8:${(subnet++).toString(16)}::1` } },
  );
  const refused = answer.status === 401 || answer.status === 403;
  await answer.body?.cancel();
  return !refused;
}
let subnet = 1;

function expected(cell: string, column: string, place: Place): boolean {
  if (cell === 'yes') return true;
  if (cell === 'own') return limits[column]!(place);
  expect(cell).toBe('–');
  return false;
}

test('what the table of docs/scopes.md allows, and nothing more', async () => {
  const rows = table();
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (const route of routesOf(box.document)) {
    for (const use of uses[route.operation.operationId!] ?? [{ suffix: '' }]) {
      const key = `${route.method.toUpperCase()} ${route.path}${use.suffix}`;
      seen.add(key);
      const row = rows.get(key);
      expect(row, `docs/scopes.md has no row for ${key}`).toBeDefined();
      const cells = { ...row!.cells, expired: row!.cells['none']! };
      for (const [column, cell] of Object.entries(cells))
        for (const place of placesOf(route, use)) {
          // The one-time secret of the first start, or a password, is the credential there.
          if (ownCredential.has(key)) continue;
          // So that not all wrong tokens together are too many.
          if (column === 'expired') await box.services.clock.advance(1000);
          // A credential that is no good is refused even where none is needed.
          const may = expected(column === 'expired' ? '–' : cell, column, place);
          // Wrong tokens are counted in all: the next guess is free after this.
          if (column === 'expired') await box.services.clock.advance(600);
          const did = await allowed(route, use, place, tokens.get(column)!);
          if (did !== may) wrong.push(`${key} ${place.name} with ${column}: ${did ? 'allowed' : 'refused'}`);
        }
    }
  }
  expect(wrong).toEqual([]);
  expect([...rows.keys()].filter((key) => !seen.has(key))).toEqual([]);
}, 60_000);

test('scopes add up: a zone, and domains', async () => {
  const body = { zone: 'example.net', from: zonefile };
  const ask = async (...given: TokenScope[]): Promise<number> =>
    (await box.ask('POST', '/api/v1/zones/import', { token: await box.tokenFor(...given), body })).status;
  const zones = [Name.parse('example.net')];
  expect(await ask({ scope: 'dns:write', zones })).toBe(403);
  expect(await ask({ scope: 'dns:write', zones }, { scope: 'domains:write' })).toBe(200);
});

test('a name below a zone is written where the zone is', async () => {
  await prepare();
  const zones = [Name.parse('sub.example.com')];
  const token = await box.tokenFor({ scope: 'dns:write', zones }, { scope: 'domains:write' });
  const body = { zone: 'sub.example.com', from: zonefile };
  expect((await box.ask('POST', '/api/v1/zones/import', { token, body })).status).toBe(403);
});

test('health names zones only to those who may read them', async () => {
  const ask = async (token: string | null) => (await box.ask('GET', '/api/v1/health', { token })).json;
  expect(await ask(tokens.get('dns:write, a name')!)).not.toHaveProperty('zones');
  expect(await ask(tokens.get('read')!)).toHaveProperty('zones');
});
