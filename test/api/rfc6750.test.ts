import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newTokenSecret } from '../../src/access/secret.ts';
import { systemRandom } from '../../src/core/random.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { apiUnderTest, type ApiUnderTest, type Ask } from '../kit/api.ts';
import { ownerCookie } from '../kit/owner.ts';

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest();
});
afterEach(() => box.services.close());

const path = '/api/v1/domains';

/** Status, and the challenge when there is one. */
async function asked(ask: Ask, at = path, method = 'GET'): Promise<[number, string | null]> {
  const { status, headers } = await box.ask(method, at, ask);
  return [status, headers.get('www-authenticate')];
}

describe('a token', () => {
  test('RFC 6750 §2.1: is taken from the header, whatever case its scheme has', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER'])
      expect(await asked({ token: null, headers: { Authorization: `${scheme} ${box.admin}` } })).toEqual([200, null]);
  }); // prettier-ignore

  test('RFC 6750 §2.2, §2.3: is taken from no body and no query', async () => {
    expect((await asked({ token: null }, `${path}?access_token=${box.admin}`))[0]).toBe(401);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const text = `access_token=${box.admin}`;
    expect((await asked({ token: null, text, headers }, path, 'POST'))[0]).toBe(401);
  });

  test('RFC 6750 §3.1: sent in two ways makes the request a wrong one', async () => {
    expect((await asked({}, `${path}?access_token=${box.admin}`))[0]).toBe(400);
  });

  test('RFC 6750 §5.2: cannot be guessed, and another token is of no help', () => {
    const secrets = Array.from({ length: 100 }, () => newTokenSecret(systemRandom).secret);
    for (const secret of secrets) expect(secret).toMatch(/^sp_[0-9a-f]{12}_[\w-]{43}$/);
    const random = secrets.map((secret) => secret.slice(16));
    for (let at = 0; at < 42; at++) expect(new Set(random.map((text) => text[at])).size).toBeGreaterThan(20);
  });

  test('RFC 6750 §5.2: does what its scopes allow, until it ends', async () => {
    const scopes = [{ scope: 'read' }];
    const body = { name: 'short', scopes, expiresAt: '2026-01-01T01:00:00Z' };
    const made = await box.ask('POST', '/api/v1/tokens', { body });
    const token = made.json['secret'] as string;
    expect((await asked({ token }))[0]).toBe(200);
    expect((await asked({ token, body: { name: 'example.org' } }, path, 'POST'))[0]).toBe(403);
    await box.services.clock.advance(3_600_000);
    expect((await asked({ token }))[0]).toBe(401);
  });
});

describe('what is wrong with a token', () => {
  const challenge = 'Bearer realm="signpost"';

  test('RFC 6750 §3, §3.1: is not said to who sent none, or another scheme', async () => {
    expect(await asked({ token: null })).toEqual([401, challenge]);
    const headers = { Authorization: 'Basic bWU6eA==' };
    expect(await asked({ token: null, headers })).toEqual([401, challenge]);
  });

  test('RFC 6750 §3.1: invalid_token, 401: it is unknown', async () => {
    expect(await asked({ token: 'sp_unknown' })).toEqual([401, `${challenge}, error="invalid_token"`]);
  });

  test('RFC 6750 §3, §3.1: insufficient_scope, 403: it does not allow this', async () => {
    const told = [403, `${challenge}, error="insufficient_scope"`];
    const read = await box.tokenFor({ scope: 'read' });
    expect(await asked({ token: read }, '/api/v1/tokens')).toEqual(told);
    // Found out of the body, and not of the path.
    const names = [Name.parse('_acme-challenge.example.com')];
    const one = await box.tokenFor({ scope: 'dns:write', names });
    const body = { owner: 'www.example.com', type: 'TXT', value: '"x"' };
    const at = '/api/v1/zones/example.com/records';
    expect(await asked({ token: one, body }, at, 'POST')).toEqual(told);
  });

  test('RFC 6750 §3: has a challenge for tokens alone', async () => {
    const headers = { Cookie: await ownerCookie(box), 'Sec-Fetch-Site': 'cross-site' };
    const body = { name: 'example.org' };
    expect(await asked({ token: null, headers, body }, path, 'POST')).toEqual([403, null]);
  });
});
