import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiUnderTest, type ApiUnderTest, type TestAnswer } from '../kit/api.ts';
import { createAuthenticator, type Flaws } from '../kit/authenticator.ts';

/* Over HTTPS at the box's own name, with an authenticator in software that makes real attestations and assertions. */

const PASSWORD = 'four words of nobody';
const ORIGIN = 'https://box.example.net';

let box: ApiUnderTest;
let olga: string;
let device: ReturnType<typeof createAuthenticator>;

beforeEach(async () => {
  box = await apiUnderTest();
  device = createAuthenticator({ origin: ORIGIN });
  const secret = box.services.tokens.createSetupSecret();
  olga = cookieOf(await ask(undefined, 'POST', '/setup/owner', { secret, name: 'olga', password: PASSWORD }));
});
afterEach(() => box.services.close());

const cookieOf = (answer: TestAnswer): string => answer.headers.get('set-cookie')!.split(';', 1)[0]!;

async function ask(
  cookie: string | undefined,
  method: string,
  path: string,
  body?: unknown,
  origin = ORIGIN,
): Promise<TestAnswer> {
  const response = await box.api.request(
    `${origin}/api/v1${path}`,
    {
      method,
      headers: {
        Host: new URL(origin).host,
        Origin: origin,
        ...(cookie && { Cookie: cookie }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    { peer: { kind: 'network', address: '203.0.113.9' } },
  );
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: JSON.parse(text) as TestAnswer['json'],
  };
}

async function enrol(flaws: Flaws = {}): Promise<TestAnswer> {
  const options = await ask(olga, 'POST', '/session/passkeys/options');
  const response = device.create(options.json, flaws);
  return ask(olga, 'POST', '/session/passkeys', { name: 'telephone', response });
}

async function signIn(flaws: Flaws = {}, name?: string): Promise<TestAnswer> {
  const options = await ask(undefined, 'POST', '/session/passkey/options', { name });
  return ask(undefined, 'POST', '/session/passkey', { response: device.get(options.json, flaws) });
}

test('a passkey is made, signs in without a name, and is taken back', async () => {
  expect((await ask(undefined, 'GET', '/session')).json['passkeys']).toBe(true);
  const made = await enrol();
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({ name: 'telephone', host: 'box.example.net', lastUsedAt: null });
  const answer = await signIn();
  expect(answer.json).toMatchObject({ account: { name: 'olga', role: 'owner' } });
  const cookie = cookieOf(answer);
  expect(cookie).toMatch(/^__Host-signpost=/);
  expect((await ask(cookie, 'GET', '/domains')).status).toBe(200);
  const { json } = await ask(cookie, 'GET', '/session/passkeys');
  expect(json.items![0]!['lastUsedAt']).not.toBeNull();
  const path = `/session/passkeys/${made.json['id'] as string}`;
  expect((await ask(cookie, 'DELETE', path)).status).toBe(200);
  expect((await signIn()).json['code']).toBe('passkey-refused');
});

test('with a name; nobody learns by it who exists', async () => {
  const ids = async (name: string): Promise<unknown> =>
    (await ask(undefined, 'POST', '/session/passkey/options', { name })).json['allowCredentials'];
  const made = await enrol();
  expect(await ids('OLGA')).toEqual([{ id: made.json['id'], type: 'public-key', transports: ['internal'] }]);
  expect((await signIn({}, 'olga')).status).toBe(200);
  const unknown = await ids('nobody');
  expect(unknown).toEqual([
    { id: expect.stringMatching(/^[\w-]{43}$/) as string, type: 'public-key', transports: ['internal'] },
  ]);
  expect(await ids('nobody')).toEqual(unknown);
});

const flaws: Record<string, Flaws> = {
  'made at another site': { origin: 'https://evil.example' },
  'for another host': { host: 'evil.example' },
  'of another challenge': { challenge: Buffer.alloc(32).toString('base64url') },
  'without the person': { unverified: true },
};

describe.each(Object.entries(flaws))('what is %s', (_, flaw) => {
  test('is not taken as a passkey', async () => {
    expect((await enrol(flaw)).json['code']).toBe('passkey-refused');
  });

  test('signs nobody in', async () => {
    await enrol();
    expect((await signIn(flaw)).json['code']).toBe('passkey-refused');
    expect((await signIn()).status).toBe(200);
  });
});

test('nor does a signature of another key, a counter that did not rise, or an answer sent twice', async () => {
  await enrol();
  expect((await signIn({ forged: true })).status).toBe(403);
  expect((await signIn({ counter: 7 })).status).toBe(200);
  expect((await signIn({ counter: 7 })).status).toBe(403);
  expect((await signIn({ counter: 8 })).status).toBe(200);
  const options = await ask(undefined, 'POST', '/session/passkey/options', {});
  const response = device.get(options.json, { counter: 9 });
  expect((await ask(undefined, 'POST', '/session/passkey', { response })).status).toBe(200);
  expect((await ask(undefined, 'POST', '/session/passkey', { response })).status).toBe(403);
});

test('a challenge is good for five minutes, and for what it was made for', async () => {
  await enrol();
  const options = await ask(undefined, 'POST', '/session/passkey/options', {});
  await box.services.clock.advance(5 * 60_000 + 1);
  const late = await ask(undefined, 'POST', '/session/passkey', { response: device.get(options.json) });
  expect(late.json['code']).toBe('passkey-refused');
  const toSignIn = await ask(undefined, 'POST', '/session/passkey/options', {});
  const toEnrol = await ask(olga, 'POST', '/session/passkeys/options');
  const response = device.create({ ...toEnrol.json, challenge: toSignIn.json['challenge'] });
  expect((await ask(olga, 'POST', '/session/passkeys', { name: 'x', response })).status).toBe(403);
});

test('nobody who asks for many challenges keeps another from answering theirs', async () => {
  await enrol();
  const options = await ask(undefined, 'POST', '/session/passkey/options', {});
  const site = { host: 'box.example.net', origin: ORIGIN };
  for (let n = 0; n < 10_001; n++) await box.services.people.passkeys.challenge(site, undefined);
  const answer = await ask(undefined, 'POST', '/session/passkey', { response: device.get(options.json) });
  expect(answer.status).toBe(200);
});

test('an answer that is sent twice at the same time signs in once', async () => {
  await enrol();
  const options = await ask(undefined, 'POST', '/session/passkey/options', {});
  // Those that are synced count nothing.
  const response = device.get(options.json, { counter: 0 });
  const both = [1, 2].map(() => ask(undefined, 'POST', '/session/passkey', { response }));
  expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 403]);
});

test('stands in for the password where that is asked for again; only the own one', async () => {
  await enrol();
  await box.services.clock.advance(16 * 60_000);
  const make = () => ask(olga, 'POST', '/tokens', { name: 'x', scopes: [{ scope: 'read' }] });
  expect((await make()).json['code']).toBe('confirmation-needed');
  const options = await ask(olga, 'POST', '/session/passkey/options', {});
  const used = { response: device.get(options.json) };
  expect((await ask(olga, 'POST', '/session/confirm-passkey', used)).status).toBe(200);
  expect((await make()).status).toBe(201);
  await ask(olga, 'POST', '/accounts', { name: 'otto', role: 'owner', password: PASSWORD });
  const otto = cookieOf(await ask(undefined, 'POST', '/session', { name: 'otto', password: PASSWORD }));
  const again = await ask(otto, 'POST', '/session/passkey/options', {});
  const foreign = await ask(otto, 'POST', '/session/confirm-passkey', { response: device.get(again.json) });
  expect(foreign.json['code']).toBe('passkey-refused');
});

test('a disabled account signs in with none, and a reset for a lost device takes them', async () => {
  await enrol();
  await ask(olga, 'POST', '/accounts', { name: 'otto', role: 'owner', password: PASSWORD });
  const otto = cookieOf(await ask(undefined, 'POST', '/session', { name: 'otto', password: PASSWORD }));
  await ask(otto, 'PATCH', '/accounts/olga', { disabled: true });
  expect((await signIn()).status).toBe(403);
  await ask(otto, 'PATCH', '/accounts/olga', { disabled: false });
  expect((await signIn()).status).toBe(200);
  await ask(otto, 'POST', '/accounts/olga/reset', { secondFactor: 'remove' });
  expect((await signIn()).status).toBe(403);
});

test('at an address, or at another name, there are none; at localhost there are', async () => {
  const at = async (origin: string) =>
    (await ask(undefined, 'GET', '/session', undefined, origin)).json['passkeys'];
  expect(await at('https://192.0.2.1')).toBe(false);
  expect(await at('https://other.example.net')).toBe(false);
  expect(await at('http://box.example.net')).toBe(false);
  expect(await at('http://localhost:8080')).toBe(true);
  const refused = await ask(undefined, 'POST', '/session/passkey/options', {}, 'https://192.0.2.1');
  expect(refused.json['code']).toBe('passkey-refused');
});
