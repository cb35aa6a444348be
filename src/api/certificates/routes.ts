import { z } from '@hono/zod-openapi';
import { accepted, answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { domainName, pageJson, pageOf, pageQuery, pageRequest } from '../fields.ts';
import { found } from '../found.ts';
import { newRoutes } from '../new-routes.ts';
import {
  accountJson,
  accountOut,
  certificateIn,
  certificateJson,
  certificateNames,
  certificateOut,
  certificateParam,
  chainJson,
  chainOut,
  exportedKeyOut,
  ownCertificateIn,
  requestOut,
  revocationIn,
  revocationReasons,
} from './schema.ts';

const listCertificates = defineRoute({
  method: 'get',
  path: '/api/v1/certificates',
  operationId: 'listCertificates',
  tags: ['certificates'],
  summary: 'The certificates of the box',
  need: 'read',
  errors: ['invalid-name'],
  request: {
    query: z.strictObject({
      ...pageQuery,
      domain: domainName(
        'example.com',
        'Those that the box keeps for this domain, and others for its name: all of them at once.',
      ).optional(),
    }),
  },
  responses: { 200: answer('A page of certificates.', pageOf(certificateOut)) },
});

const issueCertificate = defineRoute({
  method: 'post',
  path: '/api/v1/certificates',
  operationId: 'issueCertificate',
  tags: ['certificates'],
  summary: 'Order a certificate',
  description:
    'The names must be in zones that the box serves. The answer comes at once; ask for the certificate again, or follow the events, to see how the order goes. One that has the same names already is taken.',
  need: 'domains:write',
  errors: ['invalid-name', 'outside-zone', 'in-use'],
  request: { body: body(certificateIn) },
  responses: { 202: accepted('The certificate, with the step that its order is at.', certificateOut) },
});

const getCertificate = defineRoute({
  method: 'get',
  path: '/api/v1/certificates/{id}',
  operationId: 'getCertificate',
  tags: ['certificates'],
  summary: 'One certificate',
  description: 'Without its private key, which nothing but `exportCertificateKey` gives out.',
  need: 'read',
  errors: ['not-found'],
  request: { params: certificateParam },
  responses: { 200: answer('The certificate.', certificateOut) },
});

const getCertificateChain = defineRoute({
  method: 'get',
  path: '/api/v1/certificates/{id}/chain',
  operationId: 'getCertificateChain',
  tags: ['certificates'],
  summary: 'The chain of the certificate in use',
  description:
    'As every client of the names gets it. There is none while the box shows one that it signed itself.',
  need: 'read',
  errors: ['not-found'],
  request: { params: certificateParam },
  responses: { 200: answer('The chain.', chainOut) },
});

const exportCertificateKey = defineRoute({
  method: 'post',
  path: '/api/v1/certificates/{id}/export-key',
  operationId: 'exportCertificateKey',
  tags: ['certificates'],
  summary: 'Take the private key of the certificate in use out of the box',
  description:
    'For programs on the same machine that serve the name themselves. Answered over the unix socket alone, to a token that has this very scope: neither the administrator at the socket nor a token with `admin` is allowed it without. Each export is in the audit log (`certificate.export-key`).',
  need: 'certificates:export-key',
  withhold: ['privateKey'],
  errors: ['not-found'],
  request: { params: certificateParam },
  responses: { 200: answer('The chain with its key.', exportedKeyOut) },
});

const renewCertificate = defineRoute({
  method: 'post',
  path: '/api/v1/certificates/{id}/renew',
  operationId: 'renewCertificate',
  tags: ['certificates'],
  summary: 'Renew a certificate now',
  description: 'This happens by itself in time. The old one serves until the new one is there.',
  need: 'domains:write',
  errors: ['not-found'],
  request: { params: certificateParam },
  responses: { 202: accepted('The certificate, with the step that its order is at.', certificateOut) },
});

const revokeCertificate = defineRoute({
  method: 'post',
  path: '/api/v1/certificates/{id}/revoke',
  operationId: 'revokeCertificate',
  confirmed: true,
  tags: ['certificates'],
  summary: 'Revoke a certificate',
  description: 'The CA declares it invalid, for good.',
  need: 'admin',
  errors: ['not-found', 'ca-failed'],
  request: { params: certificateParam, body: body(revocationIn) },
  responses: { 200: answer('The certificate, revoked.', certificateOut) },
});

const requestCertificate = defineRoute({
  method: 'post',
  path: '/api/v1/certificates/csr',
  operationId: 'requestCertificate',
  tags: ['certificates'],
  summary: 'Make a key and a request for your own CA',
  description: 'The key stays in the box. What the CA makes of the request is installed with the next call.',
  need: 'admin',
  errors: ['invalid-name', 'outside-zone'],
  request: { body: body(certificateIn) },
  responses: { 201: created('The request.', requestOut) },
});

const installCertificate = defineRoute({
  method: 'post',
  path: '/api/v1/certificates/install',
  operationId: 'installCertificate',
  confirmed: true,
  tags: ['certificates'],
  summary: 'Install your own certificate',
  description: 'Key, chain, names and dates are checked first.',
  need: 'admin',
  errors: ['invalid-name', 'outside-zone', 'in-use'],
  request: { body: body(ownCertificateIn) },
  responses: { 201: created('The certificate.', certificateOut) },
});

const getAccount = defineRoute({
  method: 'get',
  path: '/api/v1/certificates/account',
  operationId: 'getCertificateAccount',
  tags: ['certificates'],
  summary: 'The CA that is asked, and the account with it',
  need: 'read',
  responses: { 200: answer('The account.', accountOut) },
});

const rollAccountKey = defineRoute({
  method: 'post',
  path: '/api/v1/certificates/account/roll-key',
  operationId: 'rollCertificateAccountKey',
  confirmed: true,
  tags: ['certificates'],
  summary: 'Take a new key for the account with the CA',
  description:
    'The account and its certificates stay as they are; whoever got hold of the old key can do no more with it.',
  need: 'admin',
  errors: ['ca-failed'],
  responses: { 200: answer('The account, whose key is a new one.', accountOut) },
});

const locationOf = ({ id }: { id: string }): { Location: string } => ({
  Location: `/api/v1/certificates/${encodeURIComponent(id)}`,
});

/** What can be asked about certificates, and the orders for them. */
export function certificateRoutes() {
  return (
    newRoutes()
      // Before `{id}`, which would take its name for an id.
      .route('/', account())
      .openapi(listCertificates, (c) => {
        const { domain, ...page } = c.req.valid('query');
        const { certificates } = c.var.services;
        const listed = domain
          ? { items: certificates.ofDomain(domain), next: undefined }
          : certificates.list(pageRequest(page));
        return c.json(pageJson(listed, certificateJson), 200);
      })
      .openapi(issueCertificate, async (c) => {
        const { names, keyAlgorithm } = c.req.valid('json');
        const { certificates } = c.var.services;
        const view = await certificates.issue(actorOf(c), certificateNames(names), keyAlgorithm);
        return c.json(certificateJson(view), 202, locationOf(view));
      })
      .openapi(getCertificate, (c) => {
        const { id } = c.req.valid('param');
        return c.json(certificateJson(found(c.var.services.certificates.get(id), 'certificate', id)), 200);
      })
      .openapi(renewCertificate, async (c) => {
        const view = await c.var.services.certificates.renew(actorOf(c), c.req.valid('param').id);
        return c.json(certificateJson(view), 202, locationOf(view));
      })
      .openapi(revokeCertificate, async (c) => {
        const reason = revocationReasons[c.req.valid('json').reason];
        const view = await c.var.services.certificates.revoke(actorOf(c), c.req.valid('param').id, reason);
        return c.json(certificateJson(view), 200);
      })
      .route('/', exports())
      .route('/', ownCertificates())
  );
}

function account() {
  return newRoutes()
    .openapi(getAccount, (c) => c.json(accountJson(c.var.services.certificates.settings()), 200))
    .openapi(rollAccountKey, async (c) => {
      const { certificates } = c.var.services;
      await certificates.rollAccountKey(actorOf(c));
      return c.json(accountJson(certificates.settings()), 200);
    });
}

function exports() {
  return newRoutes()
    .openapi(getCertificateChain, (c) =>
      c.json(chainJson(c.var.services.certificates.chain(c.req.valid('param').id)), 200),
    )
    .openapi(exportCertificateKey, async (c) => {
      const { id } = c.req.valid('param');
      const { privateKey, ...certificate } = await c.var.services.certificates.exportKey(actorOf(c), id);
      return c.json({ certificate: chainJson(certificate), privateKey }, 200);
    });
}

function ownCertificates() {
  return newRoutes()
    .openapi(requestCertificate, async (c) => {
      const { names, keyAlgorithm } = c.req.valid('json');
      const { certificates } = c.var.services;
      const { id, csr } = await certificates.request(actorOf(c), certificateNames(names), keyAlgorithm);
      return c.json({ id, csr }, 201, locationOf({ id }));
    })
    .openapi(installCertificate, async (c) => {
      const { chain, privateKey } = c.req.valid('json');
      const view = await c.var.services.certificates.install(actorOf(c), chain, privateKey);
      return c.json(certificateJson(view), 201, locationOf(view));
    });
}
