import { z } from '@hono/zod-openapi';
import { tsigAlgorithms } from '../../dns/message/tsig.ts';
import { typeName } from '../../dns/type-codes.ts';
import { customType } from '../../zones/custom/types.ts';
import type { TsigKeyRequest, TsigKeyView } from '../../zones/secondaries/tsig-keys.ts';
import { domainName, nameOut, nameText, ownerName, time } from '../fields.ts';

const algorithm = z.enum(tsigAlgorithms, `The algorithm is one of ${tsigAlgorithms.join(', ')}.`);
const transferHelp = 'The zones that may be transferred with it; `all`: every one, those to come included.';

const updateHelp = 'What may be changed with it by dynamic updates (RFC 2136).';
const ownersHelp = 'Names; a `*` in front stands for one label or more. Left out: every name of the zone.';
const typesHelp = 'Types of records. Left out: all that a person may write.';

const recordType = z
  .string()
  .transform((text, context): number => {
    const result = customType(text);
    if ('type' in result) return result.type;
    context.addIssue({ code: 'custom', message: `${result.message}.` });
    return z.NEVER;
  })
  .openapi({ type: 'string', example: 'TXT' });

const grantOut = z
  .strictObject({
    zone: nameOut('example.com'),
    owners: z.array(z.string()).nullable().describe(ownersHelp),
    types: z.array(z.string()).nullable().describe(typesHelp),
  })
  .openapi('UpdateGrant');

const grantIn = z
  .strictObject({
    zone: domainName('example.com', 'A zone of the box.'),
    owners: z
      .array(ownerName('_acme-challenge.example.com', 'A name, or a pattern.'))
      .min(1)
      .max(100)
      .describe(ownersHelp)
      .optional(),
    types: z.array(recordType).min(1).max(100).describe(typesHelp).optional(),
  })
  .superRefine(({ zone, owners }, context) => {
    owners?.forEach((owner, at) => {
      if (owner.isAtOrBelow(zone)) return;
      const message = `${nameText(owner)} is not in the zone ${nameText(zone)}.`;
      context.addIssue({ code: 'custom', path: ['owners', at], message });
    });
  })
  .openapi('NewUpdateGrant');

/** RFC 8945 §8 wants as many octets as the hash has; fewer than 16 could be guessed. */
const secretIn = z
  .string()
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'Write the secret in base64.')
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
  .refine(({ length }) => length >= 16 && length <= 512, 'A secret has 16 to 512 octets.')
  .openapi({
    type: 'string',
    description: 'In base64, of 16 to 512 octets; left out, the box makes one.',
    example: 'q1OZ1bJlW3lQnGmW2XzTjv1uJr8mYB3mQv2Vd3s0n1o=',
  });

export const tsigKeyOut = z
  .strictObject({
    name: nameOut('xfr.example'),
    algorithm,
    transfer: z.union([z.literal('all'), z.array(z.string())]).describe(transferHelp),
    update: z.array(grantOut).describe(updateHelp),
    createdAt: time('When it was made.'),
  })
  .openapi('TsigKey');

export const tsigKeyIn = z
  .strictObject({
    name: ownerName('xfr.example', 'What both ends call it.'),
    algorithm: algorithm.default('hmac-sha256'),
    secret: secretIn.optional(),
    transfer: z
      .union([z.literal('all'), z.array(domainName('example.com', 'A zone.')).max(1000)])
      .describe(transferHelp),
    update: z.array(grantIn).max(100).default([]).describe(updateHelp),
  })
  .openapi('NewTsigKey', { example: { name: 'xfr.example', algorithm: 'hmac-sha256', transfer: 'all' } });

export const createdTsigKeyOut = z
  .strictObject({
    key: tsigKeyOut,
    secret: z
      .string()
      .optional()
      .describe('In base64. Shown this once; a repeated request with the same Idempotency-Key lacks it.'),
  })
  .openapi('CreatedTsigKey');

export const removedTsigKeyOut = z.strictObject({ removed: z.string() }).openapi('TsigKeyRemoved');
export const tsigKeyParam = z.strictObject({ key: ownerName('xfr.example', 'A TSIG key.') });

export function tsigKeyJson({
  name,
  algorithm,
  transfer,
  update,
  createdAt,
}: TsigKeyView): z.infer<typeof tsigKeyOut> {
  const zones = transfer === 'all' ? transfer : transfer.map(nameText);
  const grants = update.map((grant) => ({
    zone: nameText(grant.zone),
    owners: grant.owners?.map(nameText) ?? null,
    types: grant.types?.map(typeName) ?? null,
  }));
  return { name: nameText(name), algorithm, transfer: zones, update: grants, createdAt };
}

export function tsigKeyRequest({ secret, ...rest }: z.infer<typeof tsigKeyIn>): TsigKeyRequest {
  const update = rest.update.map(({ zone, owners, types }) => ({ zone, owners, types }));
  return { ...rest, update, secret };
}
