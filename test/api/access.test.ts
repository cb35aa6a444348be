import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TokenScope } from '../../src/access/scopes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import type { Peer } from '../../src/api/env.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';
import { privateKeyMarker } from '../kit/memory-certificates.ts';

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest();
});
afterEach(() => box.services.close());

const zones = (...names: string[]): TokenScope => ({
  scope: 'dns:write',
  zones: names.map((name) => Name.parse(name)),
});
const names = (...owners: string[]): TokenScope => ({
  scope: 'dns:write',
  names: owners.map((name) => Name.parse(name)),
});
const record = (owner: string) => ({ owner, type: 'TXT', value: '"x"' });
const records = '/api/v1/zones/example.com/records';
const challenge = '_acme-challenge.example.com';

describe('dns:write limited to names', () => {
  const cases: [string, string, string, unknown, number][] = [
    ['writes its name', 'POST', records, record(challenge), 201],
    ['in any case and with a final dot', 'POST', records, record('_ACME-Challenge.Example.COM.'), 201],
    ['not another', 'POST', records, record('www.example.com'), 403],
    ['not by an escape of another', 'POST', records, record('www\\.example.com'), 403],
    ['not the wildcard above it', 'POST', records, record('*.example.com'), 403],
    ['not below it', 'POST', records, record(`a.${challenge}`), 403],
    [
      'not another hidden among its own',
      'POST',
      records,
      { records: [record(challenge), record('example.com')] },
      403,
    ],
    ['nor by PUT', 'PUT', records, { records: [record(challenge), record('example.com')] }, 403],
    ['removes its name', 'DELETE', `${records}?owner=${challenge}`, undefined, 200],
    ['not another', 'DELETE', `${records}?owner=example.com`, undefined, 403],
    ['reads its name', 'GET', `${records}?owner=${challenge}`, undefined, 200],
    ['not all', 'GET', records, undefined, 403],
    [
      'not by a query that the path does not take',
      'GET',
      `/api/v1/zones/example.com?owner=${challenge}`,
      undefined,
      403,
    ],
    ['no domain by one', 'GET', `/api/v1/domains/example.com?owner=${challenge}`, undefined, 403],
    ['no keys by one', 'GET', `/api/v1/zones/example.com/keys?owner=${challenge}`, undefined, 403],
    ['not two names in one query', 'GET', `${records}?owner=${challenge}&owner=example.com`, undefined, 400],
    ['not the zone file', 'GET', '/api/v1/zones/example.com/zonefile', undefined, 403],
    ['no roll-back', 'POST', '/api/v1/zones/example.com/rollback', { serial: 1 }, 403],
    ['no domains', 'POST', '/api/v1/domains', { name: 'example.org' }, 403],
    ['no tokens', 'GET', '/api/v1/tokens', undefined, 403],
    ['but the documentation', 'GET', '/api/openapi.json', undefined, 200],
  ];
  test.each(cases)('%s: %s %s', async (_, method, path, body, status) => {
    const token = await box.tokenFor(names(challenge));
    expect((await box.ask(method, path, { token, body })).status).toBe(status);
  });

  test('a record by id is that of its owner', async () => {
    const token = await box.tokenFor(names(challenge));
    const ids = await Promise.all(
      [challenge, 'www.example.com'].map(async (owner) => {
        const { json } = await box.ask('POST', records, { body: record(owner) });
        return (json['records'] as { id: string }[])[0]!.id;
      }),
    );
    expect((await box.ask('GET', `${records}/${ids[0]}`, { token })).status).toBe(200);
    const borrowed = `${records}/${ids[1]}?owner=${challenge}`;
    expect((await box.ask('GET', borrowed, { token })).status).toBe(403);
    expect((await box.ask('DELETE', `${records}/${ids[0]}`, { token })).status).toBe(200);
    expect((await box.ask('DELETE', `${records}/${ids[1]}`, { token })).status).toBe(403);
    expect((await box.ask('GET', `${records}/${ids[1]}`)).status).toBe(200);
  });
});

test('dns:write limited to a zone writes all of it and nothing else', async () => {
  const token = await box.tokenFor(zones('example.com'));
  const status = async (method: string, path: string, body?: unknown): Promise<number> =>
    (await box.ask(method, path, { token, body })).status;
  expect(await status('POST', records, record('www.example.com'))).toBe(201);
  expect(await status('POST', '/api/v1/zones/example.com/rollback', { serial: 1 })).toBe(200);
  expect(await status('GET', '/api/v1/zones/example.com')).toBe(200);
  expect(await status('POST', '/api/v1/zones/example.net/records', record('www.example.net'))).toBe(403);
  expect(await status('GET', '/api/v1/zones/example.net')).toBe(403);
  expect(await status('GET', '/api/v1/domains')).toBe(403);
});

test('read reads, domains:write adds domains but writes no records', async () => {
  const read = await box.tokenFor({ scope: 'read' });
  expect((await box.ask('GET', '/api/v1/domains', { token: read })).status).toBe(200);
  expect((await box.ask('POST', records, { token: read, body: record('www.example.com') })).status).toBe(403);
  const domains = await box.tokenFor({ scope: 'domains:write' });
  expect(
    (await box.ask('POST', '/api/v1/domains', { token: domains, body: { name: 'example.org' } })).status,
  ).toBe(201);
  expect((await box.ask('POST', records, { token: domains, body: record('www.example.com') })).status).toBe(
    403,
  );
});

describe('certificates', () => {
  const path = '/api/v1/certificates';
  const chain = '-----BEGIN CERTIFICATE-----';
  const calls: [string, string, unknown][] = [
    ['GET', path, undefined],
    ['GET', `${path}/c0`, undefined],
    ['GET', `${path}/c0/chain`, undefined],
    ['GET', `${path}/account`, undefined],
    ['POST', path, { names: ['www.example.com'] }],
    ['POST', `${path}/c0/renew`, undefined],
    ['POST', `${path}/csr`, { names: ['www.example.com'] }],
    ['POST', `${path}/install`, { chain }],
    ['POST', `${path}/c0/revoke`, {}],
    ['POST', `${path}/account/roll-key`, undefined],
    ['POST', `${path}/c0/export-key`, undefined],
  ];
  const scopes: [TokenScope, number][] = [
    [names(challenge), 0],
    [zones('example.com'), 0],
    [{ scope: 'read' }, 4],
    [{ scope: 'domains:write' }, 6],
    [{ scope: 'admin' }, 10],
  ];
  test.each(scopes)('%j may make the first %i of the calls', async (scope, allowed) => {
    const token = await box.tokenFor(scope);
    const forbidden: boolean[] = [];
    for (const [method, at, body] of calls)
      forbidden.push((await box.ask(method, at, { token, body })).status === 403);
    expect(forbidden).toEqual(calls.map((_, index) => index >= allowed));
  });
});

describe('import from another server makes the box open connections', () => {
  const path = '/api/v1/zones/import';
  const from = { kind: 'axfr', server: '198.51.100.53' };
  const zonefile = { kind: 'zonefile', text: '$TTL 300\nwww A 192.0.2.1\n' };

  test('dns:write imports zone files only', async () => {
    const token = await box.tokenFor({ scope: 'dns:write' });
    expect((await box.ask('POST', path, { token, body: { zone: 'example.com', from } })).status).toBe(403);
    const allowed = await box.ask('POST', path, { token, body: { zone: 'example.com', from: zonefile } });
    expect(allowed.status).not.toBe(403);
  });

  test('admin may name a server', async () => {
    const answer = await box.ask('POST', path, { body: { zone: 'example.com', from } });
    expect(answer.status).not.toBe(403);
  });
});

describe('credentials', () => {
  test('401 bad-credential (RFC 6750 §3.1): unknown, revoked and expired', async () => {
    const unknown = await box.ask('GET', '/api/v1/box', { token: 'sp_unknown' });
    expect(unknown.json['code']).toBe('bad-credential');
    expect(unknown.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const made = await box.ask('POST', '/api/v1/tokens', {
      body: { name: 'short', scopes: [{ scope: 'read' }], expiresAt: '2026-01-01T01:00:00Z' },
    });
    const token = made.json['secret'] as string;
    expect((await box.ask('GET', '/api/v1/box', { token })).status).toBe(200);
    await box.services.clock.advance(3_600_000);
    expect((await box.ask('GET', '/api/v1/box', { token })).status).toBe(401);
  });

  test('the unix socket is the local administrator, without a token', async () => {
    const answer = await box.ask('GET', '/api/v1/tokens', { token: null, peer: { kind: 'local' } });
    expect(answer.status).toBe(200);
  });

  test('a token that is sent over the unix socket counts, and gives no more than it does elsewhere', async () => {
    const ask = async (token: string, path = '/api/v1/tokens'): Promise<number> =>
      (await box.ask('GET', path, { token, peer: { kind: 'local' } })).status;
    const reader = await box.tokenFor({ scope: 'read' });
    expect([await ask(reader), await ask(reader, '/api/v1/domains'), await ask(box.admin)]).toEqual([
      403, 200, 200,
    ]);
    expect(await ask('sp_unknown')).toBe(401);
    const forged = { token: reader, headers: { 'X-Forwarded-For': '127.0.0.1' } };
    expect((await box.ask('GET', '/api/v1/tokens', forged)).status).toBe(403);
  });

  test('a private key leaves over the unix socket alone, for a token with that very scope', async () => {
    const exported = async (token: string | null, peer?: Peer): Promise<[number, string]> => {
      const at = '/api/v1/certificates/c0/export-key';
      const { status, json, text } = await box.ask('POST', at, { token, ...(peer && { peer }) });
      expect(text.includes(privateKeyMarker)).toBe(status === 200);
      return [status, status === 200 ? '' : (json['detail'] as string)];
    };
    const key = await box.tokenFor({ scope: 'certificates:export-key' });
    const all = await box.tokenFor(
      ...(['admin', 'domains:write', 'dns:write', 'read'] as const).map((scope) => ({ scope })),
    );
    const both = await box.tokenFor({ scope: 'admin' }, { scope: 'certificates:export-key' });
    const local = { kind: 'local' } as const;
    const here = { kind: 'network', address: '127.0.0.1' } as const;
    const scope = expect.stringContaining('scope certificates:export-key itself') as string;
    const socket = expect.stringContaining('over its unix socket alone') as string;
    expect(await exported(key, local)).toEqual([200, '']);
    expect(await exported(both, local)).toEqual([200, '']);
    expect(await exported(null, local)).toEqual([403, scope]);
    expect(await exported(all, local)).toEqual([403, scope]);
    expect((await exported('sp_unknown', local))[0]).toBe(401);
    for (const peer of [undefined, here]) {
      expect(await exported(key, peer)).toEqual([403, socket]);
      expect(await exported(both, peer)).toEqual([403, socket]);
    }
    expect((await exported(null))[0]).toBe(401);
  });

  test('a browser reads the documentation with a token as password, and nothing else', async () => {
    const headers = { Authorization: `Basic ${Buffer.from(`me:${box.admin}`).toString('base64')}` };
    expect((await box.ask('GET', '/api/docs', { token: null, headers })).status).toBe(200);
    expect((await box.ask('GET', '/api/docs', { token: null })).headers.get('www-authenticate')).toMatch(
      /^Basic /,
    );
    const other = await box.ask('GET', '/api/v1/box', { token: null, headers });
    expect(other.status).toBe(401);
    expect(other.headers.get('www-authenticate')).not.toMatch(/Basic/);
  });

  test('health tells strangers only whether it is ready', async () => {
    expect((await box.ask('GET', '/health', { token: null })).json).toEqual({ ready: true, problems: [] });
    expect((await box.ask('GET', '/health')).json['version']).toBe('0.1.0');
    box.services.state.ready = false;
    expect((await box.ask('GET', '/health', { token: null })).status).toBe(503);
    expect((await box.ask('GET', '/api/v1/health', { token: null })).json['ready']).toBe(false);
  });
});

describe('429', () => {
  const fail = (address: string, headers = {}) =>
    box.ask('GET', '/api/v1/box', { token: 'guess', peer: { kind: 'network', address }, headers });

  test('after ten failures, until time has passed; other clients go on', async () => {
    for (let i = 0; i < 10; i++) expect((await fail('198.51.100.1')).status).toBe(401);
    const refused = await fail('198.51.100.1');
    expect(refused.json['code']).toBe('rate-limited');
    expect(refused.headers.get('retry-after')).toBe('6');
    expect((await fail('198.51.100.2')).status).toBe(401);
    await box.services.clock.advance(6_000);
    expect((await fail('198.51.100.1')).status).toBe(401);
  });

  test('a valid token gets through, however many wrong ones come from its address', async () => {
    const right = { peer: { kind: 'network', address: '198.51.100.1' } } as const;
    for (let i = 0; i < 50; i++) {
      await fail('198.51.100.1');
      expect((await box.ask('GET', '/api/v1/box', right)).status).toBe(200);
    }
  });

  test('an attacker with many addresses is limited, too, and harms nobody who has a token', async () => {
    for (let i = 0; i < 100; i++) expect((await fail(`198.51.100.${i}`)).status).toBe(401);
    expect((await fail('203.0.113.7')).status).toBe(429);
    expect((await box.ask('GET', '/api/v1/box')).status).toBe(200);
    await box.services.clock.advance(600);
    expect((await fail('203.0.113.7')).status).toBe(401);
    expect((await fail('203.0.113.7')).status).toBe(429);
  });

  test('an IPv6 client is its /64', async () => {
    for (let i = 0; i < 10; i++) await fail(`2001:db8:0:1::${i}`);
    expect((await fail('2001:db8:0:1:ffff::1')).status).toBe(429);
    expect((await fail('2001:db8:0:2::1')).status).toBe(401);
  });

  test('X-Forwarded-For counts from the proxies of the settings alone', async () => {
    await box.services.close();
    box = await apiUnderTest({ trustedProxies: ['198.51.100.64/26'] });
    for (let i = 0; i < 10; i++)
      await fail('198.51.100.65', { 'X-Forwarded-For': `203.0.113.${i}, 198.51.100.7` });
    expect((await fail('198.51.100.66', { 'X-Forwarded-For': '198.51.100.7' })).status).toBe(429);
    expect((await fail('198.51.100.66', { 'X-Forwarded-For': '198.51.100.8' })).status).toBe(401);
    for (const other of ['198.51.100.20', '127.0.0.1', '::1']) {
      for (let i = 0; i < 10; i++) await fail(other, { 'X-Forwarded-For': `203.0.113.${i}` });
      expect((await fail(other, { 'X-Forwarded-For': '203.0.113.99' })).status, other).toBe(429);
    }
  });

  test('wrong setup secrets count too', async () => {
    const guess = () => box.ask('POST', '/api/v1/setup', { token: null, body: { secret: 'guess' } });
    for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(401);
    expect((await guess()).status).toBe(429);
    const secret = box.services.tokens.createSetupSecret();
    expect((await box.ask('POST', '/api/v1/setup', { token: null, body: { secret } })).status).toBe(201);
  });
});

describe('passwords of mailboxes that are tried', () => {
  const guess = (address: string, client: string) =>
    box.ask('POST', '/api/v1/password', {
      ...{ token: null, peer: { kind: 'network', address: client } as const },
      body: { address, password: 'a guess', newPassword: 'four words that rhyme' },
    });

  test('are counted by mailbox, whoever tries and whether there is one', async () => {
    for (let i = 0; i < 5; i++) expect((await guess('anna@example.com', `203.0.113.${i}`)).status).toBe(403);
    const refused = await guess('Anna@example.com', '198.51.100.99');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
    expect((await guess('otto@example.com', '198.51.100.99')).status).toBe(403);
    await box.services.clock.advance(2_000);
    expect((await guess('anna@example.com', '198.51.100.99')).status).toBe(403);
  });

  test('are counted by network, and many at once are no way around', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `a${index}@example.com`);
    const answers = await Promise.all(names.map((name) => guess(name, '198.51.100.9')));
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(20);
    // Webmail asks for many.
    expect((await guess('someone@example.com', '127.0.0.1')).status).toBe(403);
  });

  test('are the same tries as those of signing in', async () => {
    const signIn = (client: string) =>
      box.ask('POST', '/api/v1/session', {
        ...{ token: null, peer: { kind: 'network', address: client } as const },
        body: { name: 'anna@example.com', password: 'a guess' },
      });
    for (let i = 0; i < 5; i++) expect((await signIn('203.0.113.7')).status).toBe(403);
    expect((await guess('anna@example.com', '198.51.100.99')).status).toBe(429);
    expect((await guess('anna@example.com', '127.0.0.1')).status).toBe(429);
    expect((await signIn('198.51.100.99')).status).toBe(429);
  });
});

test('400: a token for more zones and names than are read quickly with each request', async () => {
  const scope = (count: number) => ({
    scope: 'dns:write',
    names: Array.from({ length: count }, (_, index) => `h${index}.example.com`),
  });
  const ask = (...counts: number[]) =>
    box.ask('POST', '/api/v1/tokens', { body: { name: 'x', scopes: counts.map(scope) } });
  expect((await ask(500, 500)).status).toBe(201);
  expect((await ask(500, 501)).json.errors).toMatchObject([{ path: 'scopes' }]);
});

test('a stranger may not send much to the one path that is open', async () => {
  const body = { secret: 'x'.repeat(5000) };
  expect((await box.ask('POST', '/api/v1/setup', { token: null, body })).status).toBe(413);
});

test('201: the setup secret gives one admin token, once', async () => {
  const secret = box.services.tokens.createSetupSecret();
  const first = await box.ask('POST', '/api/v1/setup', { token: null, body: { secret } });
  expect(first.status).toBe(201);
  expect((await box.ask('GET', '/api/v1/tokens', { token: first.json['secret'] as string })).status).toBe(
    200,
  );
  expect((await box.ask('POST', '/api/v1/setup', { token: null, body: { secret } })).status).toBe(401);
});
