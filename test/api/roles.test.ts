import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewAccount } from '../../src/access/people/accounts.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { apiUnderTest, type ApiUnderTest, type Ask } from '../kit/api.ts';
import { type Column, differences, prepareDomains } from '../kit/permission-table.ts';

/* docs/roles.md is the table of route × role × object. */

const PASSWORD = 'four words of nobody';
const v1 = (path: string): string => `/api/v1${path}`;
const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;
const asking = { actor, owners: true };

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest();
  await prepareDomains(box);
});
afterEach(() => box.services.close());

async function cookieFor(name: string, password = PASSWORD): Promise<Record<string, string>> {
  const answer = await box.ask('POST', v1('/session'), { token: null, body: { name, password } });
  expect(answer.status).toBe(200);
  return {
    Cookie: answer.headers.get('set-cookie')!.split(';', 1)[0]!,
    'Sec-Fetch-Site': 'same-origin',
  };
}

async function account(given: Omit<NewAccount, 'password'>): Promise<void> {
  await box.services.people.accounts.add(asking, { ...given, password: PASSWORD });
}

const ask = (headers: Record<string, string>, method: string, path: string, more: Ask = {}) =>
  box.ask(method, v1(path), { token: null, ...more, headers });

test('what the table of docs/roles.md allows, and nothing more', async () => {
  await account({ name: 'olga', role: 'owner' });
  await account({ name: 'adam', role: 'administrator' });
  await account({ name: 'dora', role: 'domain-administrator', domains: [Name.parse('example.com')] });
  await box.services.mailboxes.add(actor, { address: 'anna@example.com', password: PASSWORD });
  const signedIn = (name: string, owns?: Column['owns']): Column => {
    let headers: Promise<Record<string, string>> | undefined;
    return {
      ...(owns && { owns }),
      async headers() {
        const { mailboxes } = box.services;
        if (mailboxes.get('anna@example.com')?.state === 'retired')
          await mailboxes.restore(actor, 'anna@example.com');
        // Some of the requests end it, and time goes on.
        const known = headers && (await headers);
        const { json } = known ? await ask(known, 'GET', '/session') : { json: {} };
        const { session } = json as { session?: { confirmedUntil: string } | null };
        const left = session ? Date.parse(session.confirmedUntil) - box.services.clock.now() : 0;
        return (headers = left > 60_000 ? headers! : cookieFor(name));
      },
    };
  };
  const columns: Record<string, Column> = {
    nobody: { headers: () => ({}) },
    owner: signedIn('olga'),
    administrator: signedIn('adam'),
    'domain administrator': signedIn('dora', ({ zone }) => zone === 'example.com'),
    'mailbox user': signedIn('anna@example.com', ({ zone }) => zone === 'example.com'),
  };
  expect(await differences(box, 'roles.md', columns)).toEqual([]);
}, 240_000);

test('lists show a domain administrator what is theirs, page by page', async () => {
  await account({
    name: 'dora',
    role: 'domain-administrator',
    domains: [Name.parse('example.org'), Name.parse('example.com')],
  });
  await box.services.domains.add(actor, {
    name: Name.parse('other.net'),
    dns: 'local',
    mail: true,
    web: true,
  });
  for (const address of ['a@example.com', 'b@example.com', 'a@example.org', 'a@other.net'])
    await box.services.mailboxes.add(actor, { address });
  const dora = await cookieFor('dora');
  const all = async (path: string, key: string): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (let next = ''; ;) {
      const { json } = await ask(dora, 'GET', `${path}?limit=1${next}`);
      found.push(...json.items!.map((item) => item[key]));
      if (json['next'] === null) return found;
      next = `&cursor=${encodeURIComponent(json['next'] as string)}`;
    }
  };
  expect(await all('/domains', 'name')).toEqual(['example.com', 'example.org']);
  expect(await all('/mailboxes', 'address')).toEqual(['a@example.com', 'b@example.com', 'a@example.org']);
  const one = await ask(dora, 'GET', '/mailboxes?domain=example.org');
  expect(one.json.items).toHaveLength(1);
  expect((await ask(dora, 'GET', '/mailboxes?domain=other.net')).status).toBe(403);
});

test('the last owner can be neither removed, demoted nor disabled; an administrator touches no owner', async () => {
  await account({ name: 'olga', role: 'owner' });
  await account({ name: 'adam', role: 'administrator' });
  const olga = await cookieFor('olga');
  for (const body of [{ role: 'administrator' }, { disabled: true }])
    expect((await ask(olga, 'PATCH', '/accounts/olga', { body })).json['code']).toBe('in-use');
  expect((await ask(olga, 'DELETE', '/accounts/olga')).json['code']).toBe('in-use');
  const adam = await cookieFor('adam');
  const refused = [
    await ask(adam, 'PATCH', '/accounts/adam', { body: { role: 'owner' } }),
    await ask(adam, 'POST', '/accounts', { body: { name: 'eve', role: 'owner' } }),
    await ask(adam, 'DELETE', '/accounts/olga'),
    await ask(adam, 'POST', '/accounts/olga/reset', { body: {} }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  await account({ name: 'otto', role: 'owner' });
  expect((await ask(olga, 'PATCH', '/accounts/olga', { body: { role: 'administrator' } })).status).toBe(200);
  // What it may do is another thing, so it signs in again.
  expect((await ask(olga, 'GET', '/accounts')).status).toBe(401);
});

test('a token makes nobody an owner, not even one that may do everything', async () => {
  const body = { name: 'eve', role: 'owner' };
  expect((await box.ask('POST', v1('/accounts'), { body })).status).toBe(403);
  const local = { peer: { kind: 'local' as const }, token: null };
  expect((await box.ask('POST', v1('/accounts'), { ...local, body })).status).toBe(201);
});
