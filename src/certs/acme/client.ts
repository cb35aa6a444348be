import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { bindAccount, publicJwk, signRequest } from './jws.ts';
import { AcmeError, readProblem } from './problem.ts';
import type { AcmeAccount, AcmeClient, AcmeOrder } from './protocol.ts';
import { readAuthorization, readDirectory, readOrder, readRenewalInfo, type Directory } from './resources.ts';
import { retryAfter } from './retry-after.ts';
import type { CaAnswer, CaTransport } from './transport.ts';

/** Nonces kept for the next requests. */
const NONCES = 16;
/** A CA may refuse a good nonce (RFC 8555 §6.5), and a test CA does it on purpose. */
const NONCE_TRIES = 10;
/** Milliseconds for which the directory is believed. */
const DIRECTORY_AGE = 3_600_000;

type Identity = { kid: string } | { jwk: unknown };

/** Speaks RFC 8555 with one CA. */
export function createAcmeClient(options: {
  directory: string;
  transport: CaTransport;
  clock: Clock;
}): AcmeClient {
  const { transport, clock } = options;
  const nonces: string[] = [];
  let known: { directory: Directory; at: number } | undefined;

  async function get(url: string): Promise<CaAnswer> {
    const answer = await transport.send('GET', url);
    keep(nonceOf(answer));
    return answer;
  }

  function keep(nonce: string | undefined): void {
    if (nonce !== undefined && nonces.length < NONCES) nonces.push(nonce);
  }

  async function directory(): Promise<Directory> {
    if (known && clock.now() - known.at < DIRECTORY_AGE) return known.directory;
    const answer = await get(options.directory);
    if (answer.status !== 200) throw failed(answer);
    known = { directory: readDirectory(json(answer)), at: clock.now() };
    return known.directory;
  }

  async function nonce(): Promise<string> {
    const kept = nonces.pop();
    if (kept !== undefined) return kept;
    const { newNonce } = await directory();
    // Not by way of those that are kept: another request could take it first.
    const fresh = nonceOf(await transport.send('HEAD', newNonce));
    if (fresh === undefined) throw malformed('the CA gave no nonce');
    return fresh;
  }

  async function post(url: string, key: KeyObject, identity: Identity, payload: unknown): Promise<CaAnswer> {
    let given: string | undefined;
    for (let tries = 1; ; tries++) {
      const header = { ...identity, nonce: given ?? (await nonce()), url };
      const answer = await transport.send('POST', url, JSON.stringify(signRequest(key, header, payload)));
      const fresh = nonceOf(answer);
      const error = answer.status < 400 ? undefined : failed(answer);
      const again = error?.problem.type === 'badNonce' && tries < NONCE_TRIES;
      // The next try takes the nonce of this very answer (RFC 8555 §6.5), whatever other requests are under way.
      if (again) given = fresh;
      else keep(fresh);
      if (!error) return answer;
      if (!again) throw error;
    }
  }

  const call = ({ url: kid, key }: AcmeAccount, url: string, payload?: unknown): Promise<CaAnswer> =>
    post(url, key, { kid }, payload);
  const orderOf = (answer: CaAnswer, url: string): AcmeOrder => readOrder(json(answer), url, wait(answer));

  function failed(answer: CaAnswer): AcmeError {
    const delay = wait(answer);
    const retryAt = delay === undefined ? undefined : clock.now() + delay;
    let problem = readProblem(safeJson(answer.body), retryAt);
    if (problem.detail === '') problem = { ...problem, detail: `HTTP status ${answer.status}` };
    if (answer.status === 404 || answer.status < 400) problem = { ...problem, type: 'malformedAnswer' };
    if (answer.status === 429) problem = { ...problem, type: 'rateLimited' };
    return new AcmeError(problem);
  }

  function wait({ headers }: CaAnswer): number | undefined {
    return retryAfter(headers['retry-after'], clock.now());
  }

  return {
    caaIdentities: async () => (await directory()).caaIdentities,

    async register(key, { email, eab }) {
      const { newAccount } = await directory();
      const answer = await post(
        newAccount,
        key,
        { jwk: publicJwk(key) },
        {
          termsOfServiceAgreed: true,
          ...(email === undefined ? {} : { contact: [mailto(email)] }),
          ...(eab === undefined ? {} : { externalAccountBinding: bindAccount(eab, newAccount, key) }),
        },
      );
      return location(answer);
    },

    async find(key) {
      const { newAccount } = await directory();
      try {
        return location(await post(newAccount, key, { jwk: publicJwk(key) }, { onlyReturnExisting: true }));
      } catch (error) {
        if (error instanceof AcmeError && error.problem.type === 'accountDoesNotExist') return undefined;
        throw error;
      }
    },

    async changeKey(account, next) {
      const { keyChange } = await directory();
      const change = { account: account.url, oldKey: publicJwk(account.key) };
      await call(account, keyChange, signRequest(next, { jwk: publicJwk(next), url: keyChange }, change));
    },

    async newOrder(account, { names, profile, replaces }) {
      const { newOrder, renewalInfo, profiles } = await directory();
      if (profile !== undefined && !profiles.includes(profile))
        throw new AcmeError({ type: 'invalidProfile', detail: profiles.join(', '), retryAt: undefined });
      const answer = await call(account, newOrder, {
        identifiers: names.map((value) => ({ type: 'dns', value })),
        ...(profile === undefined ? {} : { profile }),
        ...(replaces === undefined || renewalInfo === undefined ? {} : { replaces }),
      });
      return orderOf(answer, location(answer));
    },

    order: async (account, url) => orderOf(await call(account, url), url),

    async authorization(account, url) {
      const answer = await call(account, url);
      return readAuthorization(json(answer), wait(answer));
    },

    async accept(account, url) {
      await call(account, url, {});
    },

    async finalize(account, order, csr) {
      // RFC 8555 §11.1: the account's key is in no certificate. Each is made for its own purpose, so this is a fault of ours.
      const accountKey = createPublicKey(account.key).export({ type: 'spki', format: 'der' });
      if (Buffer.from(csr).includes(accountKey)) throw new Error('a request with the key of the account');
      const answer = await call(account, order.finalize, { csr: Buffer.from(csr).toString('base64url') });
      return orderOf(answer, order.url);
    },

    certificate: async (account, url) => (await call(account, url)).body,

    async revoke(account, certificate, reason) {
      const { revokeCert } = await directory();
      await call(account, revokeCert, {
        certificate: Buffer.from(certificate).toString('base64url'),
        reason,
      });
    },

    async renewalInfo(certificateId) {
      const { renewalInfo } = await directory();
      if (renewalInfo === undefined) return undefined;
      const answer = await get(`${renewalInfo.replace(/\/$/, '')}/${certificateId}`);
      if (answer.status !== 200) throw failed(answer);
      return readRenewalInfo(json(answer), wait(answer));
    },
  };
}

/** Where the CA keeps what was made. Of an account it goes into CAA, too, which is to have a URI there (RFC 8657 §3). */
function location({ headers }: CaAnswer): string {
  const { location: url = '' } = headers;
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
    throw malformed('the CA gave no URL (Location)');
  return url;
}

/** RFC 8555 §6.5.1: what is no base64url is no nonce. */
function nonceOf({ headers }: CaAnswer): string | undefined {
  const nonce = headers['replay-nonce'];
  return typeof nonce === 'string' && /^[\w-]+$/.test(nonce) ? nonce : undefined;
}

/** RFC 8555 §7.3: one address and no header fields, whatever characters there are in the address. */
function mailto(email: string): string {
  return `mailto:${encodeURI(email).replace(/[?&#,;]/g, encodeURIComponent)}`;
}

function json({ body }: CaAnswer): unknown {
  const value = safeJson(body);
  if (value === undefined) throw malformed('an answer that is no JSON');
  return value;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function malformed(detail: string): AcmeError {
  return new AcmeError({ type: 'malformedAnswer', detail, retryAt: undefined });
}
