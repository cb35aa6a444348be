import { z } from '@hono/zod-openapi';
import type { PasskeyView, Site } from '../../access/people/passkeys.ts';
import { AppError } from '../../core/errors.ts';
import { answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf, type ApiContext, sessionOf } from '../env.ts';
import { time } from '../fields.ts';
import { newRoutes } from '../new-routes.ts';
import { giveCookie, sessionCookie } from './cookie.ts';
import { clientOf } from './routes.ts';
import { nameIn, sessionJson, sessionOut } from './schema.ts';
import { passkeySite } from './site.ts';

const passkeyOut = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    host: z.string().describe('The host name that it is for.'),
    synced: z.boolean().describe('Whether the person has it on other devices too.'),
    createdAt: time('When it was made.'),
    lastUsedAt: time('When it was last used; null: never.').nullable(),
  })
  .openapi('Passkey');

/** As browsers have it (Web Authentication Level 3 §5.1.8): what is in it is looked at by a library of its own. */
const browserJson = (what: string) => z.record(z.string(), z.unknown()).openapi({ description: what });
const optionsOut = browserJson(
  'For the browser: `startRegistration` and `startAuthentication` of @simplewebauthn/browser take it.',
);
const responseIn = browserJson('What the browser gave.');
const newPasskeyIn = z
  .strictObject({
    name: z.string().min(1, 'Give it a name that says which device has it.').max(100),
    response: responseIn,
  })
  .openapi('NewPasskey', { example: { name: "Anna's telephone", response: {} } });
const usedIn = z.strictObject({ response: responseIn }).openapi('UsedPasskey', { example: { response: {} } });

const challengeIn = z.strictObject({ name: nameIn.optional() }).openapi('PasskeyChallenge', { example: {} });

const own = { tags: ['accounts'], need: 'session' as const, beforeSetup: true as const };

const listPasskeys = defineRoute({
  ...own,
  method: 'get',
  path: '/api/v1/session/passkeys',
  operationId: 'listPasskeys',
  summary: 'The own passkeys',
  responses: {
    200: answer('All of them, the oldest first.', z.strictObject({ items: z.array(passkeyOut) })),
  },
});

const enrolPasskey = defineRoute({
  ...own,
  method: 'post',
  path: '/api/v1/session/passkeys/options',
  operationId: 'enrolPasskey',
  summary: 'Begin to make a passkey',
  confirmed: true,
  errors: ['passkey-refused'],
  responses: { 200: answer('What the browser makes it by, within five minutes.', optionsOut) },
});

const addPasskey = defineRoute({
  ...own,
  method: 'post',
  path: '/api/v1/session/passkeys',
  operationId: 'addPasskey',
  summary: 'Keep a passkey that the browser made',
  confirmed: true,
  errors: ['passkey-refused', 'already-exists', 'in-use'],
  request: { body: body(newPasskeyIn) },
  responses: { 201: created('The passkey, which signs in from now on.', passkeyOut) },
});

const removePasskey = defineRoute({
  ...own,
  method: 'delete',
  path: '/api/v1/session/passkeys/{id}',
  operationId: 'removePasskey',
  summary: 'Take back a passkey',
  confirmed: true,
  errors: ['not-found'],
  request: { params: z.strictObject({ id: z.string().min(1).max(1400) }) },
  responses: {
    200: answer('It signs in no more.', z.strictObject({ removed: z.string() }).openapi('PasskeyRemoved')),
  },
});

const challengePasskey = defineRoute({
  method: 'post',
  path: '/api/v1/session/passkey/options',
  operationId: 'challengePasskey',
  tags: ['accounts'],
  summary: 'Begin to sign in with a passkey, or to confirm',
  description:
    'Needs no credential, and no name: the browser then offers the passkeys that it has for the box. With a name, those of that account are asked for; one that does not exist seems to have one.',
  need: 'open',
  beforeSetup: true,
  bodyLimits: { octets: 8192, values: 10 },
  errors: ['passkey-refused', 'cross-site'],
  request: { body: body(challengeIn) },
  responses: { 200: answer('What the browser uses it by, within five minutes.', optionsOut) },
});

const usePasskey = defineRoute({
  method: 'post',
  path: '/api/v1/session/passkey',
  operationId: 'signInWithPasskey',
  tags: ['accounts'],
  summary: 'Sign in with a passkey',
  description:
    'Needs no credential: the passkey is one, and no second factor is asked for. The answer sets the cookie.',
  need: 'open',
  beforeSetup: true,
  bodyLimits: { octets: 65_536, values: 100 },
  errors: ['passkey-refused', 'cross-site'],
  request: { body: body(usedIn) },
  responses: { 200: answer('The session.', sessionOut) },
});

const confirmPasskey = defineRoute({
  ...own,
  method: 'post',
  path: '/api/v1/session/confirm-passkey',
  operationId: 'confirmWithPasskey',
  summary: 'Use a passkey in place of the password, for dangerous acts',
  errors: ['passkey-refused', 'session-ended'],
  request: { body: body(usedIn) },
  responses: { 200: answer('The session, which may do them for a quarter of an hour.', sessionOut) },
});

export function passkeyRoutes() {
  return newRoutes()
    .openapi(listPasskeys, (c) =>
      c.json({ items: passkeysOf(c).list(sessionOf(c).person.id).map(passkeyJson) }, 200),
    )
    .openapi(enrolPasskey, async (c) =>
      c.json(plain(await passkeysOf(c).enrol(sessionOf(c).person, siteOf(c))), 200),
    )
    .openapi(addPasskey, async (c) => {
      const { person } = sessionOf(c);
      const made = await passkeysOf(c).add(actorOf(c), person, siteOf(c), c.req.valid('json'));
      const headers = { Location: `/api/v1/session/passkeys/${encodeURIComponent(made.id)}` };
      return c.json(passkeyJson(made), 201, headers);
    })
    .openapi(removePasskey, async (c) => {
      const { id } = c.req.valid('param');
      await passkeysOf(c).remove(actorOf(c), sessionOf(c).person, id);
      return c.json({ removed: id }, 200);
    })
    .openapi(challengePasskey, async (c) => {
      const options = await passkeysOf(c).challenge(siteOf(c), c.req.valid('json').name);
      return c.json(plain(options), 200);
    })
    .openapi(usePasskey, async (c) => {
      const how = { client: clientOf(c), previous: sessionCookie(c) };
      const begun = await passkeysOf(c).signIn(c.req.valid('json').response, siteOf(c), how);
      giveCookie(c, begun.secret);
      return c.json(sessionJson(c, begun), 200);
    })
    .openapi(confirmPasskey, async (c) => {
      const { person, session } = sessionOf(c);
      const given = { person, session: session.id, client: clientOf(c) };
      await passkeysOf(c).confirm(c.req.valid('json').response, siteOf(c), given);
      const now = c.var.credential?.renewed?.();
      if (!now) throw new AppError('session-ended', 'The session has ended. Sign in again.');
      return c.json(sessionJson(c, now), 200);
    });
}

const passkeysOf = (c: ApiContext) => c.var.services.people.passkeys;
const plain = (options: object): Record<string, unknown> => ({ ...options });

function passkeyJson({ lastUsedAt, ...passkey }: PasskeyView): z.infer<typeof passkeyOut> {
  return { ...passkey, lastUsedAt: lastUsedAt ?? null };
}

function siteOf(c: ApiContext): Site {
  const site = passkeySite(c);
  if (site) return site;
  throw new AppError(
    'passkey-refused',
    'Passkeys are for the host name of the box over HTTPS: open it at that, and not at an address.',
  );
}
