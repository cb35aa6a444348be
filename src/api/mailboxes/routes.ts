import { requireMail } from '../access.ts';
import { BULK_LIMITS } from '../body.ts';
import { accepted, answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { pageJson, pageOf } from '../fields.ts';
import { found } from '../found.ts';
import { jobLocation, jobStartedOut } from '../jobs/schema.ts';
import { newRoutes } from '../new-routes.ts';
import { setupOf } from '../../mail/setup.ts';
import { pageOfMailboxes } from './page.ts';
import {
  bulkMailbox,
  bulkMailboxesIn,
  forwardingIn,
  mailboxChange,
  mailboxIn,
  mailboxJson,
  mailboxOut,
  mailboxParam,
  mailboxQuery,
} from './schema.ts';
import { setupJson, setupOut } from './setup-schema.ts';

const listMailboxes = defineRoute({
  method: 'get',
  path: '/api/v1/mailboxes',
  operationId: 'listMailboxes',
  tags: ['mail'],
  summary: 'The mailboxes',
  need: 'read:list',
  request: { query: mailboxQuery },
  responses: { 200: answer('A page of mailboxes, by domain and address.', pageOf(mailboxOut)) },
});

const addMailbox = defineRoute({
  method: 'post',
  path: '/api/v1/mailboxes',
  operationId: 'addMailbox',
  tags: ['mail'],
  summary: 'Add a mailbox',
  description: 'When the answer comes, mail to it arrives and its owner can sign in.',
  need: 'write:addresses',
  errors: [
    'already-exists',
    'invalid-address',
    'weak-password',
    'no-mail-domain',
    'no-such-target',
    'mail-loop',
  ],
  request: { body: body(mailboxIn) },
  responses: { 201: created('The mailbox.', mailboxOut) },
});

const addMailboxes = defineRoute({
  method: 'post',
  path: '/api/v1/mailboxes/bulk',
  operationId: 'addMailboxes',
  tags: ['mail'],
  summary: 'Add many mailboxes, as a job',
  description:
    'The answer comes at once; the job says how far it is, and names each mailbox that could not be added with the reason. Passwords are kept sealed until their hashes take their place. At most 10,000 in one request.',
  need: 'mail:write',
  bodyLimits: BULK_LIMITS,
  request: { body: body(bulkMailboxesIn) },
  responses: { 202: accepted('The job.', jobStartedOut) },
});

const getMailbox = defineRoute({
  method: 'get',
  path: '/api/v1/mailboxes/{address}',
  operationId: 'getMailbox',
  tags: ['mail'],
  summary: 'One mailbox',
  need: 'read:address',
  errors: ['not-found'],
  request: { params: mailboxParam },
  responses: { 200: answer('The mailbox.', mailboxOut) },
});

const changeMailbox = defineRoute({
  method: 'patch',
  path: '/api/v1/mailboxes/{address}',
  operationId: 'changeMailbox',
  tags: ['mail'],
  summary: 'Change a mailbox, its password, or where its mail goes',
  description: 'What is not given stays as it is. Another password holds from the answer on.',
  need: 'write:address',
  errors: ['not-found', 'invalid-address', 'weak-password', 'no-such-target', 'mail-loop'],
  request: { params: mailboxParam, body: body(mailboxChange) },
  responses: { 200: answer('The mailbox as it now is.', mailboxOut) },
});

const setForwarding = defineRoute({
  method: 'put',
  path: '/api/v1/mailboxes/{address}/forwarding',
  operationId: 'setForwarding',
  tags: ['mail'],
  summary: 'Say where the mail of a mailbox is sent on to',
  description: 'Whoever uses the mailbox may: it is theirs to say. No address: it is not sent on.',
  need: 'use:mailbox',
  errors: ['not-found', 'invalid-address', 'no-such-target', 'mail-loop'],
  request: { params: mailboxParam, body: body(forwardingIn) },
  responses: { 200: answer('The mailbox as it now is.', mailboxOut) },
});

const retireMailbox = defineRoute({
  method: 'delete',
  path: '/api/v1/mailboxes/{address}',
  operationId: 'retireMailbox',
  tags: ['mail'],
  summary: 'Retire a mailbox',
  description: 'It takes no mail and lets nobody in any more. Its mail is kept, and it can be restored.',
  need: 'write:address',
  errors: ['not-found', 'in-use'],
  request: { params: mailboxParam },
  responses: { 200: answer('The mailbox as it is kept.', mailboxOut) },
});

const restoreMailbox = defineRoute({
  method: 'post',
  path: '/api/v1/mailboxes/{address}/restore',
  operationId: 'restoreMailbox',
  tags: ['mail'],
  summary: 'Bring a retired mailbox back, with its mail and its passwords',
  need: 'write:address',
  errors: ['not-found', 'in-use', 'no-mail-domain', 'no-such-target', 'mail-loop'],
  request: { params: mailboxParam },
  responses: { 200: answer('The mailbox.', mailboxOut) },
});

const getMailboxSetup = defineRoute({
  method: 'get',
  path: '/api/v1/mailboxes/{address}/setup',
  operationId: 'getMailboxSetup',
  tags: ['mail'],
  summary: 'What a person types into a mail program by hand',
  need: 'read:address',
  errors: ['not-found'],
  request: { params: mailboxParam },
  responses: { 200: answer('Servers, ports and the user name.', setupOut) },
});

export function mailboxRoutes() {
  const routes = newRoutes();
  routes.openAPIRegistry.register('BulkMailbox', bulkMailbox);
  return routes
    .openapi(listMailboxes, (c) => {
      const page = pageOfMailboxes(c, c.req.valid('query'));
      return c.json(pageJson(page, mailboxJson), 200);
    })
    .openapi(addMailbox, async (c) => {
      const wanted = c.req.valid('json');
      requireMail(c, [wanted.address]);
      const added = await c.var.services.mailboxes.add(actorOf(c), wanted);
      const headers = { Location: `/api/v1/mailboxes/${encodeURIComponent(added.address)}` };
      return c.json(mailboxJson(added), 201, headers);
    })
    .openapi(addMailboxes, async (c) => {
      const { mailboxes } = c.req.valid('json');
      const { id } = await c.var.services.mailImports.mailboxes(actorOf(c), mailboxes);
      return c.json({ job: id }, 202, { Location: jobLocation(id) });
    })
    .openapi(getMailbox, (c) => {
      const { address } = c.req.valid('param');
      return c.json(mailboxJson(found(c.var.services.mailboxes.get(address), 'mailbox', address)), 200);
    })
    .openapi(getMailboxSetup, (c) => {
      const { address } = c.req.valid('param');
      const { mailboxes, box } = c.var.services;
      const mailbox = found(mailboxes.get(address), 'mailbox', address);
      const { hostname } = found(box.get(), 'box', 'with a hostname');
      return c.json(setupJson(setupOf(mailbox.address, hostname)), 200);
    })
    .openapi(changeMailbox, async (c) => {
      const { address } = c.req.valid('param');
      const settings = c.req.valid('json');
      return c.json(mailboxJson(await c.var.services.mailboxes.update(actorOf(c), address, settings)), 200);
    })
    .openapi(setForwarding, async (c) => {
      const { address } = c.req.valid('param');
      const { mailboxes } = c.var.services;
      return c.json(mailboxJson(await mailboxes.update(actorOf(c), address, c.req.valid('json'))), 200);
    })
    .openapi(retireMailbox, async (c) => {
      const { address } = c.req.valid('param');
      return c.json(mailboxJson(await c.var.services.mailboxes.retire(actorOf(c), address)), 200);
    })
    .openapi(restoreMailbox, async (c) => {
      const { address } = c.req.valid('param');
      return c.json(mailboxJson(await c.var.services.mailboxes.restore(actorOf(c), address)), 200);
    });
}
