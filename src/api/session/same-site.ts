import { AppError } from '../../core/errors.ts';
import type { ApiContext } from '../env.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site has a browser do in the name of whoever is signed in (CSRF), besides SameSite: the browser says where a
 * request comes from, and no page can make it say otherwise. `must`: it has to say so, as the request comes with a cookie.
 * @throws AppError cross-site
 */
export function requireSameSite(c: ApiContext, must: boolean): void {
  if (SAFE.has(c.req.method)) return;
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  if (site === undefined && origin === undefined && !must) return;
  const wrong =
    (site !== undefined && site !== 'same-origin') ||
    (origin !== undefined && hostOf(origin) !== c.req.header('host')?.toLowerCase()) ||
    (site === undefined && origin === undefined);
  if (wrong)
    throw new AppError(
      'cross-site',
      'A session is for the pages of the box alone: the browser says that this comes from elsewhere. Programs send a token, and no cookie.',
    );
}

/** Of `https://box.example.com:8443`; undefined for `null` and what is no origin. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1];
}
