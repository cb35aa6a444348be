import { z } from '@hono/zod-openapi';
import { rightsOf } from '../../access/permissions.ts';
import { grantsOf, type Person } from '../../access/people/people.ts';
import type { SessionView } from '../../access/people/sessions.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { ApiContext } from '../env.ts';
import { time } from '../fields.ts';
import { passkeySite } from './site.ts';

export const role = z.enum(['owner', 'administrator', 'domain-administrator', 'mailbox-user']);

export const right = z.enum([
  'admin',
  'accounts',
  'owners',
  'domains:write',
  'mail:write',
  'mailbox:use',
  'dns:write',
  'read',
  'certificates:export-key',
]);

const personOut = z
  .strictObject({
    id: z.string(),
    name: z.string().openapi({ example: 'anna@example.com' }),
    displayName: z.string().nullable(),
    role,
    domains: z.array(z.string()).describe('Those that a domain administrator administers.'),
    language: z.string().nullable(),
    secondFactor: z.boolean().describe('Whether a code is asked for beside the password.'),
    recoveryCodes: z.int().describe('How many are left.'),
  })
  .openapi('SignedIn');

export const sessionOut = z
  .strictObject({
    account: personOut.nullable().describe('Null for a stranger, and for a token.'),
    may: z.array(right).describe('What may be done at all: docs/accounts.md says where.'),
    session: z
      .strictObject({
        id: z.string(),
        startedAt: time('When it began.'),
        expiresAt: time('When it ends, if nothing is asked for any more.'),
        confirmedUntil: time(
          'Until when dangerous acts are allowed; then the password is to be given again.',
        ),
      })
      .openapi('OwnSession')
      .nullable(),
    firstStart: z
      .boolean()
      .describe('Nobody has an account or a token yet: the link of the first start helps.'),
    passkeys: z.boolean().describe('Whether this address of the box can take passkeys.'),
  })
  .openapi('Session');

const text = (least: string, most: number) => z.string().min(1, least).max(most);

export const nameIn = text('Give the name of the account.', 254).openapi({ example: 'anna@example.com' });
export const passwordIn = text('Give the password.', 1024).openapi({ format: 'password' });
export const codeIn = text('Give the code.', 64).optional().openapi({
  description:
    'Of the second factor: six digits of the authenticator app, or a recovery code. Needed when the account has one.',
});

export const signInIn = z
  .strictObject({ name: nameIn, password: passwordIn, code: codeIn })
  .openapi('SignIn', {
    example: { name: 'anna@example.com', password: 'four words of nobody' },
  });

export const ownerIn = z
  .strictObject({
    secret: z.string().min(1).max(256).describe('What stands behind the # of the link of the first start.'),
    name: nameIn,
    password: passwordIn,
    displayName: z.string().max(100).optional(),
  })
  .openapi('FirstOwner', {
    example: {
      secret: 'from-the-link-of-the-first-start',
      name: 'anna@example.com',
      password: 'four words of nobody',
    },
  });

export const endedOut = z.strictObject({ ended: z.string() }).openapi('SessionEnded');

/** Who is signed in, or who just signed in. */
export function sessionJson(
  c: ApiContext,
  given?: { person: Person; session: SessionView },
): z.infer<typeof sessionOut> {
  const { credential, services } = c.var;
  const person = given?.person ?? credential?.person;
  const session = given?.session ?? credential?.session;
  const grants = given ? grantsOf(given.person) : (credential?.grants ?? []);
  return {
    account: person ? personJson(c, person) : null,
    may: rightsOf(grants),
    session: session
      ? {
          id: session.id,
          startedAt: toRfc3339(session.startedAt),
          expiresAt: toRfc3339(session.endsAt),
          confirmedUntil: toRfc3339(session.confirmedUntil),
        }
      : null,
    firstStart: services.tokens.none() && services.people.accounts.none(),
    passkeys: passkeySite(c) !== undefined,
  };
}

function personJson(c: ApiContext, person: Person): z.infer<typeof personOut> {
  const { factors } = c.var.services.people;
  const { id, name, role, domains } = person;
  return {
    ...{ id, name, role, domains },
    displayName: person.displayName ?? null,
    language: person.language ?? null,
    secondFactor: factors.has(id),
    recoveryCodes: factors.recoveryCodesLeft(id),
  };
}
