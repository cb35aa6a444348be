import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Route, routesOf } from '../../src/api/docs/operation.ts';
import { Name } from '../../src/dns/wire/name.ts';
import type { ApiUnderTest } from './api.ts';
import { bodies } from './request-bodies.ts';

/*
 * Every route of the API's document, asked for with every kind of credential and every object: what a table of docs/ does not allow is
 * refused, and what it allows is not.
 */

/** What a request is about: `own` to a credential that is limited to its zone, its name or its domain. */
export interface Place {
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
const own: Place[] = [zonePlaces[0]!, zonePlaces[2]!];

/** Another use of a route, which has a row of its own. */
interface Use {
  suffix: string;
  places?: Place[];
  query?: (place: Place) => string;
  body?: (place: Place) => unknown;
}

const zonefile = { kind: 'zonefile', text: '@ A 192.0.2.1' };
const record = ({ name }: Place) => ({ owner: name, type: 'A', value: '192.0.2.1' });
const uses: Record<string, Use[]> = {
  listRecords: [{ suffix: '' }, { suffix: ', at a name', query: ({ name }) => `?owner=${name}` }],
  addRecords: [{ suffix: '', body: record }],
  replaceRecords: [{ suffix: '', body: (place) => ({ records: [record(place)] }) }],
  previewRecords: [{ suffix: '', body: (place) => ({ add: [record(place)] }) }],
  removeRecords: [{ suffix: '', query: ({ name }) => `?owner=${name}` }],
  diffVersions: [{ suffix: '', query: () => '?from=1&to=2' }],
  addMailbox: [
    {
      suffix: '',
      places: own,
      body: ({ zone }) => ({ address: `anna@${zone}`, password: 'four words of nobody' }),
    },
  ],
  addAlias: [
    {
      suffix: '',
      places: own,
      body: ({ zone }) => ({ address: `info@${zone}`, targets: ['a@example.net'] }),
    },
  ],
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

/** What is sent is the credential itself. */
const ownCredential = new Set([
  ...['POST /api/v1/setup', 'POST /api/v1/setup/owner', 'POST /api/v1/password', 'POST /api/v1/session'],
  ...['POST /api/v1/session/password-link', 'POST /api/v1/session/passkey'],
]);

const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;

/** Everything is there that requests are about; what they remove comes back. */
export async function prepareDomains({ services }: ApiUnderTest): Promise<void> {
  const settings = { dns: 'local', mail: true, web: true } as const;
  for (const text of ['example.com', 'www.example.com', 'example.org']) {
    const name = Name.parse(text);
    if (!services.domains.get(name)) await services.domains.add(actor, { name, ...settings });
  }
}

async function recordId({ services }: ApiUnderTest, { zone, name }: Place): Promise<string> {
  const request = { owner: name, type: 'TXT', value: '"x"', ttl: undefined };
  const { records } = await services.records.add(actor, Name.parse(zone), [request]);
  return records[0]!.id;
}

/** The rows of the page's table, each with its cells by column. */
function tableOf(page: string): Map<string, Record<string, string>> {
  const [head, , ...rows] = readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| route') || line.startsWith('| --') || line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));
  const columns = head!.slice(1);
  return new Map(
    rows.map(([key, ...cells]) => [
      key!,
      Object.fromEntries(columns.map((column, index) => [column, cells[index]!])),
    ]),
  );
}

function placesOf(route: Route, use: Use): Place[] {
  if (use.places) return use.places;
  if (route.path.includes('{zone}')) return zonePlaces;
  if (route.path.includes('{address}')) return own;
  return route.path.includes('{domain}') ? domainPlaces : nowhere;
}

let subnet = 1;

/** Whether the API lets the request through, as far as permission goes. */
async function allowed(
  box: ApiUnderTest,
  { route, use, place }: { route: Route; use: Use; place: Place },
  headers: Record<string, string>,
): Promise<boolean> {
  await prepareDomains(box);
  // Wrong credentials are counted, those of everybody together, too.
  await box.services.clock.advance(1000);
  const id = route.path.endsWith('/records/{id}') ? await recordId(box, place) : 'none';
  const path = route.path
    .replace('{zone}', place.zone)
    .replace('{domain}', place.name)
    .replace('{id}', id)
    .replace('{name}', 'nobody')
    .replace('{address}', `anna@${place.zone}`);
  const body = use.body?.(place) ?? bodies[route.operation.operationId!];
  // Each from a network of its own.
  const address = `2001:db8:${(subnet++).toString(16)}::1`;
  const answer = await box.api.request(
    `${path}${use.query?.(place) ?? ''}`,
    {
      method: route.method.toUpperCase(),
      headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    { peer: { kind: 'network', address } },
  );
  const text = route.path === '/api/v1/events' ? undefined : await answer.text();
  await (text === undefined && answer.body?.cancel());
  if (answer.status === 401) return false;
  // A password that is asked for beside the credential is another matter.
  return answer.status !== 403 || /"code":"(wrong-password|wrong-code|passkey-refused)"/.test(text ?? '');
}

export interface Column {
  /** Made for each request, as some of them end what they are sent with. */
  headers: () => Promise<Record<string, string>> | Record<string, string>;
  /** What `own` means to it. */
  owns?: (place: Place, route: Route) => boolean;
}

/** Asks for everything, and says what is not as the page has it. @returns the sentences */
export async function differences(
  box: ApiUnderTest,
  page: string,
  columns: Record<string, Column>,
): Promise<string[]> {
  const rows = tableOf(page);
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (const route of routesOf(box.document))
    for (const use of uses[route.operation.operationId!] ?? [{ suffix: '' }]) {
      const key = `${route.method.toUpperCase()} ${route.path}${use.suffix}`;
      seen.add(key);
      const row = rows.get(key);
      expect(row, `docs/${page} has no row for ${key}`).toBeDefined();
      if (ownCredential.has(key)) continue;
      for (const [column, { headers, owns }] of Object.entries(columns))
        for (const place of placesOf(route, use)) {
          const may = expected(row![column], () => owns!(place, route), `${key}, ${column}`);
          const did = await allowed(box, { route, use, place }, await headers());
          if (did !== may) wrong.push(`${key} ${place.name} with ${column}: ${did ? 'allowed' : 'refused'}`);
        }
    }
  expect([...rows.keys()].filter((key) => !seen.has(key))).toEqual([]);
  return wrong;
}

function expected(cell: string | undefined, owns: () => boolean, where: string): boolean {
  if (cell === 'yes') return true;
  if (cell === 'own') return owns();
  expect(cell, where).toBe('–');
  return false;
}
