import { secureHeaders } from 'hono/secure-headers';
import { styleHash } from './docs/style.ts';
import type { ApiMiddleware } from './env.ts';

const headers = secureHeaders({
  // Nothing is loaded, framed, sent or run; the documentation's one style sheet is named by its hash.
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: [`'sha256-${styleHash}'`],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // Only the box's own name: what else is below it is not ours to decide.
  strictTransportSecurity: 'max-age=15552000',
});

/** Headers that every answer carries. */
export const secure: ApiMiddleware = async (c, next) => {
  await headers(c, next);
  c.res.headers.set('Cache-Control', 'no-store');
};
