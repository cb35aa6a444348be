import { actorOf as actorOfPerson, grantsOf } from '../access/people/people.ts';
import { clientNetwork } from '../core/client-network.ts';
import { AppError } from '../core/errors.ts';
import type { Actor } from '../work/actor.ts';
import type { ApiContext, ApiMiddleware, Credential } from './env.ts';
import type { Guesses } from './guesses.ts';
import { CHALLENGE, problem } from './problem.ts';
import { sessionCookie } from './session/cookie.ts';
import { requireSameSite } from './session/same-site.ts';

/**
 * What answers without a credential: the page at `/`, whether the box is well, the trade of the first run's one-time secret with its page,
 * the change of a mailbox's password by who knows it, and signing in.
 */
const open = new Set([
  ...['GET /', 'GET /health', 'GET /api/v1/health', 'GET /setup', 'POST /api/v1/setup'],
  'POST /api/v1/password',
  ...['GET /api/v1/session', 'POST /api/v1/session', 'POST /api/v1/setup/owner'],
  ...['POST /api/v1/session/password-link', 'POST /api/v1/session/passkey'],
  'POST /api/v1/session/passkey/options',
]);

/** The documentation is read in a browser, which can send a token only as password of Basic (RFC 7617). */
const documentation = /^\/api\/(?:docs(?:\/|$)|openapi\.json$)/;

const local: Credential = {
  actor: { kind: 'local', id: 'local', name: 'local administrator', address: undefined },
  grants: [{ role: 'owner' }],
  whenEnded: () => () => undefined,
};

/**
 * Finds out who asks. Over the unix socket that is the administrator of the machine; but a token that is sent counts there too, and then
 * the request may do what the token may, and no more. Without a valid credential every path answers 401, those that do not exist too, so that
 * a stranger learns nothing.
 */
export function authenticate(guesses: Guesses): ApiMiddleware {
  return async (c, next) => {
    const isOpen = open.has(`${c.req.method === 'HEAD' ? 'GET' : c.req.method} ${c.req.path}`);
    const sent = c.req.header('authorization') !== undefined;
    if (c.env.peer.kind === 'local' && !sent) c.set('credential', local);
    else if (sent) {
      const refusal = checkToken(c, guesses);
      if (refusal) return refusal;
    } else {
      const secret = sessionCookie(c);
      const credential = secret === undefined ? undefined : credentialOfSession(c, secret);
      requireSameSite(c, credential !== undefined);
      if (credential) c.set('credential', credential);
      else if (!isOpen) return unauthorized(c, secret === undefined ? noCredential() : sessionEnded());
    }
    return next();
  };
}

function checkToken(c: ApiContext, guesses: Guesses): Response | undefined {
  const secret = presentedSecret(c);
  if (secret === undefined) return unauthorized(c, noCredential());
  const credential = credentialOf(c, secret);
  if (!credential) return unauthorized(c, wrongGuess(c, guesses, wrongToken));
  c.set('credential', credential);
  return undefined;
}

const noCredential = (): AppError =>
  new AppError(
    'no-credential',
    'Send a token: `Authorization: Bearer TOKEN`. An administrator makes one with POST /api/v1/tokens.',
  );

/** Nobody guesses 256 random bits, and a page that was left open asks again and again: it is not counted. */
const sessionEnded = (): AppError => new AppError('session-ended', 'The session has ended. Sign in again.');

const wrongToken =
  'The token is unknown, revoked or expired, or it is not for your address. Check it, or make a new one.';

function credentialOf(c: ApiContext, secret: string): Credential | undefined {
  const { tokens } = c.var.services;
  const token = tokens.authenticate(secret, c.var.client);
  if (!token) return undefined;
  const actor: Actor = { kind: 'token', id: token.id, name: token.name, address: c.var.client };
  return { actor, grants: token.scopes, whenEnded: (ended) => tokens.whenEnded(token.id, ended) };
}

function credentialOfSession(c: ApiContext, secret: string): Credential | undefined {
  const { sessions } = c.var.services.people;
  const found = sessions.authenticate(secret);
  return (
    found && {
      ...found,
      renewed: () => sessions.authenticate(secret),
      actor: actorOfPerson(found.person, c.var.client),
      grants: grantsOf(found.person),
      whenEnded: (ended) => sessions.whenEnded(found.session.id, ended),
    }
  );
}

/** The token as sent; undefined when there is none in a form that this path takes. */
function presentedSecret(c: ApiContext): string | undefined {
  const header = c.req.header('authorization') ?? '';
  const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (bearer !== undefined || !documentation.test(c.req.path)) return bearer;
  const basic = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header)?.[1];
  if (basic === undefined) return undefined;
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function unauthorized(c: ApiContext, error: AppError): Response {
  if (error.code === 'rate-limited') return problem(error);
  // Browsers look at one challenge in a header line, and the documentation is for browsers.
  const basic = 'Basic realm="any user name, and a token as password", charset="UTF-8"';
  const bearer = error.code === 'bad-credential' ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE;
  return problem(error, { 'WWW-Authenticate': documentation.test(c.req.path) ? basic : bearer });
}

/**
 * Counts a credential that was looked at and is wrong. The error to answer: after too many of them from the network, or from all together,
 * `rate-limited`. A valid one gets through all the while: looking costs a hash and a row by its key, and with 256 random bits
 * nobody guesses right. The limit is for programs with an old token, and for what the metrics and the log are to show.
 */
export function wrongGuess(c: ApiContext, guesses: Guesses, sentence: string): AppError {
  c.var.services.metrics.loginFailed();
  const { client } = c.var;
  const seconds = client === undefined ? 0 : guesses.wrong(clientNetwork(client));
  if (seconds === 0) return new AppError('bad-credential', sentence);
  const detail = `Too many wrong tokens came. Wait ${seconds} seconds, then try again with a valid token.`;
  return new AppError('rate-limited', detail, { retryAfter: seconds });
}
