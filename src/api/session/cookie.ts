import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { LIFETIME } from '../../access/people/sessions.ts';
import type { ApiContext } from '../env.ts';

/** Over HTTPS no other host and no plain HTTP can set one of this prefix (RFC 6265bis §4.1.3.2). */
const SECURE = '__Host-signpost';
/** For the box itself and its tunnel, where there is no certificate. */
const PLAIN = 'signpost';

/** Names of the session's cookie. */
export const sessionCookies: readonly string[] = [SECURE, PLAIN];

/** The secret of a session, as the browser sent it. */
export function sessionCookie(c: ApiContext): string | undefined {
  return getCookie(c, c.var.secure ? SECURE : PLAIN);
}

/**
 * SameSite=Strict costs nothing: a link from elsewhere opens the panel without it, whose own requests then carry it. It is kept as long
 * as a session can last; the box says when it is over.
 */
export function giveCookie(c: ApiContext, secret: string): void {
  setCookie(c, c.var.secure ? SECURE : PLAIN, secret, { ...attributes(c), maxAge: LIFETIME / 1000 });
}

export function takeCookie(c: ApiContext): void {
  deleteCookie(c, c.var.secure ? SECURE : PLAIN, attributes(c));
}

function attributes(c: ApiContext) {
  return { path: '/', httpOnly: true, secure: c.var.secure, sameSite: 'Strict' } as const;
}
