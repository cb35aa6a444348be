import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { routesOf } from '../../src/api/docs/operation.ts';
import { createAuthenticator } from '../kit/authenticator.ts';
import { apiUnderTest, type ApiUnderTest, type Ask, type TestAnswer } from '../kit/api.ts';
import { privateKeyMarker } from '../kit/memory-certificates.ts';
import { findRoute } from '../kit/openapi.ts';

let box: ApiUnderTest;
/** Operations that answered a success here: at the end they must be all. */
const succeeded = new Set<string>();
let all: string[] = [];

beforeEach(async () => {
  box = await apiUnderTest();
  all = routesOf(box.document).map(({ operation }) => operation.operationId!);
});
afterEach(() => box.services.close());
afterAll(() => {
  // The first run and the stream of events have tests of their own.
  expect(all.filter((id) => !succeeded.has(id))).toEqual(['getSetup', 'redeemSetupSecret', 'followEvents']);
});

async function ask(method: string, path: string, options?: Ask): Promise<TestAnswer> {
  const answer = await box.ask(method, path, options);
  const route = findRoute(box.document, method, path);
  if (answer.status < 300 && route) succeeded.add(route.operation.operationId!);
  return answer;
}

interface AddedAppPassword {
  appPassword: { id: string; name: string; createdAt: string };
  password: string;
}

const v1 = (path: string): string => `/api/v1${path}`;

describe('health, metrics and documentation', () => {
  test('200', async () => {
    for (const path of [
      '/',
      '/health',
      v1('/health'),
      '/metrics',
      '/api/docs',
      '/api/docs/errors',
      '/api/openapi.json',
    ])
      expect((await ask('GET', path)).status).toBe(200);
    expect((await ask('HEAD', '/health')).text).toBe('');
  });
});

describe('checks, and what the nameserver is asked', () => {
  test('200: each with its state, and looked at again', async () => {
    const check = { id: 'one', group: 'machine', state: 'good', found: [] };
    expect((await ask('GET', v1('/checks'))).json).toMatchObject({ items: [check] });
    const again = await ask('POST', v1('/checks'), { body: { ids: ['one'] } });
    expect([again.status, again.json]).toMatchObject([200, { items: [check] }]);
    expect((await ask('POST', v1('/checks'), { body: {} })).status).toBe(200);
  });

  test('404 for one that there is not', async () => {
    expect((await ask('POST', v1('/checks'), { body: { ids: ['two'] } })).status).toBe(404);
  });

  test('200: samples of the last minutes; 400 for more than are kept', async () => {
    const { status, json } = await ask('GET', v1('/nameserver/statistics?minutes=5'));
    expect(status).toBe(200);
    expect(json).toMatchObject({ samples: [], zones: [], latency: [] });
    expect((await ask('GET', v1('/nameserver/statistics?minutes=61'))).status).toBe(400);
  });
});

describe('box', () => {
  test('200: what was read can be written back, with a change', async () => {
    const { json } = await ask('GET', v1('/box'));
    const put = await ask('PUT', v1('/box'), {
      body: { ...json, adminEmail: 'admin@example.com', caaIssuer: null },
    });
    expect(put.status).toBe(200);
    expect(put.json).toEqual({ ...json, adminEmail: 'admin@example.com', caaIssuer: null, job: null });
    expect(box.services.box.get()!.caaIssuer).toBeUndefined();
  });

  test('202: the zones that change by it are a job; its answer can be written back, too', async () => {
    const { json } = await ask('GET', v1('/box'));
    const put = await ask('PUT', v1('/box'), { body: { ...json, ipv4: ['198.51.100.7'] } });
    expect(put.status).toBe(202);
    expect(put.json).toMatchObject({ ipv4: ['198.51.100.7'], job: expect.any(String) as string });
    const location = put.headers.get('location')!;
    expect(location).toBe(v1(`/jobs/${put.json['job'] as string}`));
    expect((await ask('GET', location)).json).toMatchObject({ kind: 'zones.publish', state: 'done' });
    expect((await ask('PUT', v1('/box'), { body: put.json })).status).toBe(200);
  });

  test('200: a former hostname is named until it is ended', async () => {
    const { json } = await ask('GET', v1('/box'));
    expect(json['formerHostnames']).toEqual([]);
    await ask('PUT', v1('/box'), { body: { ...json, hostname: 'mail.example.org' } });
    expect((await ask('GET', v1('/box'))).json['formerHostnames']).toEqual([
      { hostname: 'box.example.net', since: '2026-01-01T00:00:00.000Z', parents: null, until: null },
    ]);
    const path = v1('/box/former-hostnames/box.example.net');
    expect((await ask('DELETE', path)).json['formerHostnames']).toEqual([]);
    expect((await ask('DELETE', path)).json['code']).toBe('not-found');
  });

  test('200: a preview takes what PUT takes, and changes nothing', async () => {
    const { json } = await ask('GET', v1('/box'));
    const preview = await ask('POST', v1('/box/preview'), { body: { ...json, ipv4: ['198.51.100.7'] } });
    expect(preview.status).toBe(200);
    expect(preview.json).toMatchObject({ zones: 0, delegations: false, steps: [] });
    expect((await ask('GET', v1('/box'))).json).toEqual(json);
  });

  test.each([
    [{ hostname: 'box' }, 'invalid-name', 'hostname'],
    [{ hostname: 'box.example.net', ipv4: ['192.0.2.256'] }, 'invalid-request', 'ipv4[0]'],
    [{ hostname: 'box.example.net', ipv6: ['192.0.2.1'] }, 'invalid-request', 'ipv6[0]'],
    [{ hostname: 'box.example.net', ttl: -1 }, 'invalid-request', 'ttl'],
    [{ hostname: 'box.example.net', adminEmail: 'nobody' }, 'invalid-request', 'adminEmail'],
    [{ ipv4: ['192.0.2.1'] }, 'invalid-request', 'hostname'],
  ])('400: %j', async (body, code, path) => {
    const { json } = await ask('PUT', v1('/box'), { body });
    expect([json['code'], json.errors![0]!.path]).toEqual([code, path]);
  });
});

describe('mailboxes', () => {
  const address = 'Anna@Example.com';
  const path = v1('/mailboxes/anna%40example.com');

  test('201 with Location; neither the password nor its hash is in any answer', async () => {
    const body = { address, password: 'four words of nobody', quota: 5_368_709_120 };
    const added = await ask('POST', v1('/mailboxes'), { body });
    expect(added.status).toBe(201);
    expect(added.json).toMatchObject({ address: 'anna@example.com', hasPassword: true, state: 'active' });
    expect(added.text).not.toMatch(/four words|argon2/i);
    expect((await ask('GET', added.headers.get('location')!)).json).toEqual(added.json);
    expect((await ask('POST', v1('/mailboxes'), { body })).json['code']).toBe('already-exists');
  });

  test('202: many at once, as a job that names what was refused with its line', async () => {
    const mailboxes = [
      { address, line: 2 },
      { address: 'x@elsewhere.example', line: 3 },
    ];
    const begun = await ask('POST', v1('/mailboxes/bulk'), { body: { mailboxes } });
    expect(begun.status).toBe(202);
    expect((await ask('GET', begun.headers.get('location')!)).json).toMatchObject({
      kind: 'mailboxes.add',
      total: 2,
      failed: [{ name: 'line 3, x@elsewhere.example', code: 'no-mail-domain' }],
    });
    const aliases = [{ address: 'info@example.com', targets: [address] }];
    const second = await ask('POST', v1('/aliases/bulk'), { body: { aliases } });
    expect(second.status).toBe(202);
    expect((await ask('GET', second.headers.get('location')!)).json).toMatchObject({ failedCount: 0 });
    expect(
      (await ask('POST', v1('/aliases/bulk'), { body: { aliases: [{ address }] } })).json.errors,
    ).toMatchObject([{ path: 'aliases[0].targets' }]);
  });

  test('200: changed, retired and restored', async () => {
    await ask('POST', v1('/mailboxes'), { body: { address } });
    const body = { displayName: 'Anna', sendLimit: { messages: 10, seconds: 3600 } };
    expect((await ask('PATCH', path, { body })).json).toMatchObject(body);
    expect((await ask('DELETE', path)).json['state']).toBe('retired');
    expect((await ask('GET', v1('/mailboxes'))).json.items).toEqual([]);
    expect((await ask('GET', v1('/mailboxes?state=retired'))).json.items).toHaveLength(1);
    expect((await ask('POST', v1('/mailboxes'), { body: { address } })).json['detail']).toMatch(/retired/);
    expect((await ask('POST', `${path}/restore`)).json['state']).toBe('active');
  });

  test('200: what they hold, a page at a time, and one of them; what is not known is null', async () => {
    for (const one of [address, 'bob@example.com', 'nobody@example.com'])
      await ask('POST', v1('/mailboxes'), { body: { address: one } });
    const held = { octets: 1_048_576, messages: 3, limit: 5_242_880 };
    const first = await ask('GET', v1('/mailboxes/usage?limit=2'));
    expect(first.json).toEqual({
      items: [
        { address: 'anna@example.com', ...held },
        { address: 'bob@example.com', ...held },
      ],
      next: 'bob@example.com',
      problem: null,
    });
    const unknown = { address: 'nobody@example.com', octets: null, messages: null, limit: null };
    expect((await ask('GET', v1('/mailboxes/usage?limit=2&cursor=bob%40example.com'))).json.items).toEqual([
      unknown,
    ]);
    expect((await ask('GET', `${path}/usage`)).json).toEqual({
      address: 'anna@example.com',
      ...held,
      problem: null,
    });
    await ask('DELETE', path);
    expect((await ask('GET', `${path}/usage`)).json).toMatchObject({
      octets: null,
      problem: 'The mailbox is retired.',
    });
    expect((await ask('GET', v1('/mailboxes/carol%40example.com/usage'))).json['code']).toBe('not-found');
    expect((await ask('GET', v1('/mailboxes/usage?limit=501'))).json['code']).toBe('invalid-request');
  });

  test.each([
    [{ address: 'anna' }, 400, 'invalid-address'],
    [{ address: 'anna+b@example.com' }, 400, 'invalid-address'],
    [{ address: 'ännä@example.com' }, 400, 'invalid-address'],
    [{ address: 'anna/..@example.com' }, 400, 'invalid-address'],
    [{ address: 'anna@example.org' }, 409, 'no-mail-domain'],
    [{ address, password: 'short' }, 400, 'weak-password'],
    [{ address, password: 'anna@example.com' }, 400, 'weak-password'],
    [{ address, passwordHash: '{MD5}x' }, 400, 'invalid-request'],
    [{ address, forwardTo: ['nobody@example.com'] }, 409, 'no-such-target'],
    [{ address, forwardTo: [address] }, 409, 'mail-loop'],
    [{ address, quota: -1 }, 400, 'invalid-request'],
  ])('%j: %i %s', async (body, status, code) => {
    const { json } = await ask('POST', v1('/mailboxes'), { body });
    expect([json['status'], json['code']]).toEqual([status, code]);
    expect(json.errors).toHaveLength(1);
  });

  test('201: an app password is shown once, and listed without what it is; 200: taken away', async () => {
    await ask('POST', v1('/mailboxes'), { body: { address } });
    const body = { name: 'telephone' };
    const headers = { 'Idempotency-Key': 'one' };
    const added = await ask('POST', `${path}/app-passwords`, { body, headers });
    const { appPassword, password } = added.json as unknown as AddedAppPassword;
    expect([added.status, password]).toEqual([201, expect.stringMatching(/^[a-z2-9-]{31}$/)]);
    const listed = await ask('GET', `${path}/app-passwords`);
    expect(listed.json.items).toEqual([appPassword]);
    expect(listed.text).not.toContain(password);
    const again = await ask('POST', `${path}/app-passwords`, { body, headers });
    expect(again.json).toEqual({ appPassword });
    expect((await ask('DELETE', added.headers.get('location')!)).json).toEqual({ removed: appPassword.id });
    expect((await ask('DELETE', added.headers.get('location')!)).json['code']).toBe('not-found');
    expect((await ask('GET', `${path}/app-passwords`)).json.items).toEqual([]);
  });

  test('200: where its mail is sent on to', async () => {
    await ask('POST', v1('/mailboxes'), { body: { address } });
    const put = (body: unknown) => ask('PUT', `${path}/forwarding`, { body });
    expect((await put({ forwardTo: ['anna@example.org'], keepCopy: false })).json).toMatchObject({
      ...{ address: 'anna@example.com', forwardTo: ['anna@example.org'], keepCopy: false },
    });
    expect((await put({ forwardTo: [] })).json).toMatchObject({ forwardTo: [], keepCopy: true });
    expect((await put({ forwardTo: [address] })).json['code']).toBe('mail-loop');
    // Nothing else of the mailbox is its user's to say.
    expect((await put({ forwardTo: [], quota: 0 })).status).toBe(400);
  });

  test('200: whoever knows the password changes it, without a token', async () => {
    const [first, second] = ['a long way to Tipperary', 'four words that rhyme'];
    await ask('POST', v1('/mailboxes'), { body: { address, password: first } });
    const change = (password: string, newPassword: string, who = address) =>
      ask('POST', v1('/password'), { token: null, body: { address: who, password, newPassword } });
    for (const [password, next, who, status, code] of [
      [second, second, address, 403, 'wrong-password'],
      [first, second, 'nobody@example.com', 403, 'wrong-password'],
      [first, second, 'nobody', 403, 'wrong-password'],
      [first, 'short', address, 400, 'weak-password'],
    ] as const) {
      const { json } = await change(password, next, who);
      expect([json['status'], json['code']], code).toEqual([status, code]);
    }
    expect((await change(first, second, 'Anna@Example.COM')).json).toEqual({ changed: 'anna@example.com' });
    expect((await change(first, second)).status).toBe(403);
    expect((await change(second, first)).status).toBe(200);
    // Who may not sign in changes nothing.
    await ask('PATCH', path, { body: { enabled: false } });
    expect((await change(first, second)).status).toBe(403);
    const { json } = await ask('GET', v1('/audit'));
    const entry = (json.items as { actor: { name: string }; details: unknown }[]).find(
      ({ actor }) => actor.name === 'anna@example.com',
    );
    expect(entry).toMatchObject({ action: 'mailbox.update', target: 'anna@example.com' });
    expect(JSON.stringify(json)).not.toContain(second);
  });

  test('200: the password that came with an imported mailbox is one, too', async () => {
    const salted =
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1';
    await ask('POST', v1('/mailboxes'), { body: { address, passwordHash: `{SHA512-CRYPT}${salted}` } });
    const change = (password: string) =>
      ask('POST', v1('/password'), {
        token: null,
        body: { address, password, newPassword: 'four words that rhyme' },
      });
    expect((await change('Hello world?')).status).toBe(403);
    expect((await change('Hello world!')).status).toBe(200);
  });

  test('200: what a person types into a mail program', async () => {
    await ask('POST', v1('/mailboxes'), { body: { address } });
    const { json } = await ask('GET', `${path}/setup`);
    expect(json['userName']).toBe('anna@example.com');
    expect(json['servers']).toContainEqual({
      ...{ use: 'receive', protocol: 'imap', host: 'box.example.net', port: 993, tls: 'implicit' },
    });
  });
});

describe('aliases', () => {
  const path = v1('/aliases/info%40example.com');
  const body = { address: 'Info@Example.com', targets: ['anna@example.com', 'otto@example.net'] };

  test('201 with Location, changed, listed, removed', async () => {
    await ask('POST', v1('/mailboxes'), { body: { address: 'anna@example.com' } });
    const added = await ask('POST', v1('/aliases'), { body });
    expect([added.status, added.json['address']]).toEqual([201, 'info@example.com']);
    expect((await ask('GET', added.headers.get('location')!)).json).toEqual(added.json);
    const senders = { senders: ['anna@example.com'] };
    expect((await ask('PATCH', path, { body: senders })).json).toMatchObject(senders);
    const all = await ask('GET', v1('/aliases?domain=example.com'));
    expect(all.json.items).toContainEqual(expect.objectContaining({ source: 'required' }));
    expect((await ask('GET', v1('/aliases'))).json.items).toHaveLength(1);
    expect((await ask('DELETE', path)).json).toEqual({ removed: 'info@example.com' });
    expect((await ask('GET', path)).json['code']).toBe('not-found');
  });

  test.each([
    [{ ...body, targets: ['nobody@example.com'] }, 409, 'no-such-target', 'targets[0]'],
    [{ ...body, targets: [body.address] }, 409, 'mail-loop', 'targets[0]'],
    [{ ...body, targets: [] }, 400, 'invalid-request', 'targets'],
    [
      { ...body, targets: ['x@example.net'], senders: ['x@example.net'] },
      409,
      'no-such-target',
      'senders[0]',
    ],
    [{ ...body, address: 'info@example.net' }, 409, 'no-mail-domain', 'address'],
  ])('%j: %i %s', async (request, status, code, at) => {
    const { json } = await ask('POST', v1('/aliases'), { body: request });
    expect([json['status'], json['code'], json.errors?.[0]?.path]).toEqual([status, code, at]);
  });
});

describe('domains', () => {
  test('200: a limit for all mailboxes of a domain, and none again', async () => {
    const path = v1('/domains/example.com/mail');
    const limit = { sendLimit: { messages: 100, seconds: 3600 } };
    expect((await ask('PATCH', path, { body: limit })).json).toMatchObject(limit);
    expect((await ask('GET', path)).json).toMatchObject(limit);
    expect((await ask('PATCH', path, { body: { sendLimit: null } })).json['sendLimit']).toBeNull();
    expect((await ask('PATCH', v1('/domains/example.net/mail'), { body: limit })).status).toBe(404);
  });

  test('201 with Location, the zone and the serial that is live', async () => {
    const added = await ask('POST', v1('/domains'), { body: { name: 'Example.ORG.' } });
    expect(added.json).toMatchObject({
      name: 'example.org',
      zone: 'example.org',
      dns: 'local',
      mail: true,
      web: true,
    });
    expect(added.json['serial']).toBeTypeOf('number');
    expect((await ask('GET', added.headers.get('location')!)).json).toEqual(added.json);
  });

  test('201: an internationalised name is taken as it is read, and answered as A-label', async () => {
    const added = await ask('POST', v1('/domains'), { body: { name: 'bücher.example', dns: 'external' } });
    expect(added.json).toMatchObject({ name: 'xn--bcher-kva.example', zone: null, serial: null });
    expect((await ask('GET', v1(`/domains/${encodeURIComponent('bücher.example')}`))).status).toBe(200);
  });

  test('409: twice', async () => {
    expect((await ask('POST', v1('/domains'), { body: { name: 'example.com' } })).json['code']).toBe(
      'already-exists',
    );
  });

  test('200: pages that follow each other, and a search', async () => {
    for (const n of [1, 2, 3, 4]) await ask('POST', v1('/domains'), { body: { name: `d${n}.example.org` } });
    const names: unknown[] = [];
    let next = '';
    do {
      const { json } = await ask('GET', v1(`/domains?limit=2${next && `&cursor=${next}`}`));
      names.push(...json.items!.map(({ name }) => name));
      next = json['next'] === null ? '' : (json['next'] as string);
    } while (next !== '');
    expect(names).toHaveLength(5);
    expect((await ask('GET', v1('/domains?search=d3'))).json.items).toHaveLength(1);
  });

  test('200: an order, and filters', async () => {
    for (const name of ['d1.example.org', 'd3.example.org'])
      await ask('POST', v1('/domains'), { body: { name } });
    const namesOf = async (query: string): Promise<unknown[]> =>
      (await ask('GET', v1(`/domains?${query}`))).json.items!.map(({ name }) => name);
    const all = await namesOf('sort=name');
    expect(await namesOf('sort=-name')).toEqual(all.toReversed());
    expect(await namesOf('sort=-createdAt')).toEqual((await namesOf('sort=createdAt')).toReversed());
    expect(await namesOf('parent=unknown,bogus&mail=true&dns=local&search=d3')).toEqual(['d3.example.org']);
    expect(await namesOf('parent=secure')).toEqual([]);
    expect(await namesOf('mail=false&search=d3')).toEqual([]);
  });

  test.each(['sort=size', 'parent=green', 'parent=', 'mail=yes', 'dns=here'])('400: %s', async (query) => {
    const { status, json } = await ask('GET', v1(`/domains?${query}`));
    expect(status).toBe(400);
    expect(json.errors![0]!.path).toMatch(new RegExp(`^${query.slice(0, query.indexOf('='))}\\b`));
  });

  test.each(['0', '501', 'x', '-1', '1.5'])('400: limit=%s', async (limit) => {
    expect((await ask('GET', v1(`/domains?limit=${limit}`))).json.errors![0]!.path).toBe('limit');
  });

  test('200: changed, and removed', async () => {
    const changed = await ask('PATCH', v1('/domains/example.com'), { body: { mail: false, ttl: 300 } });
    expect(changed.json).toMatchObject({ mail: false, web: true, ttl: 300 });
    expect((await ask('PATCH', v1('/domains/example.com'), { body: { ttl: null } })).json['ttl']).toBeNull();
    expect((await ask('DELETE', v1('/domains/example.com'))).json['published']).toHaveLength(1);
    expect((await ask('GET', v1('/domains/example.com'))).status).toBe(404);
  });

  test('200: every record, with its reason', async () => {
    const { json } = await ask('GET', v1('/domains/example.com/records'));
    expect(json.items![0]).toMatchObject({
      owner: 'example.com',
      type: 'MX',
      source: 'derived',
      rfc: 'RFC 5321',
    });
  });

  test('200: what to set at the registrar, names without final dot', async () => {
    const { json } = await ask('GET', v1('/domains/example.com/registrar?refresh=true'));
    expect(json['nameservers']).toEqual(['ns1.box.example.net', 'ns2.box.example.net']);
    expect(json['parent']).toMatchObject({ state: 'not-delegated', checkedAt: null });
  });
});

describe('records', () => {
  const path = v1('/zones/example.com/records');
  const record = { owner: 'www.example.com', type: 'a', ttl: 300, value: '192.0.2.7' };

  test('201: one, with its own address', async () => {
    const { status, headers, json } = await ask('POST', path, { body: record });
    expect([status, json['zone']]).toEqual([201, 'example.com']);
    const one = await ask('GET', headers.get('location')!);
    expect(one.json).toMatchObject({ owner: 'www.example.com', type: 'A', ttl: 300, effectiveTtl: 300 });
  });

  test('201: many, found by owner and type', async () => {
    const records = [
      record,
      { ...record, type: 'TXT', ttl: null, value: '"x"' },
      { ...record, owner: '*.example.com' },
    ];
    const added = await ask('POST', path, { body: { records } });
    expect(added.headers.get('location')).toBe(path);
    expect((await ask('GET', path)).json.items).toHaveLength(3);
    expect((await ask('GET', `${path}?owner=WWW.example.com.&type=txt`)).json.items).toHaveLength(1);
  });

  test('200: replaced, then removed by name and by id', async () => {
    await ask('POST', path, { body: record });
    const replaced = await ask('PUT', path, { body: { ...record, value: '192.0.2.8' } });
    expect((await ask('GET', path)).json.items!.map(({ value }) => value)).toEqual(['192.0.2.8']);
    const [{ id }] = replaced.json['records'] as [{ id: string }];
    expect((await ask('DELETE', `${path}/${id}`)).json).toMatchObject({ removed: 1 });
    expect((await ask('DELETE', `${path}/${id}`)).status).toBe(404);
    expect((await ask('DELETE', `${path}?owner=www.example.com`)).json).toMatchObject({
      removed: 0,
      serial: null,
    });
  });

  test('200: a preview of what is added, replaced and removed changes nothing', async () => {
    const added = await ask('POST', `${path}/preview`, { body: { add: [record] } });
    expect([added.status, added.json]).toEqual([
      200,
      {
        zone: 'example.com',
        changes: [{ op: '+', owner: 'www.example.com', type: 'A', ttl: 300, value: '192.0.2.7' }],
      },
    ]);
    expect((await ask('POST', `${path}/preview`, { body: { replace: [record] } })).status).toBe(200);
    const remove = { owner: 'www.example.com', type: 'A' };
    expect((await ask('POST', `${path}/preview`, { body: { remove } })).status).toBe(200);
    const gone = await ask('POST', `${path}/preview`, { body: { remove: { id: 'none' } } });
    expect(gone.json['code']).toBe('not-found');
    const both = await ask('POST', `${path}/preview`, { body: { add: [record], remove } });
    expect(both.json['code']).toBe('invalid-request');
    expect((await ask('GET', path)).json.items).toEqual([]);
  });

  test.each([
    [{ owner: 'www.example.com', type: 'A' }, 'invalid-request', 'value'],
    [{ records: [record, { ...record, ttl: 2 ** 31 }] }, 'invalid-request', 'records[1].ttl'],
    [{ records: [] }, 'invalid-request', 'records'],
    [{ records: [{}, {}, {}] }, 'invalid-request', 'records[0].owner'],
    [{ ...record, owner: 'a..example.com' }, 'invalid-name', 'owner'],
    [{ ...record, type: 'NO SUCH' }, 'invalid-request', 'type'],
    [{ ...record, type: 'NOSUCH' }, 'invalid-record', 'type'],
  ])('400: %j', async (body, code, field) => {
    const { status, json } = await ask('POST', path, { body });
    expect([status, json['code'], json.errors![0]!.path]).toEqual([400, code, field]);
  });

  test('400: a query without an owner removes nothing', async () => {
    expect((await ask('DELETE', path)).json.errors).toEqual([
      { path: 'owner', message: 'This field is missing.' },
    ]);
  });
});

describe('zones', () => {
  const path = v1('/zones/example.com');

  test('200: list, one, changed, keys, versions', async () => {
    expect((await ask('GET', v1('/zones'))).json.items).toMatchObject([
      { name: 'example.com', denial: 'nsec' },
    ]);
    expect((await ask('GET', path)).json['records']).toBe(12);
    expect((await ask('PATCH', path, { body: { denial: 'nsec3' } })).status).toBe(200);
    expect((await ask('GET', `${path}/keys`)).json).toMatchObject({ items: [{ role: 'CSK' }], next: null });
    expect((await ask('GET', `${path}/versions`)).json.items).toHaveLength(1);
  });

  test('200: the zone file as text/dns, which has no parameters (RFC 4027 §3)', async () => {
    const { headers, text } = await ask('GET', `${path}/zonefile?signed=true&serial=17`);
    expect([headers.get('content-type'), text]).toEqual(['text/dns', '$ORIGIN example.com.\n']);
  });

  test('200: a difference, as JSON and as text', async () => {
    const { json } = await ask('GET', `${path}/diff?from=1&to=2`);
    expect(json).toEqual({
      from: 1,
      to: 2,
      items: [{ op: '+', owner: 'www.example.com', type: 'A', ttl: 300, value: '192.0.2.7' }],
    });
    const text = await ask('GET', `${path}/diff?from=1&to=2&dnssec=true`, {
      headers: { Accept: 'text/plain' },
    });
    expect(text.text).toBe('+www.example.com. 300 IN A 192.0.2.7\n');
  });

  test('200: made anew, and 202: all of them', async () => {
    const { json } = await ask('POST', `${path}/rebuild`);
    expect(json).toMatchObject({ zone: 'example.com', mended: [], lost: [] });
    const all = await ask('POST', v1('/zones/rebuild'));
    expect([all.status, all.headers.get('location')]).toEqual([202, v1(`/jobs/${String(all.json['job'])}`)]);
  });

  test('200: rolled back', async () => {
    expect((await ask('POST', `${path}/rollback`, { body: { serial: 17 } })).json['zone']).toBe(
      'example.com',
    );
  });

  test('200: imported, or said what would be', async () => {
    const body = { zone: 'example.org', from: { kind: 'zonefile', text: 'www A 192.0.2.7' }, dryRun: true };
    const dry = await ask('POST', v1('/zones/import'), { body });
    expect(dry.json).toMatchObject({
      dryRun: true,
      serial: null,
      skipped: [{ reason: 'The box has its own.' }],
    });
    const real = await ask('POST', v1('/zones/import'), {
      body: { zone: 'example.org', from: { kind: 'axfr', server: '192.0.2.53' } },
    });
    expect(real.json['serial']).toBeTypeOf('number');
  });

  test.each([
    [`${path}/diff?from=1`, 'to'],
    [`${path}/diff?from=1&to=4294967296`, 'to'],
    [`${path}/diff?from=-1&to=2`, 'from'],
    [`${path}/zonefile?signed=maybe`, 'signed'],
  ])('400: %s', async (query, field) => {
    expect((await ask('GET', query)).json.errors![0]!.path).toBe(field);
  });
});

describe('certificates', () => {
  const path = v1('/certificates');
  const chain = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${privateKeyMarker}\n-----END PRIVATE KEY-----\n`;

  test('200: what there is, with what was tried and what comes next', async () => {
    const { json } = await ask('GET', path);
    expect(json.items).toMatchObject([
      {
        id: 'c0',
        names: ['example.com', '*.example.com'],
        purpose: 'domain',
        domain: 'example.com',
        state: 'valid',
        step: null,
        nextAttemptWhy: 'two thirds of its lifetime',
        attempts: [{ step: 'failed', problem: 'The CA could not ask the nameserver.' }],
      },
    ]);
    expect((await ask('GET', `${path}/c0`)).json).toEqual(json.items![0]);
    expect((await ask('GET', `${path}/none`)).json['code']).toBe('not-found');
    const of = async (domain: string) => (await ask('GET', `${path}?domain=${domain}`)).json;
    expect(await of('example.COM.')).toEqual({ items: [json.items![0]], next: null });
    expect(await of('example.org')).toEqual({ items: [], next: null });
    expect((await of('a..b'))['code']).toBe('invalid-name');
  });

  test('202: an order, whose outcome is at its address; names are A-labels (RFC 5280 §7.2, RFC 8555 §7.1.4)', async () => {
    const names = ['Bücher.example.com.', '*.Example.com', '*.example.com'];
    const ordered = await ask('POST', path, { body: { names, keyAlgorithm: 'rsa-2048' } });
    expect([ordered.status, ordered.json['state'], ordered.json['step']]).toEqual([
      202,
      'ordering',
      'waiting',
    ]);
    expect(ordered.json['names']).toEqual(['xn--bcher-kva.example.com', '*.example.com']);
    expect((await ask('GET', ordered.headers.get('location')!)).json).toEqual(ordered.json);
    expect((await ask('GET', `${path}?limit=1`)).json['next']).toBe('1');
  });

  test('202: renewed; 200: revoked for a reason (RFC 5280 §5.3.1)', async () => {
    expect((await ask('POST', `${path}/c0/renew`)).json['state']).toBe('renewing');
    const revoked = await ask('POST', `${path}/c0/revoke`, { body: { reason: 'keyCompromise' } });
    expect(revoked.json).toMatchObject({ state: 'revoked', nextAttemptWhy: 'reason 1' });
    expect((await ask('POST', `${path}/none/renew`)).status).toBe(404);
  });

  test('201: a request for another CA, and what that made of it', async () => {
    const made = await ask('POST', `${path}/csr`, { body: { names: ['www.example.com'] } });
    expect(made.json['csr']).toContain('BEGIN CERTIFICATE REQUEST');
    expect(made.headers.get('location')).toBe(`${path}/${String(made.json['id'])}`);
    expect((await ask('POST', `${path}/install`, { body: { chain } })).json['kind']).toBe('own');
  });

  test('200: the account with the CA, and with a new key; nothing secret of it', async () => {
    const account = await ask('GET', `${path}/account`);
    expect(account.json).toEqual({
      directory: 'https://ca.example.org/directory',
      accountUri: 'https://ca.example.org/account/0',
      email: 'admin@example.com',
      profile: null,
      externalAccount: true,
      caaIdentities: ['ca.example.org'],
    });
    const rolled = await ask('POST', `${path}/account/roll-key`);
    expect([rolled.status, rolled.json['accountUri']]).toEqual([200, 'https://ca.example.org/account/1']);
  });

  test('200: the chain, for all who read; the key of it, over the socket alone', async () => {
    const { json } = await ask('GET', `${path}/c0/chain`);
    expect(json).toMatchObject({
      id: 'c0',
      serialNumber: '03a1b2c3',
      notAfter: '2026-04-01T00:00:00Z',
      chain,
    });
    const token = await box.tokenFor({ scope: 'certificates:export-key' });
    const headers = { 'Idempotency-Key': 'export-1' };
    const socket = { token, headers, peer: { kind: 'local' } } as const;
    const exported = await ask('POST', `${path}/c0/export-key`, socket);
    expect([exported.status, exported.json]).toEqual([
      200,
      { certificate: json, privateKey: privateKeyMarker },
    ]);
    const repeated = await ask('POST', `${path}/c0/export-key`, socket);
    expect([repeated.status, repeated.json]).toEqual([200, { certificate: json }]);
    expect((await ask('GET', `${path}/none/chain`)).json['code']).toBe('not-found');
  });

  test('a private key comes back in no answer', async () => {
    const headers = { 'Idempotency-Key': 'install-1' };
    for (const _ of ['first', 'repeated']) {
      const installed = await ask('POST', `${path}/install`, { body: { chain, privateKey }, headers });
      expect([installed.status, installed.text.includes(privateKeyMarker)]).toEqual([201, false]);
    }
    expect((await ask('GET', path)).text).not.toContain(privateKeyMarker);
    expect((await ask('GET', v1('/audit'))).text).not.toContain(privateKeyMarker);
  });

  test.each([
    ['', { names: [] }, 'invalid-request', 'names'],
    ['', { names: ['*.*.example.com'] }, 'invalid-name', 'names[0]'],
    ['', { names: ['www.*.example.com'] }, 'invalid-name', 'names[0]'],
    ['', { names: ['*.com'] }, 'invalid-name', 'names[0]'],
    ['', { names: ['example.com', '192.0.2.1'] }, 'invalid-name', 'names[1]'],
    ['', { names: ['example.com'], keyAlgorithm: 'dsa' }, 'invalid-request', 'keyAlgorithm'],
    ['/c0/revoke', { reason: 'bored' }, 'invalid-request', 'reason'],
    ['/install', { chain: 'AAAA' }, 'invalid-request', 'chain'],
    ['/install', { chain, privateKey: chain }, 'invalid-request', 'privateKey'],
  ])('400: %s %j', async (below, body, code, field) => {
    const { json } = await ask('POST', `${path}${below}`, { body });
    expect([json['code'], json.errors![0]!.path]).toEqual([code, field]);
  });

  test('400: names that are not ours', async () => {
    const answer = await ask('POST', path, { body: { names: ['example.org'] } });
    expect(answer.json['code']).toBe('outside-zone');
  });
});

describe('mail servers', () => {
  test('200: how they are, what would change, and what came of it', async () => {
    const status = await ask('GET', v1('/mail/status'));
    expect([status.status, status.json]).toMatchObject([
      200,
      { accepted: true, servers: [{ version: '3.7.11' }] },
    ]);
    const plan = await ask('GET', v1('/mail/plan'));
    const files = [{ path: '/etc/postfix/main.cf', change: 'change', edited: true, diff: '-a\n+b\n' }];
    expect([plan.status, plan.json]).toMatchObject([
      200,
      { install: null, servers: [{ name: 'postfix', files }] },
    ]);
    const applied = await ask('POST', v1('/mail/apply'), { body: { replaceEdited: true } });
    expect([applied.status, applied.json]).toEqual([
      200,
      { servers: [{ name: 'postfix', outcome: 'applied', detail: null }] },
    ]);
  });
});

describe('DKIM keys', () => {
  test('200: the keys of a domain, new ones, and how often they are replaced', async () => {
    await ask('POST', v1('/domains'), { body: { name: 'example.com' } });
    const path = v1('/domains/example.com/dkim');
    const shown = await ask('GET', path);
    expect([shown.status, shown.json]).toMatchObject([
      200,
      {
        domain: 'example.com',
        keys: [{ selector: 'rsa2601a', state: 'active', owner: 'rsa2601a._domainkey.example.com' }],
        next: { step: 'publish', at: '2026-01-01T00:00:01.000Z', waitsFor: null },
        problem: null,
      },
    ]);
    const rotated = await ask('POST', `${path}/rotate`, { body: {} });
    expect(rotated.json).toMatchObject({
      keys: [{}, { state: 'published' }],
      next: { step: 'see', at: null },
    });
    expect((await ask('POST', `${path}/rotate`, { body: {} })).json['code']).toBe('in-use');
    expect((await ask('POST', `${path}/rotate`, { body: { emergency: true } })).status).toBe(200);
    const put = await ask('PUT', v1('/dkim'), { body: { every: 90 * 86_400 } });
    expect(put.json).toEqual({ every: 7_776_000, troubled: [], troubledCount: 0 });
    expect((await ask('GET', v1('/dkim'))).json).toEqual(put.json);
  });

  test('404: a domain that is not there', async () => {
    expect((await ask('GET', v1('/domains/example.org/dkim'))).json['code']).toBe('not-found');
  });
});

describe('settings of the mail servers', () => {
  const path = v1('/mail/settings');

  test('200: changed, without the password in any answer', async () => {
    const relay = { host: 'smtp.example.org', user: 'box@example.org', password: 'a secret word' };
    const sendLimit = { messages: 500, seconds: 86_400 };
    const changed = await ask('PATCH', path, { body: { relay, sendLimit } });
    expect([changed.status, changed.json]).toEqual([
      200,
      {
        relay: { host: 'smtp.example.org', port: 587, user: 'box@example.org', hasPassword: true },
        greylisting: false,
        messageSizeLimit: 134_217_728,
        scores: { junk: 6, reject: 15 },
        sendLimit,
        totalSendLimit: null,
      },
    ]);
    expect((await ask('GET', path)).json).toEqual(changed.json);
    const audit = await ask('GET', v1('/audit'));
    expect(audit.text).toContain('mail.settings');
    expect(changed.text + audit.text).not.toContain(relay.password);
  });

  test('200: what a change would reload, and nothing is changed', async () => {
    const preview = (body: object) => ask('POST', `${path}/preview`, { body });
    const relay = { host: 'smtp.example.org', user: 'box@example.org', password: 'a secret word' };
    const found = await preview({ relay, greylisting: true });
    expect([found.status, found.json]).toEqual([200, { reloads: ['rspamd', 'postfix'] }]);
    expect((await preview({ sendLimit: { messages: 500, seconds: 3600 } })).json).toEqual({ reloads: [] });
    expect((await ask('GET', path)).json).toMatchObject({ relay: null, greylisting: false });
    const { json } = await preview({ scores: { junk: 20, reject: 15 } });
    expect([json['code'], json.errors![0]!.path]).toEqual(['invalid-request', 'scores.reject']);
  });

  test.each([
    [{ relay: { host: 'smtp.example.org', user: 'a:b', password: 'c' } }, 'relay.user'],
    [{ relay: { host: 'smtp.example.org', user: 'a', password: 'c\nd' } }, 'relay.password'],
    [{ relay: { host: 'smtp.example.org', user: 'a' } }, 'relay.password'],
    [{ relay: { host: 'box.example.net', port: 25 } }, 'relay.host'],
    [{ scores: { junk: 20, reject: 15 } }, 'scores.reject'],
    [{ messageSizeLimit: 1 }, 'messageSizeLimit'],
  ])('400: %j', async (body, at) => {
    const { json } = await ask('PATCH', path, { body });
    expect([json['code'], json.errors![0]!.path]).toEqual(['invalid-request', at]);
  });
});

describe('the web site of a domain', () => {
  const path = v1('/domains/example.com/web');

  test('200: files alone, and what it is besides', async () => {
    expect((await ask('GET', path)).json).toEqual({ hsts: null, rules: [] });
    const body = {
      hsts: { seconds: 60 },
      rules: [
        { path: '/', kind: 'permanent-redirect', to: 'HTTPS://Example.org/' },
        { path: '/app', kind: 'proxy', to: 'http://localhost:3000/' },
      ],
    };
    const put = await ask('PUT', path, { body });
    const site = {
      hsts: { seconds: 60, subdomains: false },
      rules: [
        { path: '/', kind: 'permanent-redirect', to: 'https://example.org' },
        { path: '/app', kind: 'proxy', to: 'http://127.0.0.1:3000' },
      ],
    };
    expect([put.status, put.json]).toEqual([200, site]);
    expect((await ask('GET', path)).json).toEqual(site);
    expect((await ask('PUT', path, { body: {} })).json).toEqual({ hsts: null, rules: [] });
    expect((await ask('PUT', v1('/domains/example.net/web'), { body })).status).toBe(404);
  });

  test.each([
    [{ path: '/a', kind: 'redirect', to: 'https://example.org/$host' }, 'rules[1].to'],
    [{ path: '/a', kind: 'redirect', to: 'javascript:alert(1)' }, 'rules[1].to'],
    [{ path: '/a', kind: 'redirect', to: 'https://a:b@example.org/' }, 'rules[1].to'],
    [{ path: '/a', kind: 'proxy', to: 'http://192.0.2.1:80' }, 'rules[1].to'],
    [{ path: '/a;', kind: 'redirect', to: 'https://example.org' }, 'rules[1].path'],
    [{ path: '/', kind: 'redirect', to: 'https://example.org' }, 'rules[1].path'],
  ])('400: %j', async (rule, at) => {
    const rules = [{ path: '/', kind: 'redirect', to: 'https://example.net' }, rule];
    const { json } = await ask('PUT', path, { body: { rules } });
    expect([json['code'], json.errors![0]!.path]).toEqual(['invalid-request', at]);
  });
});

describe('history of mail', () => {
  const path = v1('/mail/history');

  test('200: the newest first, page by page', async () => {
    const first = await ask('GET', `${path}?limit=1`);
    expect(first.json).toEqual({
      items: [
        {
          at: '2026-12-31T12:00:02.000Z',
          id: '2@remote.example',
          sender: 'someone@remote.example',
          recipients: ['Info@Example.com', 'anna@example.org'],
          user: null,
          action: 'reject',
          score: 16.01,
          symbols: [
            { name: 'BAYES_SPAM', score: 5.1 },
            { name: 'R_SPF_ALLOW', score: -0.2 },
            { name: 'ARC_NA', score: 0 },
          ],
          size: 1234,
        },
      ],
      next: expect.any(String) as string,
      problem: null,
    });
    const second = await ask('GET', `${path}?limit=1&cursor=${first.json['next'] as string}`);
    expect(second.json).toMatchObject({ items: [{ id: '1@remote.example' }], next: null });
    expect((await ask('GET', `${path}?cursor=x`)).json['code']).toBe('invalid-request');
  });

  test.each([
    ['address=ANNA@example.com', ['1@remote.example']],
    ['domain=example.com', ['2@remote.example', '1@remote.example']],
    ['domain=example.org', ['2@remote.example']],
    ['address=nobody@example.com', []],
  ])('200: ?%s', async (query, ids) => {
    const { json } = await ask('GET', `${path}?${query}`);
    expect((json.items as unknown as { id: string }[]).map(({ id }) => id)).toEqual(ids);
  });
});

describe('logs of mail servers', () => {
  const path = (server: string): string => v1(`/mail/servers/${server}/log`);

  test('200: the last lines, or why there are none', async () => {
    expect((await ask('GET', path('postfix'))).json).toEqual({
      lines: ['4D2F31A0B0: queue active', '4D2F31A0B0: removed'],
      problem: null,
    });
    expect((await ask('GET', `${path('postfix')}?lines=1`)).json).toMatchObject({
      lines: ['4D2F31A0B0: removed'],
    });
    expect((await ask('GET', path('nginx'))).json).toEqual({
      lines: [],
      problem: 'There is no log of nginx: it is not installed.',
    });
  });

  test.each([
    path('sshd'),
    path('..%2F..%2Fshadow'),
    `${path('postfix')}?lines=0`,
    `${path('postfix')}?lines=501`,
  ])('400: %s', async (wrong) => {
    expect((await ask('GET', wrong)).json['code']).toBe('invalid-request');
  });
});

describe('queue of mail', () => {
  const path = v1('/mail/queue');

  test('200: the oldest first, page by page, of one domain', async () => {
    const first = await ask('GET', `${path}?limit=1`);
    expect(first.json).toEqual({
      items: [
        {
          ...{ id: '4D2F31A0B0', queue: 'deferred', at: '2026-12-31T12:00:00.000Z', size: 431, sender: '' },
          recipients: [{ address: 'anna@example.com', reason: 'connection refused' }],
          recipientCount: 1,
        },
      ],
      next: expect.any(String) as string,
      counts: { deferred: 2 },
    });
    const second = await ask('GET', `${path}?limit=1&cursor=${first.json['next'] as string}`);
    expect(second.json).toMatchObject({ items: [{ id: '4D2F31A0B1' }], next: null });
    for (const [query, deferred] of [
      ['domain=Example.ORG', 1],
      ['address=anna%40example.c', 1],
      ['reason=Refused', 2],
    ])
      expect((await ask('GET', `${path}?${query}`)).json, String(query)).toMatchObject({
        counts: { deferred },
      });
    expect((await ask('GET', `${path}?reason=greylisted`)).json).toMatchObject({ items: [], counts: {} });
    expect((await ask('GET', `${path}?cursor=x`)).json['code']).toBe('invalid-request');
  });

  test.each([
    [{ action: 'hold', id: '4D2F31A0B0' }, 1],
    [{ action: 'delete', domain: 'example.org' }, 1],
    [{ action: 'requeue', domain: 'example.net' }, 0],
    [{ action: 'retry' }, null],
  ])('200: %j', async (body, messages) => {
    expect((await ask('POST', path, { body })).json).toEqual({ messages });
    const { json } = await ask('GET', v1('/audit?limit=1'));
    expect(json).toMatchObject({ items: [{ action: 'mail.queue', detail: { action: body.action } }] });
  });

  test.each([
    [{ action: 'delete' }, 'invalid-request'],
    [{ action: 'hold', id: '-d' }, 'invalid-request'],
    [{ action: 'hold', id: '4D2F31A0B0', domain: 'example.com' }, 'invalid-request'],
    [{ action: 'hold', id: '4D2F31A0B9' }, 'not-found'],
  ])('%j: %s', async (body, code) => {
    expect((await ask('POST', path, { body })).json['code']).toBe(code);
  });
});

describe('mail of a domain', () => {
  const path = v1('/domains/example.com/mail');

  test('200: as it comes, and as it was chosen; what is not given stays', async () => {
    const comes = {
      ...{ sendLimit: null, totalSendLimit: null, totalSending: null },
      ...{ nextHop: null, spamFilter: true, scores: null },
    };
    expect((await ask('GET', path)).json).toEqual(comes);
    const nextHop = { host: 'Mail.Example.NET' };
    const changed = await ask('PATCH', path, { body: { nextHop, scores: { junk: 4, reject: 9 } } });
    const chosen = {
      ...comes,
      nextHop: { host: 'mail.example.net', port: 25 },
      scores: { junk: 4, reject: 9 },
    };
    expect([changed.status, changed.json]).toEqual([200, chosen]);
    const body = { spamFilter: false, scores: null };
    expect((await ask('PATCH', path, { body })).json).toEqual({ ...chosen, ...body });
    expect((await ask('PATCH', path, { body: { nextHop: null } })).json['nextHop']).toBeNull();
  });

  test('200: what its mailboxes may send together: its own, else the box’s', async () => {
    const [ofBox, own] = [
      { messages: 5000, seconds: 86_400 },
      { messages: 100, seconds: 3600 },
    ];
    await ask('PATCH', v1('/mail/settings'), { body: { totalSendLimit: ofBox } });
    expect((await ask('GET', path)).json).toMatchObject({
      totalSendLimit: null,
      totalSending: { ...ofBox, sent: 0 },
    });
    const changed = await ask('PATCH', path, { body: { totalSendLimit: own } });
    expect(changed.json).toMatchObject({ totalSendLimit: own, totalSending: { ...own, sent: 0 } });
    await ask('PATCH', path, { body: { totalSendLimit: null } });
    await ask('PATCH', v1('/mail/settings'), { body: { totalSendLimit: null } });
    expect((await ask('GET', path)).json).toMatchObject({ totalSendLimit: null, totalSending: null });
  });

  test.each([
    [{ totalSendLimit: { messages: 0, seconds: 60 } }, 'totalSendLimit.messages'],
    [{ nextHop: { host: 'box.example.net' } }, 'nextHop.host'],
    [{ nextHop: { host: 'a b' } }, 'nextHop.host'],
    [{ nextHop: { host: 'mail.example.net', port: 0 } }, 'nextHop.port'],
    [{ scores: { junk: 9, reject: 9 } }, 'scores.reject'],
  ])('400: %j', async (body, at) => {
    const { json } = await ask('PATCH', path, { body });
    expect([json['code'], json.errors![0]!.path]).toEqual(['invalid-request', at]);
  });
});

describe('tokens and audit', () => {
  test('201: a token with limits, then revoked; both are in the audit log', async () => {
    const scopes = [{ scope: 'dns:write', zones: ['Example.com'], names: ['_acme-challenge.example.org'] }];
    const made = await ask('POST', v1('/tokens'), {
      body: { name: 'lego', scopes, expiresAt: '2027-01-31T12:00:00Z' },
    });
    expect(made.status).toBe(201);
    const { id, scopes: kept } = made.json['token'] as { id: string; scopes: unknown };
    expect(kept).toEqual([
      { scope: 'dns:write', zones: ['example.com'], names: ['_acme-challenge.example.org'] },
    ]);
    expect(made.headers.get('location')).toBe(v1(`/tokens/${id}`));
    expect(JSON.stringify((await ask('GET', v1('/tokens'))).json)).not.toContain(made.json['secret']);
    expect((await ask('DELETE', v1(`/tokens/${id}`))).json).toEqual({ revoked: id });
    expect((await ask('DELETE', v1(`/tokens/${id}`))).json['code']).toBe('not-found');
    const audit = await ask('GET', v1(`/audit?target=${id}`));
    expect(audit.json.items!.map(({ action }) => action)).toEqual(['token.revoke', 'token.create']);
    expect(audit.json.items![0]!['actor']).toMatchObject({ kind: 'token', address: '203.0.113.9' });
    const last = audit.json.items![0]!['id'] as number;
    expect((await ask('GET', v1(`/audit?actor=test&after=${last - 1}`))).json.items).toHaveLength(1);
    expect(
      (await ask('GET', v1('/audit?since=2000-01-01T00:00:00%2B01:00&until=2000-01-02T00:00:00Z'))).json
        .items,
    ).toEqual([]);
    expect((await ask('GET', v1('/audit?since=yesterday'))).json.errors).toMatchObject([{ path: 'since' }]);
  });

  test('a token is good for the addresses that it names alone', async () => {
    const body = { name: 'x', scopes: [{ scope: 'read' }], addresses: ['192.0.2.0/24', '2001:db8::/32'] };
    const { json } = await ask('POST', v1('/tokens'), { body });
    expect(json['token']).toMatchObject({ addresses: body.addresses });
    const token = json['secret'] as string;
    const from = async (address: string) =>
      (await ask('GET', v1('/domains'), { token, peer: { kind: 'network', address } })).status;
    expect(await from('192.0.2.200')).toBe(200);
    expect(await from('::ffff:192.0.2.200')).toBe(200);
    expect(await from('2001:db8::1')).toBe(200);
    expect(await from('198.51.100.1')).toBe(401);
    expect((await ask('GET', v1('/domains'), { token, peer: { kind: 'local' } })).status).toBe(200);
  });

  test.each([
    [{ name: 'x', scopes: [{ scope: 'root' }] }, 'scopes[0].scope'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: [{ scope: 'read', zones: ['example.com'] }] }, 'scopes[0]'],
    [{ name: 'x', scopes: [{ scope: 'read' }], expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ name: 'x', scopes: [{ scope: 'read' }], addresses: ['192.0.2.0/33'] }, 'addresses[0]'],
  ])('400: %j', async (body, field) => {
    expect((await ask('POST', v1('/tokens'), { body })).json.errors![0]!.path).toBe(field);
  });
});

describe('accounts', () => {
  const password = 'four words of nobody';
  let cookie: string | undefined;
  /** As a browser: with the cookie that it has. */
  async function browse(method: string, path: string, body?: unknown): Promise<TestAnswer> {
    const headers = { 'Sec-Fetch-Site': 'same-origin', ...(cookie && { Cookie: cookie }) };
    const given = await ask(method, v1(path), { token: null, headers, ...(body !== undefined && { body }) });
    const set = given.headers.get('set-cookie');
    if (set) cookie = set.split(';', 1)[0];
    return given;
  }

  test('200: a person signs in, looks after the own account, and signs out', async () => {
    cookie = undefined;
    const secret = box.services.tokens.createSetupSecret();
    expect((await browse('POST', '/setup/owner', { secret, name: 'olga', password })).status).toBe(201);
    const signIn = (more: object = {}) => browse('POST', '/session', { name: 'olga', password, ...more });
    await signIn();
    await browse('POST', '/session/confirm', { password });
    await browse('PATCH', '/session/account', { language: 'de' });
    await browse('POST', '/session/password', { password, newPassword: password });
    const first = cookie;
    cookie = undefined;
    await signIn();
    const { json: sessions } = await browse('GET', '/session/all');
    cookie = first;
    await browse('DELETE', `/session/all/${sessions.items![0]!['id'] as string}`);
    const { json: factor } = await browse('POST', '/session/second-factor');
    const totp = new TOTP({ secret: Secret.fromBase32(factor['secret'] as string) });
    const code = totp.generate({ timestamp: box.services.clock.now() });
    await browse('POST', '/session/second-factor/confirm', { code });
    await browse('POST', '/session/recovery-codes');
    await browse('DELETE', '/session/second-factor');
    const device = createAuthenticator({ origin: 'http://localhost' });
    const made = device.create((await browse('POST', '/session/passkeys/options')).json);
    const { json: passkey } = await browse('POST', '/session/passkeys', { name: 'x', response: made });
    for (const path of ['/session/passkey', '/session/confirm-passkey']) {
      const options = await browse('POST', '/session/passkey/options', {});
      expect((await browse('POST', path, { response: device.get(options.json) })).status).toBe(200);
    }
    expect((await browse('GET', '/session/passkeys')).json.items).toEqual([
      { ...passkey, lastUsedAt: expect.any(String) as string },
    ]);
    await browse('DELETE', `/session/passkeys/${passkey['id'] as string}`);
    expect((await browse('GET', '/session')).json).toMatchObject({ account: { language: 'de' } });
    expect((await browse('DELETE', '/session')).status).toBe(200);
  });

  test('201: an administrator looks after those of others', async () => {
    const added = await ask('POST', v1('/accounts'), { body: { name: 'bert', role: 'administrator' } });
    const use = async (answer: TestAnswer) => {
      const { secret } = answer.json['link'] as { secret: string };
      expect((await browse('POST', '/session/password-link', { secret, password })).status).toBe(200);
    };
    await use(added);
    await use(await ask('POST', v1('/accounts/bert/reset'), { body: {} }));
    expect((await ask('GET', v1('/accounts'))).json.items).toMatchObject([{ name: 'bert' }]);
    await ask('PATCH', v1('/accounts/bert'), { body: { displayName: 'Bert' } });
    expect((await ask('GET', v1('/accounts/bert'))).json).toMatchObject({ displayName: 'Bert' });
    cookie = undefined;
    await browse('POST', '/session', { name: 'bert', password });
    const { json } = await ask('GET', v1('/accounts/bert/sessions'));
    await ask('DELETE', v1(`/accounts/bert/sessions/${json.items![0]!['id'] as string}`));
    expect((await ask('DELETE', v1('/accounts/bert'))).json).toEqual({ removed: 'bert' });
  });
});

describe('jobs', () => {
  test('202: begun by adding many domains, then found', async () => {
    const { status, json } = await ask('POST', v1('/domains/bulk'), {
      body: { domains: [{ name: 'a.example' }] },
    });
    expect(status).toBe(202);
    expect((await ask('GET', v1(`/jobs/${json['job'] as string}`))).json).toMatchObject({
      state: 'done',
      total: 1,
    });
    expect((await ask('GET', v1('/jobs'))).json.items).toHaveLength(1);
    expect((await ask('GET', v1(`/jobs/${json['job'] as string}/failures`))).json.items).toEqual([]);
  });
});

describe('secondary zones', () => {
  const zone = {
    name: 'Example.EDU.',
    primaries: [
      { address: '192.0.2.53', tsigKey: 'xfr.example' },
      { address: '192.0.2.54', port: 8853, tls: { name: 'ns1.example.edu' } },
    ],
  };
  const path = v1('/secondary-zones/example.edu');
  const problemOf = async (method: string, where: string, body?: unknown) =>
    (await ask(method, where, body === undefined ? {} : { body })).json;

  test('201, 200: added, shown, changed, asked again and removed', async () => {
    const refused = await problemOf('POST', v1('/secondary-zones'), zone);
    expect(refused.errors![0]!.path).toBe('primaries[0].tsigKey');
    await ask('POST', v1('/tsig-keys'), { body: { name: 'xfr.example', transfer: [] } });
    const added = await ask('POST', v1('/secondary-zones'), { body: zone });
    expect([added.status, added.headers.get('location')]).toEqual([201, path]);
    const expected = {
      ...{ name: 'example.edu', state: 'pending', serial: null, expiresAt: null, failures: 0, problem: null },
      primaries: [
        { address: '192.0.2.53', port: null, tsigKey: 'xfr.example', tls: null },
        { address: '192.0.2.54', port: 8853, tsigKey: null, tls: { name: 'ns1.example.edu' } },
      ],
    };
    expect(added.json).toMatchObject(expected);
    expect((await ask('GET', path)).json).toMatchObject(expected);
    expect((await problemOf('POST', v1('/secondary-zones'), zone))['code']).toBe('already-exists');
    const key = await problemOf('DELETE', v1('/tsig-keys/xfr.example'));
    expect([key['code'], key['detail']]).toEqual(['in-use', expect.stringContaining('example.edu')]);
    expect((await ask('POST', `${path}/refresh`)).status).toBe(202);
    const primaries = [{ address: '192.0.2.55' }];
    expect((await ask('PATCH', path, { body: { primaries } })).json['primaries']).toMatchObject(primaries);
    expect((await ask('DELETE', v1('/tsig-keys/xfr.example'))).status).toBe(200);
    expect((await ask('GET', v1('/audit'))).text).toContain('secondary-zone.update');
    expect((await ask('DELETE', path)).json).toEqual({ removed: 'example.edu' });
    expect((await ask('GET', path)).status).toBe(404);
  });

  test('200: a page after the other', async () => {
    for (const name of ['c.example', 'a.example', 'b.example'])
      await ask('POST', v1('/secondary-zones'), { body: { name, primaries: [{ address: '192.0.2.53' }] } });
    const first = await ask('GET', v1('/secondary-zones?limit=2'));
    expect(first.json.items!.map(({ name }) => name)).toEqual(['a.example', 'b.example']);
    const next = await ask('GET', v1(`/secondary-zones?cursor=${first.json['next'] as string}`));
    expect([next.json.items!.map(({ name }) => name), next.json['next']]).toEqual([['c.example'], null]);
  });

  test.each<[string, unknown, string, string]>([
    ['no primary', { primaries: [] }, 'invalid-request', 'primaries'],
    ['a primary by name', { primaries: [{ address: 'ns1' }] }, 'invalid-request', 'primaries[0].address'],
    ['a port', { primaries: [{ address: '192.0.2.53', port: 0 }] }, 'invalid-request', 'primaries[0].port'],
    [
      'a pin',
      { primaries: [{ address: '192.0.2.53', tls: { pin: 'x' } }] },
      'invalid-request',
      'primaries[0].tls.pin',
    ],
    ['a name', { name: 'two..example', primaries: zone.primaries }, 'invalid-name', 'name'],
  ])('400: %s that is none', async (_what, more, code, at) => {
    const problem = await problemOf('POST', v1('/secondary-zones'), { ...zone, ...(more as object) });
    expect([problem['code'], problem.errors![0]!.path]).toEqual([code, at]);
  });

  test('403: over the network, a primary that only the box can reach', async () => {
    const inside = { ...zone, primaries: [{ address: '10.0.0.1' }] };
    const forbidden = await problemOf('POST', v1('/secondary-zones'), inside);
    expect([forbidden['code'], forbidden['detail']]).toEqual([
      'forbidden',
      expect.stringContaining('--import-networks'),
    ]);
  });
});

describe('secondaries and TSIG keys', () => {
  const key = { name: 'Xfr.Example.', transfer: ['example.com'] };
  const secondary = {
    name: 'ns2.example.org',
    addresses: ['2001:DB8::53', '192.0.2.53'],
    tsigKey: 'xfr.example',
  };

  test('201: a key shows its secret once; 200: it is read without, and removed', async () => {
    const options = { body: key, headers: { 'Idempotency-Key': 'k1' } };
    const made = await ask('POST', v1('/tsig-keys'), options);
    expect(made.status).toBe(201);
    expect(Buffer.from(made.json['secret'] as string, 'base64')).toHaveLength(32);
    expect((await ask('POST', v1('/tsig-keys'), options)).json['secret']).toBeUndefined();
    const path = made.headers.get('location')!;
    const expected = { name: 'xfr.example', algorithm: 'hmac-sha256', transfer: ['example.com'] };
    expect((await ask('GET', path)).json).toMatchObject(expected);
    expect((await ask('GET', v1('/tsig-keys'))).json.items).toMatchObject([expected]);
    expect((await ask('POST', v1('/tsig-keys'), { body: key })).json['code']).toBe('already-exists');
    const audit = (await ask('GET', v1('/audit'))).text;
    expect(audit).toContain('tsig-key.create');
    expect(audit).not.toContain(made.json['secret'] as string);
    expect((await ask('DELETE', path)).json).toEqual({ removed: 'xfr.example' });
    expect((await ask('GET', path)).status).toBe(404);
  });

  test("201: a secret of one's own", async () => {
    const secret = Buffer.alloc(64, 7).toString('base64');
    const body = { ...key, transfer: 'all', algorithm: 'hmac-sha512', secret };
    expect((await ask('POST', v1('/tsig-keys'), { body })).json['secret']).toBe(secret);
  });

  test.each([
    [{ ...key, secret: 'short' }, 'secret'],
    [{ ...key, secret: 'AAAA' }, 'secret'],
    [{ ...key, algorithm: 'hmac-md5' }, 'algorithm'],
    [{ name: 'xfr.example' }, 'transfer'],
  ])('400: %j', async (body, path) => {
    expect((await ask('POST', v1('/tsig-keys'), { body })).json.errors![0]!.path).toBe(path);
  });

  test('201: a secondary, which is not published before it has the zones; its configuration; removed', async () => {
    expect((await ask('POST', v1('/secondaries'), { body: secondary })).json.errors![0]!.path).toBe(
      'tsigKey',
    );
    await ask('POST', v1('/tsig-keys'), { body: key });
    const added = await ask('POST', v1('/secondaries'), { body: secondary });
    const expected = { publish: true, published: false, addresses: ['2001:db8::53', '192.0.2.53'], port: 53 };
    expect(added.json).toMatchObject(expected);
    const path = added.headers.get('location')!;
    expect((await ask('GET', path)).json).toMatchObject({ ...expected, zones: [] });
    expect((await ask('GET', v1('/secondaries'))).json.items).toMatchObject([expected]);
    const { json } = await ask('GET', `${path}/configuration?server=knot`);
    expect(json).toMatchObject({ catalog: null, zones: 1 });
    expect(json['configuration']).toContain('- domain: example.com');
    const { json: commands } = await ask('GET', `${path}/configuration?server=powerdns`);
    expect(commands['configuration']).toContain('activate-tsig-key example.com xfr.example secondary');
    expect((await ask('DELETE', v1('/tsig-keys/xfr.example'))).json['code']).toBe('in-use');
    expect((await ask('POST', v1('/secondaries'), { body: secondary })).json['code']).toBe('already-exists');
    expect((await ask('DELETE', path)).status).toBe(200);
    expect((await ask('GET', path)).status).toBe(404);
  });

  test('201: a key for updates; 400: a name outside its zone, a type that the box makes', async () => {
    const grant = { zone: 'example.com', owners: ['_acme-challenge.example.com'], types: ['txt'] };
    const body = { name: 'acme.example', transfer: [], update: [grant] };
    const made = await ask('POST', v1('/tsig-keys'), { body });
    expect(made.status).toBe(201);
    const { json } = await ask('GET', v1('/tsig-keys/acme.example'));
    expect(json['update']).toEqual([{ ...grant, types: ['TXT'] }]);
    for (const [wrong, path] of [
      [{ ...grant, owners: ['a.example.org'] }, 'update[0].owners[0]'],
      [{ ...grant, types: ['SOA'] }, 'update[0].types[0]'],
    ] as const) {
      const refused = await ask('POST', v1('/tsig-keys'), { body: { ...body, name: 'b', update: [wrong] } });
      expect(refused.json.errors![0]!.path).toBe(path);
    }
  });

  test('201: a secondary that takes the catalog; 400: with a key that does not open all zones', async () => {
    await ask('POST', v1('/tsig-keys'), { body: key });
    const refused = await ask('POST', v1('/secondaries'), { body: { ...secondary, catalog: true } });
    expect(refused.json.errors![0]!.path).toBe('catalog');
    await ask('POST', v1('/tsig-keys'), { body: { name: 'all.example', transfer: 'all' } });
    const body = { ...secondary, tsigKey: 'all.example', catalog: true };
    expect((await ask('POST', v1('/secondaries'), { body })).json['catalog']).toBe(true);
  });

  test('201: unverified, it is published at once; removed, it is no more', async () => {
    const body = { ...secondary, tsigKey: undefined, unverified: true };
    expect((await ask('POST', v1('/secondaries'), { body })).json['published']).toBe(true);
    expect(box.services.box.get()!.secondaries.map((name) => name.toText())).toEqual(['ns2.example.org']);
    await ask('DELETE', v1('/secondaries/ns2.example.org'));
    expect(box.services.box.get()!.secondaries).toEqual([]);
  });

  test('200: PUT /box with secondaries: they wait, what was read can be written back; unverified they do not wait', async () => {
    const { json } = await ask('GET', v1('/box'));
    const put = await ask('PUT', v1('/box'), { body: { ...json, secondaries: ['ns2.example.org'] } });
    expect(put.json['secondaries']).toEqual(['ns2.example.org']);
    expect(box.services.box.get()!.secondaries).toEqual([]);
    expect((await ask('PUT', v1('/box'), { body: put.json })).json['secondaries']).toEqual([
      'ns2.example.org',
    ]);
    const insisted = { ...json, secondaries: ['ns2.example.org'], unverified: true };
    expect((await ask('PUT', v1('/box'), { body: insisted })).json['secondaries']).toEqual([
      'ns2.example.org',
    ]);
    expect(box.services.box.get()!.secondaries.map((name) => name.toText())).toEqual(['ns2.example.org']);
    expect(
      (await ask('PUT', v1('/box'), { body: { ...json, secondaries: [] } })).json['secondaries'],
    ).toEqual([]);
    expect(box.services.box.get()!.secondaries).toEqual([]);
    expect((await ask('GET', v1('/secondaries'))).json.items).toEqual([]);
  });

  test('400: the box itself, an address that is none', async () => {
    const itself = await ask('POST', v1('/secondaries'), { body: { name: 'ns1.box.example.net' } });
    expect(itself.json.errors![0]!.path).toBe('name');
    const body = { ...secondary, addresses: ['ns2'] };
    expect((await ask('POST', v1('/secondaries'), { body })).json.errors![0]!.path).toBe('addresses[0]');
  });
});
