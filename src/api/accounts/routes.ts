import { answer, body, created } from '../content.ts';
import { asking, requireOwners } from '../access.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf, type ApiContext } from '../env.ts';
import { pageJson, pageOf, pageRequest } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import { endedOut } from '../session/schema.ts';
import {
  accountChange,
  accountIn,
  accountJson,
  accountOut,
  accountParam,
  accountQuery,
  accountSessionParam,
  addedOut,
  linkJson,
  removedOut,
  resetIn,
  resetOut,
  sessionsJson,
  sessionsOut,
} from '../session/account-schema.ts';

const common: { tags: string[]; need: 'accounts'; beforeSetup: true } = {
  tags: ['accounts'],
  need: 'accounts',
  beforeSetup: true,
};

const listAccounts = defineRoute({
  ...common,
  method: 'get',
  path: '/api/v1/accounts',
  operationId: 'listAccounts',
  summary: 'The accounts of people',
  request: { query: accountQuery },
  responses: { 200: answer('A page of accounts, by name.', pageOf(accountOut)) },
});

const getAccount = defineRoute({
  ...common,
  method: 'get',
  path: '/api/v1/accounts/{name}',
  operationId: 'getAccount',
  summary: 'One account',
  errors: ['not-found'],
  request: { params: accountParam },
  responses: { 200: answer('The account.', accountOut) },
});

const addAccount = defineRoute({
  ...common,
  method: 'post',
  path: '/api/v1/accounts',
  operationId: 'addAccount',
  summary: 'Add an account',
  description: 'Without a password the answer has a link by which the person sets one, within a day.',
  confirmed: true,
  withhold: ['link'],
  errors: ['already-exists', 'weak-password', 'invalid-name'],
  request: { body: body(accountIn) },
  responses: { 201: created('The account, and its link.', addedOut) },
});

const changeAccount = defineRoute({
  ...common,
  method: 'patch',
  path: '/api/v1/accounts/{name}',
  operationId: 'changeAccount',
  summary: 'Change what an account is and may do',
  description:
    'What is not given stays as it is. Another role, other domains, or being disabled end its sessions.',
  confirmed: true,
  errors: ['not-found', 'in-use', 'invalid-name'],
  request: { params: accountParam, body: body(accountChange) },
  responses: { 200: answer('The account as it now is.', accountOut) },
});

const removeAccount = defineRoute({
  ...common,
  method: 'delete',
  path: '/api/v1/accounts/{name}',
  operationId: 'removeAccount',
  summary: 'Remove an account, and end its sessions',
  confirmed: true,
  errors: ['not-found', 'in-use'],
  request: { params: accountParam },
  responses: { 200: answer('It is gone.', removedOut) },
});

const resetPassword = defineRoute({
  ...common,
  method: 'post',
  path: '/api/v1/accounts/{name}/reset',
  operationId: 'resetPassword',
  summary: 'Make a link by which a person sets a new password, once',
  description: 'Its sessions end now; the password of before works until the link is used.',
  confirmed: true,
  withhold: ['link'],
  errors: ['not-found'],
  request: { params: accountParam, body: body(resetIn) },
  responses: { 201: created('The link, which works for a day.', resetOut) },
});

const listSessions = defineRoute({
  ...common,
  method: 'get',
  path: '/api/v1/accounts/{name}/sessions',
  operationId: 'listSessionsOfAccount',
  summary: 'Where a person is signed in',
  errors: ['not-found'],
  request: { params: accountParam },
  responses: { 200: answer('The sessions, the newest first.', sessionsOut) },
});

const endSession = defineRoute({
  ...common,
  method: 'delete',
  path: '/api/v1/accounts/{name}/sessions/{id}',
  operationId: 'endSessionOfAccount',
  summary: 'Sign a person out somewhere',
  errors: ['not-found'],
  request: { params: accountSessionParam },
  responses: { 200: answer('The session has ended.', endedOut) },
});

export function accountRoutes() {
  return newRoutes()
    .openapi(listAccounts, (c) => {
      const { search, ...page } = c.req.valid('query');
      return c.json(pageJson(accountsOf(c).list(pageRequest(page), search), accountJson), 200);
    })
    .openapi(getAccount, (c) => c.json(accountJson(existing(c, c.req.valid('param').name)), 200))
    .openapi(addAccount, async (c) => {
      const { account, link } = await accountsOf(c).add(asking(c), c.req.valid('json'));
      const headers = { Location: `/api/v1/accounts/${encodeURIComponent(account.name)}` };
      return c.json(
        { account: accountJson(account), link: link ? linkJson(link, baseOf(c)) : null },
        201,
        headers,
      );
    })
    .openapi(changeAccount, async (c) => {
      const changed = await accountsOf(c).update(asking(c), c.req.valid('param').name, c.req.valid('json'));
      return c.json(accountJson(changed), 200);
    })
    .openapi(removeAccount, async (c) => {
      const { name } = c.req.valid('param');
      await accountsOf(c).remove(asking(c), name);
      return c.json({ removed: name }, 200);
    })
    .openapi(resetPassword, async (c) => {
      const { name } = c.req.valid('param');
      const { secondFactor } = c.req.valid('json');
      const link = await accountsOf(c).reset(asking(c), name, secondFactor === 'remove');
      const headers = { Location: `/api/v1/accounts/${encodeURIComponent(name)}` };
      return c.json({ link: linkJson(link, baseOf(c)) }, 201, headers);
    })
    .openapi(listSessions, (c) => {
      const { id } = existing(c, c.req.valid('param').name);
      const { sessions } = c.var.services.people;
      return c.json(sessionsJson(sessions.list(id), c.var.credential?.session?.id), 200);
    })
    .openapi(endSession, async (c) => {
      const { name, id } = c.req.valid('param');
      const account = existing(c, name);
      if (account.role === 'owner') requireOwners(c);
      await c.var.services.people.sessions.end(actorOf(c), account.id, id);
      return c.json({ ended: id }, 200);
    });
}

const accountsOf = (c: ApiContext) => c.var.services.people.accounts;
const existing = (c: ApiContext, name: string) => found(accountsOf(c).get(name), 'account', name);

/** Where a person reaches the box: by its name, when it has one. */
function baseOf(c: ApiContext): string {
  const hostname = c.var.services.box.get()?.hostname.toText();
  return c.env.peer.kind === 'local' && hostname !== undefined
    ? `https://${hostname}`
    : `${c.var.secure ? 'https' : 'http'}://${c.req.header('host') ?? new URL(c.req.url).host}`;
}
