import { z } from '@hono/zod-openapi';
import type {
  Attempt,
  CertificateName,
  CertificateService,
  CertificateView,
  ExportedCertificate,
} from '../../certs/model.ts';
import type { Name } from '../../dns/wire/name.ts';
import { parseDomainName, parseOwner, type NameResult } from '../../zones/names.ts';
import { nameOut, named, nameText, time } from '../fields.ts';

/** RFC 5280 §5.3.1: the reasons that a CA takes from a subscriber. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
} as const;

const reasonWords = Object.keys(revocationReasons) as [keyof typeof revocationReasons];

const keyAlgorithm = z
  .enum(['ecdsa-p256', 'rsa-2048', 'rsa-3072', 'rsa-4096'])
  .describe('ECDSA P-256 unless something old needs RSA.');

const step = z
  .enum(['waiting', 'order', 'record', 'live', 'validated', 'issued', 'installed', 'failed'])
  .describe(
    '`waiting` for its turn, `order` placed at the CA, `record` written, `live` on every nameserver, `validated` and `issued` by the CA, `installed` here; or `failed`.',
  );

const attemptOut = z
  .strictObject({
    startedAt: time('When it began.'),
    endedAt: time('When it ended; null while it runs.').nullable(),
    step,
    problem: z.string().nullable().describe('What went wrong, and what to do.'),
    detail: z.string().nullable().describe("The CA's own words."),
  })
  .openapi('CertificateAttempt');

export const certificateOut = z
  .strictObject({
    id: z.string(),
    names: z.array(nameOut('*.example.com')),
    purpose: z
      .enum(['box', 'domain', 'requested'])
      .describe('For the box itself, for a domain, or for names that somebody asked for.'),
    domain: nameOut('example.com', 'The domain that it is for; null for the others.').nullable(),
    kind: z
      .enum(['self-signed', 'acme', 'own'])
      .describe('Of the box itself until a real one is there, of the CA, or brought by a person.'),
    keyAlgorithm,
    issuer: z.string().nullable(),
    serialNumber: z.string().nullable().openapi({ example: '03a1b2c3' }),
    notBefore: time('When it begins to be valid.').nullable(),
    notAfter: time('When it expires.').nullable(),
    state: z
      .enum(['self-signed', 'ordering', 'valid', 'renewing', 'failed', 'expired', 'revoked'])
      .describe(
        'Of the certificate in use; one that is valid stays so while its renewal fails. `failed`: there is none, for the order failed.',
      ),
    step: step.nullable().describe('How far the last order came; null when there was none.'),
    problem: z
      .string()
      .nullable()
      .describe('What the last orders failed for, and what to do; null once one succeeded.'),
    nextAttemptAt: time('When the next order begins; null: none is planned.').nullable(),
    nextAttemptWhy: z.string().nullable().openapi({ example: 'two thirds of its lifetime' }),
    attempts: z.array(attemptOut).describe('What was tried, and how it went.'),
  })
  .openapi('Certificate');

const certificateName = named(parseCertificateName, '*.example.com', 'A name, or `*.` and a name.');
const names = z
  .array(certificateName)
  .min(1, 'Give at least one name.')
  .max(100, 'A certificate has at most 100 names.');

export const certificateIn = z
  .strictObject({ names, keyAlgorithm: keyAlgorithm.optional() })
  .openapi('NewCertificate', { example: { names: ['example.com', '*.example.com'] } });

export const revocationIn = z
  .strictObject({ reason: z.enum(reasonWords).default('unspecified') })
  .openapi('Revocation', { example: { reason: 'superseded' } });

const pem = (label: RegExp, message: string) => z.string().max(200_000).regex(label, message);

export const ownCertificateIn = z
  .strictObject({
    chain: pem(/-----BEGIN CERTIFICATE-----/, 'Give the certificates as PEM.').describe(
      'PEM: the certificate, then those that lead to the root.',
    ),
    privateKey: pem(/-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/, 'Give the key as PEM, not encrypted.')
      .optional()
      .describe('PEM; left out when the key was made here with the request.'),
  })
  .openapi('OwnCertificate', {
    example: { chain: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n' },
  });

export const requestOut = z
  .strictObject({
    id: z.string().describe('The certificate that the request is for.'),
    csr: z.string().describe('The request, as PEM (RFC 2986), for your CA. Its key stays in the box.'),
  })
  .openapi('CertificateRequest');

export const accountOut = z
  .strictObject({
    directory: z
      .string()
      .nullable()
      .describe('The CA, by the URL of its ACME directory; null: none is asked.'),
    accountUri: z.string().nullable().describe('The account, which CAA names; null before the first order.'),
    email: z.string().nullable().describe('Where the CA reaches you.'),
    profile: z.string().nullable().describe("Profile of the CA's; null: its default."),
    externalAccount: z
      .boolean()
      .describe('Whether it is bound to an account with the CA that you have elsewhere.'),
    caaIdentities: z
      .array(z.string())
      .describe('Names by which CAA is to call the CA; empty while it has not said any.')
      .openapi({ example: ['letsencrypt.org'] }),
  })
  .openapi('CertificateAccount');

export const chainOut = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['acme', 'own']),
    names: z.array(nameOut('*.example.com')).describe('What it says it is for.'),
    issuer: z.string(),
    serialNumber: z.string().openapi({ example: '03a1b2c3' }),
    notBefore: time('When it begins to be valid.'),
    notAfter: time('When it expires.'),
    chain: z.string().describe('PEM: the certificate, then those that lead to the root.'),
  })
  .openapi('CertificateChain');

export const exportedKeyOut = z
  .strictObject({
    certificate: chainOut,
    privateKey: z
      .string()
      .optional()
      .describe('PKCS#8, as PEM. A repeated request with the same Idempotency-Key lacks it.'),
  })
  .openapi('ExportedKey');

export const certificateParam = z.strictObject({ id: z.string().min(1).max(64) });

/** RFC 9525 §6.3: a wildcard is the whole first label. */
function parseCertificateName(text: string): NameResult {
  const wildcard = text.trim().startsWith('*.');
  const below = parseDomainName(wildcard ? text.trim().slice(2) : text);
  return wildcard && below.ok ? parseOwner(text) : below;
}

/** As the service takes them. */
export function certificateNames(given: readonly Name[]): CertificateName[] {
  return [...new Set(given.map(nameText))];
}

/** Field by field: whatever else a service has in its object, such as a key, stays where it is. */
export function certificateJson(view: CertificateView): z.infer<typeof certificateOut> {
  const { id, purpose, kind, state } = view;
  return {
    ...{ id, kind, state },
    names: [...view.names],
    purpose: purpose.kind,
    domain: purpose.kind === 'domain' ? nameText(purpose.domain) : null,
    keyAlgorithm: view.keyAlgorithm,
    issuer: view.issuer ?? null,
    serialNumber: view.serialNumber ?? null,
    notBefore: view.notBefore ?? null,
    notAfter: view.notAfter ?? null,
    step: view.step ?? null,
    problem: view.problem ?? null,
    nextAttemptAt: view.nextAttemptAt ?? null,
    nextAttemptWhy: view.nextAttemptWhy ?? null,
    attempts: view.attempts.map(attemptJson),
  };
}

/** Field by field: the key is not among them. */
export function chainJson(certificate: ExportedCertificate): z.infer<typeof chainOut> {
  const { id, kind, names: of, issuer, serialNumber, notBefore, notAfter, chain } = certificate;
  return { id, kind, names: [...of], issuer, serialNumber, notBefore, notAfter, chain };
}

/** Field by field: the key of an external account stays where it is. */
export function accountJson(
  settings: ReturnType<CertificateService['settings']>,
): z.infer<typeof accountOut> {
  const { directory = null, accountUri = null, email = null, profile = null, eab } = settings;
  const caaIdentities = [...settings.caaIdentities];
  return { directory, accountUri, email, profile, externalAccount: eab !== undefined, caaIdentities };
}

function attemptJson(attempt: Attempt): z.infer<typeof attemptOut> {
  const { startedAt, endedAt = null, step: reached, problem = null, detail = null } = attempt;
  return { startedAt, endedAt, step: reached, problem, detail };
}
