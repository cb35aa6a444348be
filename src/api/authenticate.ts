import { clientNetwork } from '../core/client-network.ts';
import { AppError } from '../core/errors.ts';
import type { Actor } from '../work/actor.ts';
import type { ApiContext, ApiMiddleware, Credential } from './env.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import { CHALLENGE, problem } from './problem.ts';

/** What answers without a credential: whether the box is well, and the trade of the first run's one-time secret with its page. */
const open = new Set(['GET /health', 'GET /api/v1/health', 'GET /setup', 'POST /api/v1/setup']);

/** The documentation is read in a browser, which can send a token only as password of Basic (RFC 7617). */
const documentation = /^\/api\/(?:docs(?:\/|$)|openapi\.json$)/;

const local: Credential = {
  actor: { kind: 'local', id: 'local', name: 'local administrator', address: undefined },
  scopes: [{ scope: 'admin' }],
  valid: () => true,
};

/**
 * Finds out who asks. Without a valid credential every path answers 401, those that do not exist too, so that
 * a stranger learns nothing.
 */
export function authenticate(failures: FailedAttempts): ApiMiddleware {
  return async (c, next) => {
    const isOpen = open.has(`${c.req.method === 'HEAD' ? 'GET' : c.req.method} ${c.req.path}`);
    if (c.env.peer.kind === 'local') c.set('credential', local);
    else if (!isOpen || c.req.header('authorization') !== undefined) {
      const refusal = checkToken(c, failures);
      if (refusal) return refusal;
    }
    return next();
  };
}

function checkToken(c: ApiContext, failures: FailedAttempts): Response | undefined {
  const secret = presentedSecret(c);
  if (secret === undefined)
    return unauthorized(
      c,
      new AppError(
        'no-credential',
        'Send a token: `Authorization: Bearer TOKEN`. An administrator makes one with POST /api/v1/tokens.',
      ),
    );
  const refusal = tooManyFailures(c, failures);
  if (refusal) return refusal;
  const credential = credentialOf(c, secret);
  if (!credential) {
    countFailure(c, failures);
    return unauthorized(
      c,
      new AppError(
        'bad-credential',
        'The token is unknown, revoked or expired. Check it, or make a new one.',
      ),
    );
  }
  c.set('credential', credential);
  return undefined;
}

function credentialOf(c: ApiContext, secret: string): Credential | undefined {
  const { tokens } = c.var.services;
  const token = tokens.authenticate(secret);
  if (!token) return undefined;
  const actor: Actor = { kind: 'token', id: token.id, name: token.name, address: c.var.client };
  return { actor, scopes: token.scopes, valid: () => tokens.authenticate(secret) !== undefined };
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
  // Browsers look at one challenge in a header line, and the documentation is for browsers.
  const basic = 'Basic realm="any user name, and a token as password", charset="UTF-8"';
  const bearer = error.code === 'bad-credential' ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE;
  return problem(error, { 'WWW-Authenticate': documentation.test(c.req.path) ? basic : bearer });
}

/** The 429 for a network that failed too often. Asked before the credential is looked at, so that waiting cannot be skipped. */
export function tooManyFailures(c: ApiContext, failures: FailedAttempts): Response | undefined {
  if (c.var.client === undefined) return undefined;
  const seconds = failures.wait(clientNetwork(c.var.client));
  if (seconds === 0) return undefined;
  const error = new AppError('rate-limited', `Wait ${seconds} seconds, then try again with a valid token.`);
  return problem(error, { 'Retry-After': String(seconds) });
}

export function countFailure(c: ApiContext, failures: FailedAttempts): void {
  c.var.services.metrics.loginFailed();
  if (c.var.client !== undefined) failures.count(clientNetwork(c.var.client));
}
