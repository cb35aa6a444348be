import { AppError } from '../../core/errors.ts';
import {
  confirmIn,
  enrolmentOut,
  linkIn,
  namedOut,
  ownAccountChange,
  ownPasswordIn,
  recoveryCodesOut,
  secondFactorIn,
  sessionParam,
  sessionsJson,
  sessionsOut,
} from './account-schema.ts';
import { wrongGuess } from '../authenticate.ts';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf, type ApiContext, sessionOf } from '../env.ts';
import type { Guesses } from '../guesses.ts';
import { newRoutes } from '../new-routes.ts';
import { clientOf } from './routes.ts';
import { endedOut, sessionJson, sessionOut } from './schema.ts';

/** What people do with the account that they are signed in to. */
const own: { tags: string[]; need: 'session'; beforeSetup: true } = {
  tags: ['accounts'],
  need: 'session',
  beforeSetup: true,
};

const confirmSession = defineRoute({
  ...own,
  method: 'post',
  path: '/api/v1/session/confirm',
  operationId: 'confirmSession',
  summary: 'Give the password again, for dangerous acts',
  errors: ['wrong-password', 'second-factor-needed', 'rate-limited'],
  request: { body: body(confirmIn) },
  responses: { 200: answer('The session, which may do them for a quarter of an hour.', sessionOut) },
});

const changeOwnAccount = defineRoute({
  ...own,
  method: 'patch',
  path: '/api/v1/session/account',
  operationId: 'changeOwnAccount',
  summary: 'Change how one is called, and the language',
  description: 'Of an account; a mailbox user has none.',
  errors: ['not-found'],
  request: { body: body(ownAccountChange) },
  responses: { 200: answer('The session.', sessionOut) },
});

const setOwnPassword = defineRoute({
  ...own,
  method: 'post',
  path: '/api/v1/session/password',
  operationId: 'setOwnPassword',
  summary: 'Change the own password',
  description: 'All other sessions end. Of a mailbox user it is the password of the mailbox.',
  errors: ['wrong-password', 'weak-password', 'rate-limited'],
  request: { body: body(ownPasswordIn) },
  responses: { 200: answer('The new password works.', namedOut) },
});

const usePasswordLink = defineRoute({
  method: 'post',
  path: '/api/v1/session/password-link',
  operationId: 'usePasswordLink',
  tags: ['accounts'],
  summary: 'Set a password by the link that an administrator made',
  description: 'Needs no credential: the secret of the link is one, for one use. It signs nobody in.',
  need: 'open',
  beforeSetup: true,
  bodyLimits: { octets: 8192, values: 10 },
  errors: ['bad-credential', 'rate-limited', 'weak-password', 'cross-site'],
  request: { body: body(linkIn) },
  responses: { 200: answer('The name to sign in with.', namedOut) },
});

const listOwnSessions = defineRoute({
  ...own,
  method: 'get',
  path: '/api/v1/session/all',
  operationId: 'listOwnSessions',
  summary: 'Where one is signed in',
  responses: { 200: answer('The sessions, the newest first.', sessionsOut) },
});

const endOwnSession = defineRoute({
  ...own,
  method: 'delete',
  path: '/api/v1/session/all/{id}',
  operationId: 'endOwnSession',
  summary: 'Sign out somewhere else',
  errors: ['not-found'],
  request: { params: sessionParam },
  responses: { 200: answer('The session has ended.', endedOut) },
});

const enrolSecondFactor = defineRoute({
  ...own,
  method: 'post',
  path: '/api/v1/session/second-factor',
  operationId: 'enrolSecondFactor',
  summary: 'Begin to use an authenticator app',
  description: 'Nothing is asked for beside the password before a code of it was confirmed.',
  confirmed: true,
  withhold: ['secret', 'uri'],
  responses: { 200: answer('What the app is given.', enrolmentOut) },
});

const confirmSecondFactor = defineRoute({
  ...own,
  method: 'post',
  path: '/api/v1/session/second-factor/confirm',
  operationId: 'confirmSecondFactor',
  summary: 'Show that the app gives the right codes; from now on they are asked for',
  confirmed: true,
  withhold: ['recoveryCodes'],
  errors: ['wrong-code', 'not-found'],
  request: { body: body(secondFactorIn) },
  responses: { 200: answer('Codes for when the app is lost.', recoveryCodesOut) },
});

const renewRecoveryCodes = defineRoute({
  ...own,
  method: 'post',
  path: '/api/v1/session/recovery-codes',
  operationId: 'renewRecoveryCodes',
  summary: 'New recovery codes; those of before are worth nothing',
  confirmed: true,
  withhold: ['recoveryCodes'],
  errors: ['not-found'],
  responses: { 200: answer('The codes.', recoveryCodesOut) },
});

const removeSecondFactor = defineRoute({
  ...own,
  method: 'delete',
  path: '/api/v1/session/second-factor',
  operationId: 'removeSecondFactor',
  summary: 'Ask for the password alone again',
  confirmed: true,
  errors: ['not-found'],
  responses: { 200: answer('The session.', sessionOut) },
});

const wrongLink =
  'The link is wrong, was used, or is older than a day. Ask an administrator for another, or make one on the box with `signpost account reset NAME`.';

export function ownAccountRoutes(guesses: Guesses) {
  return newRoutes()
    .openapi(confirmSession, async (c) => {
      const { person, session } = sessionOf(c);
      await peopleOf(c).signIn.confirm(person, session.id, { ...c.req.valid('json'), client: clientOf(c) });
      return c.json(sessionJson(c, renewed(c)), 200);
    })
    .openapi(changeOwnAccount, async (c) => {
      await peopleOf(c).accounts.updateOwn(sessionOf(c).person, c.req.valid('json'), clientOf(c));
      return c.json(sessionJson(c, renewed(c)), 200);
    })
    .openapi(setOwnPassword, async (c) => {
      const { person, session } = sessionOf(c);
      const { password, newPassword } = c.req.valid('json');
      const { accounts, signIn } = peopleOf(c);
      await signIn.check(person, password, clientOf(c));
      await accounts.setOwn(person, session.id, newPassword, clientOf(c));
      return c.json({ changed: person.name }, 200);
    })
    .openapi(usePasswordLink, async (c) => {
      const { secret, password } = c.req.valid('json');
      const name = await peopleOf(c).accounts.useLink(secret, password, clientOf(c));
      if (name === undefined) throw wrongGuess(c, guesses, wrongLink);
      return c.json({ changed: name }, 200);
    })
    .openapi(listOwnSessions, (c) => {
      const { person, session } = sessionOf(c);
      return c.json(sessionsJson(peopleOf(c).sessions.list(person.id), session.id), 200);
    })
    .openapi(endOwnSession, async (c) => {
      const { id } = c.req.valid('param');
      await peopleOf(c).sessions.end(actorOf(c), sessionOf(c).person.id, id);
      return c.json({ ended: id }, 200);
    })
    .openapi(enrolSecondFactor, (c) => {
      const issuer = c.var.services.box.get()?.hostname.toText() ?? 'Signpost';
      return c.json(peopleOf(c).factors.enrol(sessionOf(c).person, issuer), 200);
    })
    .openapi(confirmSecondFactor, async (c) => {
      const { code } = c.req.valid('json');
      const codes = await peopleOf(c).factors.confirm(actorOf(c), sessionOf(c).person, code);
      return c.json({ recoveryCodes: codes }, 200);
    })
    .openapi(renewRecoveryCodes, async (c) => {
      const codes = await peopleOf(c).factors.renewRecoveryCodes(actorOf(c), sessionOf(c).person);
      return c.json({ recoveryCodes: codes }, 200);
    })
    .openapi(removeSecondFactor, async (c) => {
      await peopleOf(c).factors.remove(actorOf(c), sessionOf(c).person);
      return c.json(sessionJson(c), 200);
    });
}

const peopleOf = (c: ApiContext) => c.var.services.people;

/** The session as it is after a change. */
function renewed(c: ApiContext) {
  const now = c.var.credential?.renewed?.();
  if (!now) throw new AppError('session-ended', 'The session has ended. Sign in again.');
  return now;
}
