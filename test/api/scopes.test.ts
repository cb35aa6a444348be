import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TokenScope } from '../../src/access/scopes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';
import { type Column, differences, prepareDomains } from '../kit/permission-table.ts';

/* docs/scopes.md is the table of route × scope × object. */

const limits: Record<string, NonNullable<Column['owns']>> = {
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

let box: ApiUnderTest;
beforeAll(async () => {
  box = await apiUnderTest();
});
afterAll(() => box.services.close());

const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;
const bearer = (token: string) => ({ headers: () => ({ Authorization: `Bearer ${token}` }) });

test('what the table of docs/scopes.md allows, and nothing more', async () => {
  const columns: Record<string, Column> = { none: { headers: () => ({}) } };
  for (const [name, scope] of Object.entries(scopes)) {
    const owns = limits[name];
    columns[name] = { ...bearer(await box.tokenFor(scope)), ...(owns && { owns }) };
  }
  expect(await differences(box, 'scopes.md', columns)).toEqual([]);
}, 120_000);

test('a token that has expired is good for nothing, even where none is needed', async () => {
  const expiresAt = new Date(box.services.clock.now() + 1000).toISOString();
  const request = { name: 'x', scopes: [{ scope: 'admin' as const }], expiresAt };
  const { secret } = await box.services.tokens.create(actor, request);
  await box.services.clock.advance(2000);
  const headers = { Authorization: `Bearer ${secret}` };
  const peer = { kind: 'network', address: '203.0.113.9' } as const;
  for (const path of ['/health', '/', '/api/v1/health', '/api/v1/domains', '/api/v1/session', '/api/docs'])
    expect((await box.api.request(path, { headers }, { peer })).status).toBe(401);
});

const zonefile = { kind: 'zonefile', text: '@ A 192.0.2.1' };

test('scopes add up: a zone, and domains', async () => {
  const body = { zone: 'example.net', from: zonefile };
  const ask = async (...given: TokenScope[]): Promise<number> =>
    (await box.ask('POST', '/api/v1/zones/import', { token: await box.tokenFor(...given), body })).status;
  const zones = [Name.parse('example.net')];
  expect(await ask({ scope: 'dns:write', zones })).toBe(403);
  expect(await ask({ scope: 'dns:write', zones }, { scope: 'domains:write' })).toBe(200);
});

test('a name below a zone is written where the zone is', async () => {
  await prepareDomains(box);
  const zones = [Name.parse('sub.example.com')];
  const token = await box.tokenFor({ scope: 'dns:write', zones }, { scope: 'domains:write' });
  const body = { zone: 'sub.example.com', from: zonefile };
  expect((await box.ask('POST', '/api/v1/zones/import', { token, body })).status).toBe(403);
});

test('health names zones only to those who may read them', async () => {
  const ask = async (scope: TokenScope) =>
    (await box.ask('GET', '/api/v1/health', { token: await box.tokenFor(scope) })).json;
  expect(await ask(scopes['dns:write, a name']!)).not.toHaveProperty('zones');
  expect(await ask(scopes['read']!)).toHaveProperty('zones');
});
