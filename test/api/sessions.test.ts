import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiUnderTest, type ApiUnderTest, type Ask, type TestAnswer } from '../kit/api.ts';

const PASSWORD = 'four words of nobody';
const v1 = (path: string): string => `/api/v1${path}`;

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest();
});
afterEach(() => box.services.close());

/** As a browser of the panel asks: with its cookie, from its own pages. */
function ask(method: string, path: string, given: Ask & { cookie?: string | undefined } = {}) {
  const { cookie, ...rest } = given;
  const headers = { 'Sec-Fetch-Site': 'same-origin', ...(cookie && { Cookie: cookie }), ...given.headers };
  return box.ask(method, v1(path), { token: null, ...rest, headers });
}

/** The cookie of an answer, as it is sent back. */
const cookieOf = (answer: TestAnswer): string => answer.headers.get('set-cookie')!.split(';', 1)[0]!;

async function firstOwner(): Promise<string> {
  const secret = box.services.tokens.createSetupSecret();
  const answer = await ask('POST', '/setup/owner', {
    body: { secret, name: 'anna@example.com', password: PASSWORD },
  });
  expect(answer.status).toBe(201);
  return cookieOf(answer);
}

const signIn = (given: { name?: string; password?: string; code?: string } = {}, more: Ask = {}) =>
  ask('POST', '/session', { body: { name: 'anna@example.com', password: PASSWORD, ...given }, ...more });

describe('the first owner', () => {
  test('is made by the secret of the first start, once, and is signed in', async () => {
    const secret = box.services.tokens.createSetupSecret();
    const body = { secret, name: 'Anna@example.com', password: PASSWORD, displayName: 'Anna' };
    const made = await ask('POST', '/setup/owner', { body });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      account: { name: 'Anna@example.com', displayName: 'Anna', role: 'owner' },
      session: { id: expect.any(String) as string },
    });
    expect(made.json['may']).toContain('owners');
    expect((await ask('GET', '/domains', { cookie: cookieOf(made) })).status).toBe(200);
    const again = await ask('POST', '/setup/owner', { body: { ...body, name: 'other' } });
    expect(again.json['code']).toBe('bad-credential');
  });

  test('a wrong secret, and a password that is easy to guess', async () => {
    const secret = box.services.tokens.createSetupSecret();
    const body = { name: 'anna', password: PASSWORD };
    const guessed = await ask('POST', '/setup/owner', { body: { ...body, secret: 'guessed' } });
    expect(guessed.status).toBe(401);
    const weak = await ask('POST', '/setup/owner', { body: { ...body, secret, password: 'password12' } });
    expect(weak.json['code']).toBe('weak-password');
    // It was not used up.
    expect((await ask('POST', '/setup/owner', { body: { ...body, secret } })).status).toBe(201);
  });
});

describe('signing in', () => {
  test('a stranger is told so, and whether it is the first start', async () => {
    const { json, status } = await ask('GET', '/session');
    expect(status).toBe(200);
    expect(json).toEqual({ account: null, may: [], session: null, firstStart: false, passkeys: true });
  });

  test('with a password; the name in any case', async () => {
    await firstOwner();
    const answer = await signIn({ name: 'ANNA@example.com' });
    expect(answer.status).toBe(200);
    const cookie = cookieOf(answer);
    const { json } = await ask('GET', '/session', { cookie });
    expect(json).toMatchObject({ account: { name: 'anna@example.com' } });
    const entry = (await box.ask('GET', v1('/audit?action=session.start'))).json.items![0]!;
    expect(entry).toMatchObject({ actor: { kind: 'account', name: 'anna@example.com' } });
  });

  test('a wrong password and an unknown name are refused in the same words', async () => {
    await firstOwner();
    const wrong = await signIn({ password: 'four words of somebody' });
    const unknown = await signIn({ name: 'nobody@example.com' });
    expect(wrong.status).toBe(403);
    expect(wrong.json).toEqual(unknown.json);
    expect(wrong.headers.get('set-cookie')).toBeNull();
  });

  test('a mailbox is one, with its own rights alone', async () => {
    const mailbox = { address: 'bert@example.com', password: 'four words of bart' };
    await box.ask('POST', v1('/mailboxes'), { body: mailbox });
    const answer = await signIn({ name: 'bert@example.com', password: mailbox.password });
    expect(answer.json).toMatchObject({
      account: { name: 'bert@example.com', role: 'mailbox-user' },
      may: ['mailbox:use'],
    });
    const cookie = cookieOf(answer);
    expect((await ask('GET', '/domains', { cookie })).status).toBe(403);
    await box.ask('PATCH', v1('/mailboxes/bert@example.com'), { body: { enabled: false } });
    expect((await ask('GET', '/domains', { cookie })).json['code']).toBe('session-ended');
    expect((await signIn({ name: 'bert@example.com', password: mailbox.password })).status).toBe(403);
  });

  test('signing out ends the session at once', async () => {
    const cookie = await firstOwner();
    const out = await ask('DELETE', '/session', { cookie });
    expect(out.json).toEqual({ ended: expect.any(String) as string });
    expect(out.headers.get('set-cookie')).toMatch(/^signpost=;.*Max-Age=0/);
    expect((await ask('GET', '/domains', { cookie })).json['code']).toBe('session-ended');
    expect((await ask('GET', '/session', { cookie })).json['account']).toBeNull();
  });

  test('each sign-in makes a session of its own, and ends the one that was sent (fixation)', async () => {
    const first = await firstOwner();
    const second = cookieOf(await ask('POST', '/session', { cookie: first, body: signInBody }));
    expect(second).not.toBe(first);
    expect((await ask('GET', '/domains', { cookie: first })).status).toBe(401);
    expect((await ask('GET', '/domains', { cookie: second })).status).toBe(200);
    // What somebody else put there becomes no session.
    const planted = await ask('POST', '/session', { cookie: 'signpost=planted', body: signInBody });
    expect(cookieOf(planted)).not.toBe('signpost=planted');
  });

  const signInBody = { name: 'anna@example.com', password: PASSWORD };
});

describe('the cookie', () => {
  test('over plain HTTP: HttpOnly, the whole host, same site', async () => {
    await firstOwner();
    const cookie = (await signIn()).headers.get('set-cookie')!;
    expect(cookie).toMatch(/^signpost=[0-9a-f]{12}\.[\w-]{43}; /);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('Path=/');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).not.toContain('Domain');
    expect(cookie).not.toContain('Secure');
  });

  test('over HTTPS: Secure, and of a name that nothing else can set', async () => {
    await firstOwner();
    const body = JSON.stringify({ name: 'anna@example.com', password: PASSWORD });
    const headers = { 'Content-Type': 'application/json', Origin: 'https://box.example.net' };
    const answer = await box.api.request(
      'https://box.example.net/api/v1/session',
      { method: 'POST', headers: { ...headers, Host: 'box.example.net' }, body },
      { peer: { kind: 'network', address: '203.0.113.9' } },
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-signpost=.*; Secure/);
  });

  test('is kept as a hash alone', async () => {
    const cookie = await firstOwner();
    const [id, secret] = cookie.replace('signpost=', '').split('.') as [string, string];
    expect(JSON.stringify(box.services.people.sessions.list('x'))).not.toContain(secret);
    const guessed = `signpost=${id}.${'A'.repeat(43)}`;
    expect((await ask('GET', '/domains', { cookie: guessed })).status).toBe(401);
  });

  test('ends a day after the last request, and two weeks after it began', async () => {
    const hour = 3_600_000;
    const cookie = await firstOwner();
    const valid = async () => (await ask('GET', '/domains', { cookie })).status === 200;
    for (let day = 0; day < 13; day++) {
      await box.services.clock.advance(23 * hour);
      expect(await valid()).toBe(true);
      // The note of the last use is written beside the answer.
      await expect.poll(() => ask('GET', '/domains', { cookie }).then(({ status }) => status)).toBe(200);
    }
    await box.services.clock.advance(25 * hour);
    expect(await valid()).toBe(false);
    const idle = cookieOf(await signIn());
    await box.services.clock.advance(25 * hour);
    expect((await ask('GET', '/domains', { cookie: idle })).status).toBe(401);
  });
});

describe('requests from elsewhere', () => {
  const wrong: Record<string, Record<string, string>> = {
    'say nothing of where they come from': {},
    'say another site': { 'Sec-Fetch-Site': 'cross-site' },
    'say the same site, not the same origin': { 'Sec-Fetch-Site': 'same-site' },
    'have the origin of another host': { Origin: 'https://evil.example', Host: 'box.example.net' },
    'have the origin of another port': { Origin: 'http://box.example.net:81', Host: 'box.example.net' },
    'hide their origin': { Origin: 'null', Host: 'box.example.net' },
    'contradict themselves': {
      'Sec-Fetch-Site': 'same-origin',
      Origin: 'https://evil.example',
      Host: 'box.example.net',
    },
  };

  test.each(Object.entries(wrong))('are refused with a cookie when they %s', async (_, headers) => {
    const Cookie = await firstOwner();
    const body = { name: 'evil.example' };
    const add = (more: Record<string, string>) =>
      box.ask('POST', v1('/domains'), { token: null, body, headers: { Cookie, ...more } });
    expect((await add(headers)).json['code']).toBe('cross-site');
    expect((await add({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(201);
  });

  test('an origin that is the host of the request will do', async () => {
    const Cookie = await firstOwner();
    const headers = { Cookie, Origin: 'http://localhost:8080', Host: 'localhost:8080' };
    expect((await box.ask('DELETE', v1('/session'), { token: null, headers })).status).toBe(200);
  });

  test('nobody is signed in from elsewhere; programs may, which say nothing', async () => {
    await firstOwner();
    const body = { name: 'anna@example.com', password: PASSWORD };
    const from = (headers: Record<string, string>) =>
      box.ask('POST', v1('/session'), { token: null, body, headers });
    expect((await from({ 'Sec-Fetch-Site': 'cross-site' })).json['code']).toBe('cross-site');
    expect((await from({})).status).toBe(200);
  });

  test('reading needs nothing, and a token has nothing to do with it', async () => {
    const Cookie = await firstOwner();
    expect((await box.ask('GET', v1('/domains'), { token: null, headers: { Cookie } })).status).toBe(200);
    const answer = await box.ask('POST', v1('/domains'), {
      body: { name: 'example.org' },
      headers: { Origin: 'https://elsewhere.example', Cookie },
    });
    expect(answer.status).toBe(201);
  });
});

describe('guessing', () => {
  test('costs longer and longer, of one account from anywhere', async () => {
    await firstOwner();
    let network = 0;
    const guess = (password = 'four words of somebody') =>
      signIn({ password }, { peer: { kind: 'network', address: `198.51.100.${++network}` } });
    for (let n = 0; n < 5; n++) expect((await guess()).status).toBe(403);
    const waits: number[] = [];
    for (let n = 0; n < 5; n++) {
      const refused = await guess();
      expect(refused.json['code']).toBe('rate-limited');
      waits.push(Number(refused.headers.get('retry-after')));
      await box.services.clock.advance(waits.at(-1)! * 1000);
      expect((await guess()).status).toBe(403);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32]);
  });

  test('keeps nobody out where the account was signed in before', async () => {
    await firstOwner();
    for (let n = 0; n < 8; n++)
      await signIn({ password: 'wrong' }, { peer: { kind: 'network', address: `198.51.100.${n}` } });
    expect((await signIn()).status).toBe(200);
  });
});
