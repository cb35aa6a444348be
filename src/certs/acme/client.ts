import type { KeyObject } from 'node:crypto';
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

  async function send(method: 'GET' | 'HEAD' | 'POST', url: string, body?: string): Promise<CaAnswer> {
    const answer = await transport.send(method, url, body);
    const nonce = answer.headers['replay-nonce'];
    if (typeof nonce === 'string' && nonces.length < NONCES) nonces.push(nonce);
    return answer;
  }

  async function directory(): Promise<Directory> {
    if (known && clock.now() - known.at < DIRECTORY_AGE) return known.directory;
    const answer = await send('GET', options.directory);
    if (answer.status !== 200) throw failed(answer);
    known = { directory: readDirectory(json(answer)), at: clock.now() };
    return known.directory;
  }

  async function nonce(): Promise<string> {
    if (nonces.length === 0) await send('HEAD', (await directory()).newNonce);
    const fresh = nonces.pop();
    if (fresh === undefined) throw malformed('the CA gave no nonce');
    return fresh;
  }

  async function post(url: string, key: KeyObject, identity: Identity, payload: unknown): Promise<CaAnswer> {
    for (let tries = 1; ; tries++) {
      const header = { ...identity, nonce: await nonce(), url };
      const answer = await send('POST', url, JSON.stringify(signRequest(key, header, payload)));
      if (answer.status < 400) return answer;
      const error = failed(answer);
      if (error.problem.type !== 'badNonce' || tries === NONCE_TRIES) throw error;
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
          ...(email === undefined ? {} : { contact: [`mailto:${email}`] }),
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
      const answer = await send('GET', `${renewalInfo.replace(/\/$/, '')}/${certificateId}`);
      if (answer.status !== 200) throw failed(answer);
      return readRenewalInfo(json(answer), wait(answer));
    },
  };
}

function location({ headers }: CaAnswer): string {
  if (headers.location === undefined) throw malformed('the CA gave no URL (Location)');
  return headers.location;
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
