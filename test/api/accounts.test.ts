import { Secret, TOTP } from 'otpauth';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Name } from '../../src/dns/wire/name.ts';
import { apiUnderTest, type ApiUnderTest, type Ask, type TestAnswer } from '../kit/api.ts';
import { guessers, jails } from '../kit/fail2ban.ts';
import { missing } from '../kit/requires.ts';

const PASSWORD = 'four words of nobody';
const v1 = (path: string): string => `/api/v1${path}`;

let box: ApiUnderTest;
let olga: string;
beforeEach(async () => {
  box = await apiUnderTest();
  const secret = box.services.tokens.createSetupSecret();
  const body = { secret, name: 'olga', password: PASSWORD };
  olga = cookieOf(await box.ask('POST', v1('/setup/owner'), { token: null, body }));
});
afterEach(() => box.services.close());

const cookieOf = (answer: TestAnswer): string => answer.headers.get('set-cookie')!.split(';', 1)[0]!;

function ask(cookie: string | undefined, method: string, path: string, body?: unknown, more: Ask = {}) {
  const headers = { 'Sec-Fetch-Site': 'same-origin', ...(cookie && { Cookie: cookie }) };
  return box.ask(method, v1(path), { token: null, headers, ...(body !== undefined && { body }), ...more });
}

const signIn = (name: string, password = PASSWORD, code?: string) =>
  ask(undefined, 'POST', '/session', { name, password, code });

describe('accounts', () => {
  test('are added, listed, changed and removed', async () => {
    const body = { name: 'bert', role: 'domain-administrator', domains: ['Example.com'], password: PASSWORD };
    const added = await ask(olga, 'POST', '/accounts', body);
    expect(added.status).toBe(201);
    expect(added.headers.get('location')).toBe(v1('/accounts/bert'));
    expect(added.json).toMatchObject({
      account: { domains: ['example.com'], hasPassword: true },
      link: null,
    });
    expect((await ask(olga, 'POST', '/accounts', { ...body, name: 'BERT' })).json['code']).toBe(
      'already-exists',
    );
    const { json } = await ask(olga, 'GET', '/accounts?limit=1');
    expect(json).toMatchObject({ items: [{ name: 'bert' }], next: 'bert' });
    expect((await ask(olga, 'GET', '/accounts?cursor=bert')).json.items).toMatchObject([{ name: 'olga' }]);
    const bert = cookieOf(await signIn('bert'));
    const changed = await ask(olga, 'PATCH', '/accounts/bert', { role: 'administrator', displayName: 'B.' });
    expect(changed.json).toMatchObject({ role: 'administrator', domains: [], displayName: 'B.' });
    const found = async (text: string) =>
      (await ask(olga, 'GET', `/accounts?search=${text}`)).json.items!.map(({ name }) => name);
    expect(await found('ERT')).toEqual(['bert']);
    // The name of the person, and none of what stands between.
    expect(await found('b.')).toEqual(['bert']);
    expect(await found('l')).toEqual(['olga']);
    expect(await found('%25')).toEqual([]);
    // It signs in anew to be what it is now.
    expect((await ask(bert, 'GET', '/domains')).status).toBe(401);
    expect((await ask(olga, 'DELETE', '/accounts/bert')).json).toEqual({ removed: 'bert' });
    expect((await signIn('bert')).json['code']).toBe('wrong-password');
    expect((await ask(olga, 'GET', '/accounts/bert')).status).toBe(404);
  });

  test('a domain administrator whose domains are gone is disabled and renamed like any other', async () => {
    const body = { name: 'bert', role: 'domain-administrator', domains: ['example.com'], password: PASSWORD };
    expect((await ask(olga, 'POST', '/accounts', body)).status).toBe(201);
    const { people, work } = box.services;
    const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;
    await work.change({ actor, cause: 'domain removed' }, (change) =>
      people.accounts.domainRemoved(change, Name.parse('example.com')),
    );
    expect((await ask(olga, 'GET', '/accounts/bert')).json['domains']).toEqual([]);
    const disabled = await ask(olga, 'PATCH', '/accounts/bert', { disabled: true, displayName: 'B.' });
    expect(disabled.json).toMatchObject({ disabled: true, displayName: 'B.' });
    expect((await signIn('bert')).json['code']).toBe('wrong-password');
    // To take the last one away is still no way to say that.
    const none = await ask(olga, 'PATCH', '/accounts/bert', { domains: [] });
    expect(none.json.errors![0]!.path).toBe('domains');
    const made = await ask(olga, 'PATCH', '/accounts/olga', { role: 'domain-administrator' });
    expect(made.json.errors![0]!.path).toBe('domains');
  });

  test.each([
    [{ name: 'two words', role: 'owner' }, 'name'],
    [{ name: 'x', role: 'domain-administrator' }, 'domains'],
    [{ name: 'x', role: 'owner', domains: ['example.com'] }, 'domains'],
    [{ name: 'x', role: 'domain-administrator', domains: ['example.org'] }, 'domains[0]'],
    [{ name: 'x', role: 'owner', password: 'password12' }, 'password'],
    [{ name: 'x', role: 'mailbox-user' }, 'role'],
  ])('400: %j', async (body, field) => {
    const { json, status } = await ask(olga, 'POST', '/accounts', body);
    expect(status).toBe(400);
    expect(json.errors![0]!.path).toBe(field);
  });

  test('without a password there is a link, which works once', async () => {
    const { json } = await ask(olga, 'POST', '/accounts', { name: 'bert', role: 'administrator' });
    const { secret, url } = json['link'] as { secret: string; url: string };
    expect(url).toMatch(new RegExp(`^http://.*/password#${secret}$`));
    expect((await signIn('bert')).json['code']).toBe('wrong-password');
    const use = (password: string) => ask(undefined, 'POST', '/session/password-link', { secret, password });
    expect((await use('password12')).json['code']).toBe('weak-password');
    expect((await use(PASSWORD)).json).toEqual({ changed: 'bert' });
    expect((await use(PASSWORD)).json['code']).toBe('bad-credential');
    expect((await signIn('bert')).status).toBe(200);
  });

  test('a reset ends the sessions; the link of before, and one after a day, are none', async () => {
    await ask(olga, 'POST', '/accounts', { name: 'bert', role: 'administrator', password: PASSWORD });
    const bert = cookieOf(await signIn('bert'));
    const reset = async () =>
      ((await ask(olga, 'POST', '/accounts/bert/reset', {})).json['link'] as { secret: string }).secret;
    const first = await reset();
    expect((await ask(bert, 'GET', '/domains')).status).toBe(401);
    const second = await reset();
    const use = (secret: string) =>
      ask(undefined, 'POST', '/session/password-link', { secret, password: 'four words of bart' });
    expect((await use(first)).status).toBe(401);
    await box.services.clock.advance(24 * 3_600_000 + 1);
    expect((await use(second)).status).toBe(401);
  });

  test('a disabled one is shut out at once', async () => {
    await ask(olga, 'POST', '/accounts', { name: 'bert', role: 'administrator', password: PASSWORD });
    const bert = cookieOf(await signIn('bert'));
    await ask(olga, 'PATCH', '/accounts/bert', { disabled: true });
    expect((await ask(bert, 'GET', '/domains')).status).toBe(401);
    expect((await signIn('bert')).json['code']).toBe('wrong-password');
    await ask(olga, 'PATCH', '/accounts/bert', { disabled: false });
    expect((await signIn('bert')).status).toBe(200);
  });
});

describe('the own account', () => {
  test('is changed, and so is the password: other sessions end', async () => {
    const other = cookieOf(await signIn('olga'));
    const named = await ask(olga, 'PATCH', '/session/account', { displayName: 'Olga', language: 'de' });
    expect(named.json).toMatchObject({ account: { displayName: 'Olga', language: 'de' } });
    const change = (password: string) =>
      ask(olga, 'POST', '/session/password', { password, newPassword: 'four words of somebody' });
    expect((await change('wrong')).json['code']).toBe('wrong-password');
    expect((await change(PASSWORD)).json).toEqual({ changed: 'olga' });
    expect((await ask(olga, 'GET', '/domains')).status).toBe(200);
    expect((await ask(other, 'GET', '/domains')).status).toBe(401);
    expect((await signIn('olga')).status).toBe(403);
    expect((await signIn('olga', 'four words of somebody')).status).toBe(200);
  });

  test('the password of a mailbox user is that of the mailbox', async () => {
    await box.services.mailboxes.add(
      { kind: 'system', id: 'test', name: 'test', address: undefined },
      { address: 'anna@example.com', password: PASSWORD },
    );
    const anna = cookieOf(await signIn('anna@example.com'));
    const body = { password: PASSWORD, newPassword: 'four words of somebody' };
    expect((await ask(anna, 'POST', '/session/password', body)).status).toBe(200);
    expect((await ask(anna, 'GET', '/mailboxes/anna@example.com')).status).toBe(200);
    expect((await signIn('anna@example.com', 'four words of somebody')).status).toBe(200);
  });

  test('sessions are listed, and ended by the person and by an administrator', async () => {
    const other = cookieOf(await signIn('olga'));
    const { json } = await ask(olga, 'GET', '/session/all');
    expect(json.items).toMatchObject([{ current: false }, { current: true }]);
    const id = json.items![0]!['id'] as string;
    expect((await ask(olga, 'DELETE', `/session/all/${id}`)).json).toEqual({ ended: id });
    expect((await ask(other, 'GET', '/domains')).status).toBe(401);
    await ask(olga, 'POST', '/accounts', { name: 'bert', role: 'administrator', password: PASSWORD });
    const bert = cookieOf(await signIn('bert'));
    const list = await ask(olga, 'GET', '/accounts/bert/sessions');
    const berts = list.json.items![0]!['id'] as string;
    // Nobody ends that of another as their own.
    expect((await ask(olga, 'DELETE', `/session/all/${berts}`)).status).toBe(404);
    expect((await ask(olga, 'DELETE', `/accounts/bert/sessions/${berts}`)).status).toBe(200);
    expect((await ask(bert, 'GET', '/domains')).status).toBe(401);
  });

  test('dangerous acts ask for the password again after a quarter of an hour', async () => {
    const make = () => ask(olga, 'POST', '/tokens', { name: 'x', scopes: [{ scope: 'read' }] });
    expect((await make()).status).toBe(201);
    await box.services.clock.advance(16 * 60_000);
    expect((await make()).json['code']).toBe('confirmation-needed');
    expect((await ask(olga, 'GET', '/tokens')).status).toBe(200);
    expect((await ask(olga, 'POST', '/session/confirm', { password: 'wrong' })).status).toBe(403);
    expect((await make()).json['code']).toBe('confirmation-needed');
    const { json } = await ask(olga, 'POST', '/session/confirm', { password: PASSWORD });
    const { confirmedUntil } = json['session'] as { confirmedUntil: string };
    expect(Date.parse(confirmedUntil)).toBe(box.services.clock.now() + 15 * 60_000);
    expect((await make()).status).toBe(201);
  });

  test('a stream of events ends with the session', async () => {
    const request = await box.api.request(
      v1('/events'),
      { headers: { Cookie: olga } },
      { peer: { kind: 'network', address: '203.0.113.9' } },
    );
    const reader = request.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    await ask(olga, 'DELETE', '/session');
    const ended = async (): Promise<boolean> => (await reader.read()).done || ended();
    expect(await ended()).toBe(true);
  });
});

test('a mailbox whose password somebody else sets is free of what its user signed in with besides', async () => {
  const [address, password] = ['anna@example.com', 'four words of bart'];
  await ask(olga, 'POST', '/mailboxes', { address, password });
  const anna = cookieOf(await signIn(address, password));
  const { json } = await ask(anna, 'POST', '/session/second-factor');
  const code = new TOTP({ secret: Secret.fromBase32(json['secret'] as string) }).generate({
    timestamp: box.services.clock.now(),
  });
  await ask(anna, 'POST', '/session/second-factor/confirm', { code });
  expect((await signIn(address, password)).json['code']).toBe('second-factor-needed');
  // Whoever knows the password of before has not shown the second factor by that.
  const changed = { address, password, newPassword: 'five other words of bart' };
  expect((await ask(undefined, 'POST', '/password', changed)).status).toBe(200);
  expect((await signIn(address, changed.newPassword)).json['code']).toBe('second-factor-needed');
  await ask(olga, 'PATCH', `/mailboxes/${address}`, { password: 'words of its new user' });
  expect((await ask(anna, 'GET', '/session')).json['account']).toBeNull();
  expect((await signIn(address, 'words of its new user')).status).toBe(200);
});

test('an account says when somebody last signed in, and the log calls people by their names', async () => {
  const shown = async () => (await ask(olga, 'GET', '/accounts/olga')).json['lastSignInAt'];
  const first = await shown();
  await box.services.clock.advance(3_600_000);
  expect(await shown()).toBe(first);
  const other = cookieOf(await signIn('OLGA'));
  expect(Date.parse((await shown()) as string) - Date.parse(first as string)).toBe(3_600_000);
  const bert = { name: 'bert', role: 'administrator', password: PASSWORD };
  expect((await ask(other, 'POST', '/accounts', bert)).json['account']).toMatchObject({ lastSignInAt: null });
  await ask(other, 'DELETE', '/session');
  expect((await ask(olga, 'GET', '/audit?action=session.end')).json.items).toMatchObject([
    { target: 'olga' },
  ]);
});

test('the link of the first start is void when there is an owner', async () => {
  const secret = box.services.tokens.createSetupSecret();
  await ask(olga, 'POST', '/accounts', { name: 'otto', role: 'owner', password: PASSWORD });
  const body = { secret, name: 'eve', password: PASSWORD };
  expect((await ask(undefined, 'POST', '/setup/owner', body)).json['code']).toBe('bad-credential');
  expect((await ask(undefined, 'POST', '/setup', { secret })).json['code']).toBe('bad-credential');
});

test('nobody keeps a known person out by typing what they are counted by', async () => {
  const [address, password] = ['anna@example.com', 'four words of bart'];
  await ask(olga, 'POST', '/mailboxes', { address, password });
  expect((await signIn(address, password)).status).toBe(200);
  const stranger = { peer: { kind: 'network', address: '198.51.100.7' } } as const;
  for (let n = 0; n < 8; n++)
    for (const name of [
      `${address} 203.0.113.0/24`,
      `${address} 203.0.113.9`,
      `known 203.0.113.9 ${address}`,
    ])
      await ask(undefined, 'POST', '/session', { name, password: 'guessed' }, stranger);
  expect((await signIn(address, password)).status).toBe(200);
});

describe('the second factor', () => {
  let secret: string;
  let codes: string[];
  const codeAt = (offset = 0): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: box.services.clock.now() + offset * 30_000,
    });

  beforeEach(async () => {
    const begun = await ask(olga, 'POST', '/session/second-factor');
    secret = begun.json['secret'] as string;
    expect(begun.json['uri']).toMatch(/^otpauth:\/\/totp\/box\.example\.net:olga\?/);
    // Nothing is asked for before it was confirmed.
    expect((await signIn('olga')).status).toBe(200);
    const wrong = await ask(olga, 'POST', '/session/second-factor/confirm', { code: '000000' });
    expect(wrong.json['code']).toBe('wrong-code');
    const done = await ask(olga, 'POST', '/session/second-factor/confirm', { code: codeAt() });
    codes = done.json['recoveryCodes'] as string[];
    await box.services.clock.advance(60_000);
  });

  test('is asked for beside the password; a code is taken once', async () => {
    expect((await signIn('olga')).json['code']).toBe('second-factor-needed');
    expect((await signIn('olga', 'wrong', codeAt())).json['code']).toBe('wrong-password');
    const code = codeAt();
    expect((await signIn('olga', PASSWORD, code)).status).toBe(200);
    expect((await signIn('olga', PASSWORD, code)).json['code']).toBe('second-factor-needed');
    // Nor is one from before it.
    expect((await signIn('olga', PASSWORD, codeAt(-1))).json['code']).toBe('second-factor-needed');
    await box.services.clock.advance(30_000);
    expect((await signIn('olga', PASSWORD, codeAt())).status).toBe(200);
  });

  test('clocks may differ by one code, and no more', async () => {
    expect((await signIn('olga', PASSWORD, codeAt(-2))).status).toBe(403);
    expect((await signIn('olga', PASSWORD, codeAt(2))).status).toBe(403);
    expect((await signIn('olga', PASSWORD, codeAt(1))).status).toBe(200);
  });

  test('codes cannot be tried without end', async () => {
    const tried = [];
    for (let n = 0; n < 7; n++) tried.push((await signIn('olga', PASSWORD, `00000${n}`)).json['code']);
    expect(tried.slice(0, 5)).toEqual(Array(5).fill('second-factor-needed'));
    expect(tried.slice(5)).toEqual(['rate-limited', 'rate-limited']);
  });

  test('a recovery code stands in for it, once; new ones make the old worthless', async () => {
    expect(codes).toHaveLength(10);
    expect((await signIn('olga', PASSWORD, codes[0]!.toUpperCase())).status).toBe(200);
    expect((await signIn('olga', PASSWORD, codes[0])).status).toBe(403);
    expect((await ask(olga, 'GET', '/session')).json).toMatchObject({
      account: { secondFactor: true, recoveryCodes: 9 },
    });
    const renewed = await ask(olga, 'POST', '/session/recovery-codes');
    expect((await signIn('olga', PASSWORD, codes[1])).status).toBe(403);
    expect((await signIn('olga', PASSWORD, (renewed.json['recoveryCodes'] as string[])[0])).status).toBe(200);
  });

  test('dangerous acts ask for a code as well', async () => {
    await box.services.clock.advance(16 * 60_000);
    const confirm = (code?: string) => ask(olga, 'POST', '/session/confirm', { password: PASSWORD, code });
    expect((await confirm()).json['code']).toBe('second-factor-needed');
    expect((await confirm(codeAt())).status).toBe(200);
  });

  test('is removed by the person, or by who resets the account', async () => {
    await ask(olga, 'POST', '/accounts', { name: 'otto', role: 'owner', password: PASSWORD });
    const otto = cookieOf(await signIn('otto'));
    expect((await ask(olga, 'DELETE', '/session/second-factor')).status).toBe(200);
    expect((await signIn('olga')).status).toBe(200);
    const begun = await ask(olga, 'POST', '/session/second-factor');
    secret = begun.json['secret'] as string;
    await ask(olga, 'POST', '/session/second-factor/confirm', { code: codeAt() });
    const { json } = await ask(otto, 'POST', '/accounts/olga/reset', { secondFactor: 'remove' });
    const link = (json['link'] as { secret: string }).secret;
    await ask(undefined, 'POST', '/session/password-link', { secret: link, password: PASSWORD });
    expect((await signIn('olga')).status).toBe(200);
  });
});

describe('what is kept', () => {
  test('holds no secret of a session, a link or a code', async () => {
    const { json } = await ask(olga, 'POST', '/accounts', { name: 'bert', role: 'administrator' });
    const link = (json['link'] as { secret: string }).secret;
    const audit = JSON.stringify((await box.ask('GET', v1('/audit'))).json);
    for (const secret of [olga.replace('signpost=', ''), link, PASSWORD]) expect(audit).not.toContain(secret);
  });
});

const noFail2ban = missing({ commands: ['fail2ban-regex'] });
test.skipIf(noFail2ban)(
  `each failed sign-in is a line that fail2ban finds, whatever was typed ${noFail2ban ?? ''}`,
  async () => {
    const lines: string[] = [];
    const timestamp = pino.stdTimeFunctions.isoTime;
    const log = pino({ base: null, timestamp }, { write: (line: string) => void lines.push(line) });
    const logged = await apiUnderTest({ log });
    const signInAt = async (name: string): Promise<void> => {
      await logged.ask('POST', v1('/session'), { token: null, body: { name, password: PASSWORD } });
    };
    for (const name of ['x"client":"192.0.2.66"","msg":"sign-in failed"', 'nobody']) await signInAt(name);
    const [first] = lines.filter((line) => line.includes('sign-in failed'));
    await logged.services.close();
    // As it is in the journal, of an address of IPv6, and of what is no failure.
    const others = [
      `Nov 29 23:00:00 box signpost-server[12]: ${first!.replace('203.0.113.9', '2001:db8::5')}`,
      `Nov 29 23:00:00 box signpost-server[12]: {"level":"info","client":"203.0.113.9","msg":"signed in"}\n`,
    ];
    expect(guessers('signpost', [...lines, ...others].join(''))).toEqual([
      '203.0.113.9',
      '203.0.113.9',
      '2001:db8::5',
    ]);
  },
);

test.skipIf(noFail2ban)(`fail2ban takes the files of the package ${noFail2ban ?? ''}`, () => {
  const said = jails();
  for (const jail of ['signpost', 'signpost-mail']) expect(said).toContain(`['start', '${jail}']`);
});
