import { z } from '@hono/zod-openapi';
import type { TokenScope } from '../../access/scopes.ts';
import type { TokenView } from '../../access/tokens.ts';
import { domainName, nameText, ownerName, time } from '../fields.ts';

const scopeWord = z
  .enum(['admin', 'domains:write', 'mail:write', 'dns:write', 'read', 'certificates:export-key'])
  .describe(
    '`admin`: everything but to export keys. `domains:write`: domains, and reading. `mail:write`: mailboxes and aliases, and reading. `dns:write`: records. `read`: reading. `certificates:export-key`: private keys of certificates, over the unix socket alone.',
  );

const scopeOut = z
  .strictObject({ scope: scopeWord, zones: z.array(z.string()), names: z.array(z.string()) })
  .openapi('Scope');

const scopeIn = z
  .strictObject({
    scope: scopeWord,
    zones: z.array(domainName('example.com', 'A zone.')).max(1000).optional(),
    names: z.array(ownerName('_acme-challenge.example.com', 'An owner.')).max(1000).optional(),
  })
  .openapi('NewScope', {
    description: '`zones` and `names` limit dns:write to these; both empty: everywhere.',
  });

export const tokenOut = z
  .strictObject({
    id: z.string(),
    name: z.string().openapi({ example: 'lego on www' }),
    scopes: z.array(scopeOut),
    createdAt: time('When it was made.'),
    lastUsedAt: time('When it was last used; null: never.').nullable(),
    expiresAt: time('When it ends; null: never.').nullable(),
    addresses: z.array(z.string()).describe('Where it may come from; none: from anywhere.'),
  })
  .openapi('Token');

export const tokenIn = z
  .strictObject({
    name: z.string().min(1, 'Give the token a name that says what uses it.').max(100),
    scopes: z.array(scopeIn).min(1, 'Give the token at least one scope.').max(20),
    expiresAt: z.iso
      .datetime({ offset: true, error: 'Write the time as 2027-01-31T12:00:00Z.' })
      .nullable()
      .optional()
      .openapi({ example: '2027-01-31T12:00:00Z' }),
    addresses: z
      .array(z.string().max(64))
      .max(100)
      .optional()
      .openapi({
        description: 'Addresses and networks that it may come from; none: from anywhere.',
        example: ['192.0.2.0/24'],
      }),
  })
  .openapi('NewToken', {
    example: {
      name: 'lego on www',
      scopes: [{ scope: 'dns:write', names: ['_acme-challenge.example.com'] }],
    },
  });

export const createdTokenOut = z
  .strictObject({
    token: tokenOut,
    secret: z
      .string()
      .optional()
      .describe(
        'The credential. Shown this once; a repeated request with the same Idempotency-Key lacks it.',
      ),
  })
  .openapi('CreatedToken');

export const revokedOut = z.strictObject({ revoked: z.string() }).openapi('TokenRevoked');
export const tokenParam = z.strictObject({ id: z.string().min(1).max(64) });

function scopeJson({ scope, zones = [], names = [] }: TokenScope): z.infer<typeof scopeOut> {
  return { scope, zones: zones.map(nameText), names: names.map(nameText) };
}

export function tokenJson(token: TokenView): z.infer<typeof tokenOut> {
  const { id, name, createdAt } = token;
  const times = { createdAt, lastUsedAt: token.lastUsedAt ?? null, expiresAt: token.expiresAt ?? null };
  return { id, name, scopes: token.scopes.map(scopeJson), ...times, addresses: token.addresses };
}

export function createdTokenJson({
  token,
  secret,
}: {
  token: TokenView;
  secret: string;
}): z.infer<typeof createdTokenOut> {
  return { token: tokenJson(token), secret };
}

export function tokenRequest({ name, scopes, expiresAt, addresses }: z.infer<typeof tokenIn>) {
  const plain = scopes.map(({ scope, zones, names }): TokenScope => ({
    scope,
    ...(zones && { zones }),
    ...(names && { names }),
  }));
  return { name, scopes: plain, expiresAt: expiresAt ?? undefined, addresses };
}
