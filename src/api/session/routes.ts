import type { Client } from '../../access/people/sessions.ts';
import { wrongGuess } from '../authenticate.ts';
import { answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf, type ApiContext, sessionOf } from '../env.ts';
import type { Guesses } from '../guesses.ts';
import { newRoutes } from '../new-routes.ts';
import { giveCookie, sessionCookie, takeCookie } from './cookie.ts';
import { endedOut, ownerIn, sessionJson, sessionOut, signInIn } from './schema.ts';

/** Strangers send these. */
const SMALL = { octets: 8192, values: 10 };

const getSession = defineRoute({
  method: 'get',
  path: '/api/v1/session',
  operationId: 'getSession',
  tags: ['accounts'],
  summary: 'Who is signed in, and what they may do',
  description: 'Answers a stranger too, with `account` null.',
  need: 'open',
  beforeSetup: true,
  responses: { 200: answer('The session, or that there is none.', sessionOut) },
});

const signIn = defineRoute({
  method: 'post',
  path: '/api/v1/session',
  operationId: 'signIn',
  tags: ['accounts'],
  summary: 'Sign in with a password',
  description:
    'Needs no credential: the password is one. The answer sets a cookie, which is the session. Tries are counted, by account and by network.',
  need: 'open',
  beforeSetup: true,
  bodyLimits: SMALL,
  errors: ['wrong-password', 'second-factor-needed', 'rate-limited', 'cross-site'],
  request: { body: body(signInIn) },
  responses: { 200: answer('The session.', sessionOut) },
});

const signOut = defineRoute({
  method: 'delete',
  path: '/api/v1/session',
  operationId: 'signOut',
  tags: ['accounts'],
  summary: 'Sign out',
  need: 'session',
  beforeSetup: true,
  responses: { 200: answer('The session has ended.', endedOut) },
});

const makeOwner = defineRoute({
  method: 'post',
  path: '/api/v1/setup/owner',
  operationId: 'makeFirstOwner',
  tags: ['accounts'],
  summary: 'Trade the one-time secret of the first start for an account',
  description:
    'Needs no credential: the secret is one, for one use within an hour. The account is an owner, and signed in.',
  need: 'open',
  beforeSetup: true,
  bodyLimits: SMALL,
  errors: ['bad-credential', 'rate-limited', 'weak-password', 'already-exists', 'cross-site'],
  request: { body: body(ownerIn) },
  responses: { 201: created('The session of the new owner.', sessionOut) },
});

const wrongSecret =
  'The secret is wrong, used, or older than an hour. Make an account on the box with `signpost account add NAME --role owner`, or start it again for a new link.';

export function sessionRoutes(guesses: Guesses) {
  return newRoutes()
    .openapi(getSession, (c) => c.json(sessionJson(c), 200))
    .openapi(signIn, async (c) => {
      const given = c.req.valid('json');
      const begun = await c.var.services.people.signIn.withPassword({
        ...given,
        client: clientOf(c),
        previous: sessionCookie(c),
      });
      giveCookie(c, begun.secret);
      return c.json(sessionJson(c, begun), 200);
    })
    .openapi(signOut, async (c) => {
      const { person, session } = sessionOf(c);
      await c.var.services.people.sessions.end(actorOf(c), person.id, session.id);
      takeCookie(c);
      return c.json({ ended: session.id }, 200);
    })
    .openapi(makeOwner, async (c) => {
      const { secret, ...owner } = c.req.valid('json');
      const { accounts } = c.var.services.people;
      const begun = await accounts.begin(secret, owner, clientOf(c), sessionCookie(c));
      if (!begun) throw wrongGuess(c, guesses, wrongSecret);
      giveCookie(c, begun.secret);
      const headers = { Location: `/api/v1/accounts/${encodeURIComponent(begun.person.name)}` };
      return c.json(sessionJson(c, begun), 201, headers);
    });
}

export function clientOf(c: ApiContext): Client {
  return { address: c.var.client, agent: c.req.header('user-agent') };
}
