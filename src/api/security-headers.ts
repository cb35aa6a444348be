import { secureHeaders } from 'hono/secure-headers';
import { styleHash } from './docs/style.ts';
import type { ApiMiddleware } from './env.ts';
import { homePolicy } from './home/page.ts';
import { setupPolicy } from './setup/page.ts';

/** Only the box's own name: what else is below it is not ours to decide. */
export const strictTransportSecurity = 'max-age=15552000';

type Policy = NonNullable<NonNullable<Parameters<typeof secureHeaders>[0]>['contentSecurityPolicy']>;

/** Nothing is loaded, framed, sent or run but what a page names; its own style and script it names by their hashes. */
const headersWith = (policy: Policy) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      ...policy,
    },
    xFrameOptions: 'DENY',
    strictTransportSecurity,
  });

const headers = headersWith({ styleSrc: [`'sha256-${styleHash}'`] });
const ofPages = new Map([
  ['/', headersWith(homePolicy)],
  ['/setup', headersWith(setupPolicy)],
]);

/** Headers that every answer carries. */
export const secure: ApiMiddleware = async (c, next) => {
  await (ofPages.get(c.req.path) ?? headers)(c, next);
  c.res.headers.set('Cache-Control', 'no-store');
};
