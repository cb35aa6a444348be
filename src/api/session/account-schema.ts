import { z } from '@hono/zod-openapi';
import type { AccountView, PasswordLink } from '../../access/people/accounts.ts';
import type { SessionView } from '../../access/people/sessions.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { domainName, pageQuery, time } from '../fields.ts';
import { codeIn, nameIn, passwordIn } from './schema.ts';

const role = z.enum(['owner', 'administrator', 'domain-administrator']);
const domains = z
  .array(domainName('example.com', 'A domain of the box.'))
  .max(1000)
  .openapi({ description: 'Those that a domain administrator administers.' });
const displayName = z.string().max(100).nullable();
/** A language tag (RFC 5646), as browsers have it. */
const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'A language is written like de or pt-BR.')
  .max(35)
  .nullable();

export const accountOut = z
  .strictObject({
    id: z.string(),
    name: z.string().openapi({ example: 'anna@example.com' }),
    displayName,
    role,
    domains: z.array(z.string()),
    language: z.string().nullable(),
    disabled: z.boolean().describe('Whether it is shut out.'),
    hasPassword: z.boolean().describe('False: the person has not used the link yet.'),
    secondFactor: z.boolean(),
    passkeys: z.int(),
    createdAt: time('When it was made.'),
    lastSignInAt: time(
      'When the person last signed in; null: never, or longer ago than the audit log goes back.',
    ).nullable(),
  })
  .openapi('Account');

export const accountIn = z
  .strictObject({
    name: nameIn,
    role,
    domains: domains.optional(),
    displayName: displayName.optional(),
    language: language.optional(),
    password: passwordIn
      .optional()
      .openapi({ description: 'Without one, the answer has a link by which the person sets it.' }),
  })
  .openapi('NewAccount', {
    example: { name: 'bert@example.com', role: 'domain-administrator', domains: ['example.com'] },
  });

export const accountChange = z
  .strictObject({
    role: role.optional(),
    domains: domains.optional(),
    displayName: displayName.optional(),
    language: language.optional(),
    disabled: z.boolean().optional(),
  })
  .openapi('AccountChange', { example: { disabled: true } });

export const ownAccountChange = z
  .strictObject({ displayName: displayName.optional(), language: language.optional() })
  .openapi('OwnAccountChange', { example: { language: 'de' } });

const linkOut = z
  .strictObject({
    secret: z.string().optional().describe('For POST /api/v1/session/password-link. Shown this once.'),
    url: z.string().optional().describe('The page that asks for the password. Shown this once.'),
    expiresAt: time('Until when it works, once.'),
  })
  .openapi('PasswordLink');

export const addedOut = z
  .strictObject({ account: accountOut, link: linkOut.nullable() })
  .openapi('AddedAccount');

export const resetIn = z
  .strictObject({
    secondFactor: z
      .enum(['keep', 'remove'])
      .default('keep')
      .describe('`remove`: for a lost device; the passkeys go with it.'),
  })
  .openapi('PasswordReset', { example: { secondFactor: 'remove' } });

export const resetOut = z.strictObject({ link: linkOut }).openapi('PasswordResetLink');
export const linkIn = z
  .strictObject({ secret: z.string().min(1).max(256), password: passwordIn })
  .openapi('LinkedPassword', {
    example: { secret: 'from-the-link', password: 'four words of nobody' },
  });
export const namedOut = z.strictObject({ changed: z.string() }).openapi('PasswordSet');
export const removedOut = z.strictObject({ removed: z.string() }).openapi('AccountRemoved');
export const accountParam = z.strictObject({ name: z.string().min(1).max(254) });
export const accountQuery = z.strictObject({
  ...pageQuery,
  search: z
    .string()
    .max(255)
    .optional()
    .openapi({ description: 'Only accounts whose name, or that of the person, contains this.' }),
});

export const confirmIn = z
  .strictObject({ password: passwordIn, code: codeIn })
  .openapi('Confirmation', { example: { password: 'four words of nobody' } });

export const ownPasswordIn = z
  .strictObject({ password: passwordIn, newPassword: passwordIn })
  .openapi('NewOwnPassword', {
    example: { password: 'the one that works now', newPassword: 'four words of nobody' },
  });

export const enrolmentOut = z
  .strictObject({
    secret: z.string().describe('Base32, to type into the app.'),
    uri: z.string().describe('`otpauth://…`, for a QR code.'),
  })
  .openapi('SecondFactorEnrolment');

export const secondFactorIn = z
  .strictObject({ code: z.string().min(6).max(12) })
  .openapi('SecondFactorConfirmation', { example: { code: '123456' } });

export const recoveryCodesOut = z
  .strictObject({ recoveryCodes: z.array(z.string()).describe('Each works once. Shown this once.') })
  .openapi('RecoveryCodes');

export const sessionEntry = z
  .strictObject({
    id: z.string(),
    method: z.enum(['password', 'passkey', 'setup']),
    startedAt: time('When it began.'),
    seenAt: time('When it was last used, to five minutes.'),
    expiresAt: time('When it ends, if nothing is asked for any more.'),
    address: z.string().nullable(),
    agent: z.string().nullable().describe('What the browser calls itself.'),
    current: z.boolean().describe('Whether it is the one that asks.'),
  })
  .openapi('SessionEntry');

export const sessionsOut = z.strictObject({ items: z.array(sessionEntry) });
export const sessionParam = z.strictObject({ id: z.string().min(1).max(64) });
export const accountSessionParam = z.strictObject({ ...accountParam.shape, ...sessionParam.shape });

export function accountJson(account: AccountView): z.infer<typeof accountOut> {
  const { displayName, language, lastSignInAt, ...rest } = account;
  return {
    ...rest,
    displayName: displayName ?? null,
    language: language ?? null,
    lastSignInAt: lastSignInAt ?? null,
  };
}

/** `base`: where the panel is, such as `https://box.example.com`. */
export function linkJson({ secret, expiresAt }: PasswordLink, base: string): z.infer<typeof linkOut> {
  return { secret, url: `${base}/password#${secret}`, expiresAt: toRfc3339(expiresAt) };
}

export function sessionsJson(
  sessions: readonly SessionView[],
  current: string | undefined,
): z.infer<typeof sessionsOut> {
  const items = sessions.map(({ id, method, startedAt, seenAt, endsAt, address, agent }) => ({
    ...{ id, method, startedAt: toRfc3339(startedAt), seenAt: toRfc3339(seenAt) },
    ...{ expiresAt: toRfc3339(endsAt), address: address ?? null, agent: agent ?? null },
    current: id === current,
  }));
  return { items };
}
