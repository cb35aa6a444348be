import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  verify,
} from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { createKey } from '../x509/key.ts';
import { createCsr } from '../x509/csr.ts';
import { createAcmeClient } from './client.ts';
import { dnsAnswer, publicJwk, thumbprint } from './jws.ts';
import type { AcmeAccount, AcmeClient, AcmeOrder } from './protocol.ts';
import type { CaAnswer } from './transport.ts';

const CA = 'https://ca.example';
const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const directory = {
  ...{ newNonce: `${CA}/nonce`, newAccount: `${CA}/new-account`, newOrder: `${CA}/new-order` },
  ...{ revokeCert: `${CA}/revoke`, keyChange: `${CA}/key-change`, renewalInfo: `${CA}/renewal/` },
};
/** An URL that another writer would write otherwise. */
const odd = `${CA}/order/%7e1?a=%2f`;
const order = { status: 'pending', authorizations: [`${CA}/authorization/1`], finalize: `${CA}/finalize` };

interface Sent {
  method: string;
  url: string;
  body: string | undefined;
}
interface Jws {
  protected: string;
  payload: string;
  signature: string;
}
type Given = Partial<Omit<CaAnswer, 'body'>> & { body?: unknown };

let clock: FakeClock;
let sent: Sent[];
/** What the CA answers to the next POSTs; an order when there is none left. */
let answers: Given[];
let offered: Record<string, unknown>;
let client: AcmeClient;
let account: AcmeAccount;

beforeEach(() => {
  clock = new FakeClock();
  sent = [];
  answers = [];
  offered = directory;
  account = { url: `${CA}/account/1`, key: newKey() };
  let nonces = 0;
  const transport = {
    send(method: string, url: string, body?: string): Promise<CaAnswer> {
      sent.push({ method, url, body });
      const next = url === `${CA}/directory` ? { body: offered } : method === 'HEAD' ? {} : answers.shift();
      const { status = 200, headers, body: content = order } = next ?? {};
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      const given = method === 'GET' ? {} : { 'replay-nonce': `nonce-${++nonces}`, location: `${CA}/made` };
      return Promise.resolve({ status, headers: { ...given, ...headers }, body: text });
    },
    close: () => undefined,
  };
  client = createAcmeClient({ directory: `${CA}/directory`, transport, clock });
});

const posts = (): Sent[] => sent.filter(({ method }) => method === 'POST');
const text = (part: string): string => Buffer.from(part, 'base64url').toString('utf8');
const jwsOf = ({ body }: Sent): Jws => JSON.parse(body!) as Jws;
const headOf = (jws: Jws) => JSON.parse(text(jws.protected)) as Record<string, unknown>;
const payloadOf = (jws: Jws) => JSON.parse(text(jws.payload)) as Record<string, unknown>;

function isSignedBy(key: KeyObject, jws: Jws): boolean {
  const octets = Buffer.from(`${jws.protected}.${jws.payload}`);
  const signature = Buffer.from(jws.signature, 'base64url');
  return verify('sha256', octets, { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' }, signature);
}

const register = (email?: string) => client.register(account.key, { email, eab: undefined });
const newOrder = (more: { replaces?: string; profile?: string } = {}) =>
  client.newOrder(account, {
    ...{ names: ['example.com', '*.example.com'], replaces: undefined, profile: undefined },
    ...more,
  });

/** Every request that an order takes, and what stands in the header beside algorithm, nonce and URL. */
const requests: [string, () => Promise<unknown>, string, 'jwk' | 'kid', string][] = [
  ['a new account (RFC 8555 §7.3)', () => register(), directory.newAccount, 'jwk', '{"termsOfServiceAgreed":true}'],
  ['an account that may be there (RFC 8555 §7.3.1)', () => client.find(account.key), directory.newAccount, 'jwk', '{"onlyReturnExisting":true}'],
  ['a new order (RFC 8555 §7.4)', () => newOrder(), directory.newOrder, 'kid', '{"identifiers":[{"type":"dns","value":"example.com"},{"type":"dns","value":"*.example.com"}]}'],
  ['an order (RFC 8555 §7.4)', () => client.order(account, odd), odd, 'kid', ''],
  ['a challenge that is ready (RFC 8555 §7.5.1)', () => client.accept(account, odd), odd, 'kid', '{}'],
  ['a certificate to be made (RFC 8555 §7.4)', () => client.finalize(account, { url: odd, finalize: odd } as AcmeOrder, Buffer.of(251, 255)), odd, 'kid', '{"csr":"-_8"}'],
  ['a certificate (RFC 8555 §7.4.2)', () => client.certificate(account, odd), odd, 'kid', ''],
  ['a revocation (RFC 8555 §7.6)', () => client.revoke(account, Buffer.of(251, 255), 4), directory.revokeCert, 'kid', '{"certificate":"-_8","reason":4}'],
]; // prettier-ignore

describe('requests', () => {
  it.each(requests)(
    'RFC 8555 §6.2, §6.3, §6.4, §6.5: a flattened JWS with algorithm, nonce, exact URL, and key or account: %s',
    async (_, ask, url, identity, payload) => {
      await ask();
      const [post] = posts() as [Sent];
      const jws = jwsOf(post);
      expect(post.url).toBe(url);
      // RFC 8555 §6.2: no unprotected header, no second signature, and the payload is in its place.
      expect(Object.keys(jws)).toEqual(['protected', 'payload', 'signature']);
      const who = identity === 'jwk' ? { jwk: publicJwk(account.key) } : { kid: account.url };
      expect(headOf(jws)).toEqual({ alg: 'ES256', ...who, nonce: 'nonce-1', url });
      expect(text(jws.payload)).toBe(payload);
      expect(isSignedBy(account.key, jws)).toBe(true);
      // RFC 8555 §6.1: base64url, without padding.
      expect(post.body).toMatch(/^{"protected":"[\w-]+","payload":"[\w-]*","signature":"[\w-]{86}"}$/);
    },
  );

  it('RFC 8555 §5: are UTF-8, and so is what is read', async () => {
    answers.push({
      status: 403,
      body: { type: 'urn:ietf:params:acme:error:unauthorized', detail: 'größer' },
    });
    await expect(client.accept({ ...account, url: `${CA}/ä` }, odd)).rejects.toThrow('unauthorized: größer');
    const [{ protected: head }] = posts().map(jwsOf) as [Jws];
    expect(Buffer.from(head, 'base64url').includes(Buffer.from('ä', 'utf8'))).toBe(true);
  });

  it('RFC 8555 §7.1, §7.2: begin with the directory, and a nonce by HEAD from where it says', async () => {
    await newOrder();
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${CA}/directory`,
      `HEAD ${directory.newNonce}`,
      `POST ${directory.newOrder}`,
    ]);
    // RFC 8555 §6.5: the answer brought a nonce for the next one.
    await newOrder();
    expect(posts().map((post) => headOf(jwsOf(post))['nonce'])).toEqual(['nonce-1', 'nonce-2']);
    expect(sent).toHaveLength(4);
  });
});

const badNonce = { status: 400, body: { type: 'urn:ietf:params:acme:error:badNonce', detail: 'used' } };

describe('nonces', () => {
  const noncesOf = () => posts().map((post) => headOf(jwsOf(post))['nonce']);

  it('RFC 8555 §6.5: a refused one is replaced by that of the refusal, though others lie ready or come meanwhile', async () => {
    // Each request of these takes one from the CA, and all of them are kept.
    await Promise.all(Array.from({ length: 20 }, () => newOrder()));
    const before = posts().length;
    answers.push({ ...badNonce, headers: { 'replay-nonce': 'of-refusal' } }, {}, {});
    await Promise.all([newOrder(), newOrder()]);
    expect(noncesOf().slice(before)).toHaveLength(3);
    expect(noncesOf().at(-1)).toBe('of-refusal');
    expect(new Set(noncesOf()).size).toBe(noncesOf().length);
  });

  it('RFC 8555 §6.5: a CA that refuses every one is not asked for ever', async () => {
    answers = Array.from({ length: 50 }, () => badNonce);
    await expect(newOrder()).rejects.toMatchObject({ problem: { type: 'badNonce' } });
    expect(posts()).toHaveLength(10);
  });

  it('RFC 8555 §6.5.1: what is no base64url is none', async () => {
    answers.push({ headers: { 'replay-nonce': 'no nonce=' } });
    await newOrder();
    await newOrder();
    expect(noncesOf()).toEqual(['nonce-1', 'nonce-3']);
  });
});

describe('accounts', () => {
  const accountPayload = () => payloadOf(jwsOf(posts()[0]!));

  it.each([
    ['a@example.com', 'mailto:a@example.com'],
    ['a+b@example.com', 'mailto:a+b@example.com'],
    ['a@example.com?cc=b', 'mailto:a@example.com%3Fcc=b'],
    ['a,b&c@example.com', 'mailto:a%2Cb%26c@example.com'],
    ['ä@example.com', 'mailto:%C3%A4@example.com'],
  ])('RFC 8555 §7.3: a contact is one address without header fields: %s', async (email, contact) => {
    await register(email);
    expect(accountPayload()['contact']).toEqual([contact]);
  });

  it('RFC 8555 §7.3.1: one is where Location says, and none is made by asking for it', async () => {
    expect(await client.find(account.key)).toBe(`${CA}/made`);
    const detail = 'none';
    answers.push({ status: 400, body: { type: 'urn:ietf:params:acme:error:accountDoesNotExist', detail } });
    expect(await client.find(account.key)).toBeUndefined();
  });

  it.each(['', '/account/1', 'http://ca.example/account/1'])('RFC 8657 §3: %j is no URI of one', async (location) => {
    answers.push({ headers: { location } });
    await expect(register()).rejects.toMatchObject({ problem: { type: 'malformedAnswer' } });
  });

  it('RFC 8555 §7.3.3: new terms: where a person is to go is said', async () => {
    const [type, instance] = ['urn:ietf:params:acme:error:userActionRequired', `${CA}/terms`];
    answers.push({ status: 403, body: { type, detail: 'New terms.', instance } });
    await expect(newOrder()).rejects.toMatchObject({ problem: { detail: `New terms. ${instance}` } });
  });

  it('RFC 8555 §7.3.4: what binds one to an account elsewhere has MAC, key id and URL, and no nonce', async () => {
    const secret = Buffer.from('secret of the CA');
    const eab = { keyId: 'kid-1', hmacKey: secret.toString('base64url') };
    await client.register(account.key, { email: undefined, eab });
    const binding = accountPayload()['externalAccountBinding'] as Jws;
    expect(headOf(binding)).toEqual({ alg: 'HS256', kid: 'kid-1', url: directory.newAccount });
    expect(payloadOf(binding)).toEqual(publicJwk(account.key));
    const mac = createHmac('sha256', secret).update(`${binding.protected}.${binding.payload}`);
    expect(binding.signature).toBe(mac.digest('base64url'));
  });

  it('RFC 8555 §7.3.5: a new key signs account and old key, without a nonce, within what the old key signs', async () => {
    const next = newKey();
    await client.changeKey(account, next);
    const [post] = posts() as [Sent];
    const outer = jwsOf(post);
    expect(isSignedBy(account.key, outer)).toBe(true);
    expect(headOf(outer)).toMatchObject({ kid: account.url, url: directory.keyChange });
    const inner = payloadOf(outer) as unknown as Jws;
    expect(isSignedBy(next, inner)).toBe(true);
    expect(headOf(inner)).toEqual({ alg: 'ES256', jwk: publicJwk(next), url: directory.keyChange });
    expect(payloadOf(inner)).toEqual({ account: account.url, oldKey: publicJwk(account.key) });
  });

  it('RFC 8555 §11.1: the key of one goes into no request for a certificate', async () => {
    const key = await createKey('ecdsa-p256');
    const { der } = await createCsr(['example.com'], key);
    const to = { finalize: odd, url: odd } as AcmeOrder;
    await expect(client.finalize({ ...account, key: key.privateKey }, to, der)).rejects.toThrow(/key of the account/);
    expect(posts()).toEqual([]);
    await expect(client.finalize(account, to, der)).resolves.toMatchObject({ status: 'pending' });
  });
}); // prettier-ignore

describe('answers', () => {
  it('RFC 8555 §6.6: of a CA that was asked too often: the time before which it wants no other try', async () => {
    const type = 'urn:ietf:params:acme:error:rateLimited';
    answers.push({ status: 429, headers: { 'retry-after': '120' }, body: { type, detail: 'later' } });
    await expect(newOrder()).rejects.toMatchObject({
      problem: { type: 'rateLimited', detail: 'later', retryAt: clock.now() + 120_000 },
    });
  });

  it('RFC 8555 §6.7.1: what is wrong with each of several names is said', async () => {
    const subproblems = [
      { detail: 'No.', identifier: { type: 'dns', value: 'a.example' } },
      { detail: 'Never.', identifier: { type: 'dns', value: 'b.example' } },
    ];
    const type = 'urn:ietf:params:acme:error:rejectedIdentifier';
    answers.push({ status: 403, body: { type, detail: 'Refused.', subproblems } });
    await expect(newOrder()).rejects.toMatchObject({
      problem: { type: 'rejectedIdentifier', detail: 'Refused. a.example: No. b.example: Never.' },
    });
  });

  it('RFC 8555 §7.1.1: names of the CA for CAA are those of its directory', async () => {
    offered = { ...directory, meta: { caaIdentities: ['CA.example', 'not a name;'] } };
    expect(await client.caaIdentities()).toEqual(['ca.example']);
  });

  it('RFC 8555 §7.5.1: of a poll: how long the CA wants to be left alone', async () => {
    answers.push({ headers: { 'retry-after': '7' } });
    expect(await client.order(account, odd)).toMatchObject({ status: 'pending', retryAfter: 7000 });
    const challenges = [{ type: 'future-01', url: odd, status: 'pending' }];
    const body = { identifier: { type: 'dns', value: 'example.com' }, status: 'pending', challenges };
    answers.push({ headers: { 'retry-after': '8' }, body });
    const { retryAfter, challenge } = await client.authorization(account, odd);
    // RFC 8555 §8: a challenge of another type is left alone.
    expect([retryAfter, challenge]).toEqual([8000, undefined]);
  });

  it('RFC 8555 §8.1, §8.4: the TXT record is the digest of token and thumbprint, in base64url', () => {
    // The key of RFC 7517 §A.2; the values were made by another program.
    const jwk = {
      ...{ kty: 'EC', crv: 'P-256', d: '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE' },
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    };
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    expect(thumbprint(key)).toBe('cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s');
    const token = 'evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA';
    expect(dnsAnswer(token, key)).toBe('1fCS1lh6WLuBWbvkmdEhdymEvTR8MuI63XqlRVleM9Q');
  });
});

describe('renewal information', () => {
  const id = 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE';
  const window = { start: '2026-01-03T00:00:00Z', end: '2026-01-07T02:00:00+02:00' };

  it('RFC 9773 §4.1, §6: is asked for by GET below the URL of the directory, and nothing is signed', async () => {
    answers.push({ body: { suggestedWindow: window, explanationURL: `${CA}/why` } });
    expect(await client.renewalInfo(id)).toEqual({ ...window, explanation: `${CA}/why`, retryAfter: undefined });
    expect(sent.at(-1)).toEqual({ method: 'GET', url: `${CA}/renewal/${id}`, body: undefined });
  });

  it.each([
    ['ends when it begins', { ...window, end: window.start }],
    ['ends before it begins', { start: window.end, end: window.start }],
    ['has no times', { start: 'soon', end: 'later' }],
  ])('RFC 9773 §4.2: a window that %s is no answer', async (_, suggestedWindow) => {
    answers.push({ body: { suggestedWindow } });
    await expect(client.renewalInfo(id)).rejects.toMatchObject({ problem: { type: 'malformedAnswer' } });
  });

  it('RFC 9773 §5: an order says what it replaces, where the CA has renewal information', async () => {
    await newOrder({ replaces: id });
    expect(payloadOf(jwsOf(posts()[0]!))['replaces']).toBe(id);
  });

  it('RFC 9773 §3, §5: a CA without is not asked, nor told what is replaced', async () => {
    offered = { ...directory, renewalInfo: undefined };
    expect(await client.renewalInfo(id)).toBeUndefined();
    await newOrder({ replaces: id });
    expect(payloadOf(jwsOf(posts()[0]!))).not.toHaveProperty('replaces');
  });
}); // prettier-ignore
