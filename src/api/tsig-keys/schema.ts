import { z } from '@hono/zod-openapi';
import { tsigAlgorithms } from '../../dns/message/tsig.ts';
import type { TsigKeyRequest, TsigKeyView } from '../../zones/secondaries/tsig-keys.ts';
import { domainName, nameOut, nameText, ownerName, time } from '../fields.ts';

const algorithm = z.enum(tsigAlgorithms, `The algorithm is one of ${tsigAlgorithms.join(', ')}.`);
const transferHelp = 'The zones that may be transferred with it; `all`: every one, those to come included.';

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
  createdAt,
}: TsigKeyView): z.infer<typeof tsigKeyOut> {
  const zones = transfer === 'all' ? transfer : transfer.map(nameText);
  return { name: nameText(name), algorithm, transfer: zones, createdAt };
}

export function tsigKeyRequest({ secret, ...rest }: z.infer<typeof tsigKeyIn>): TsigKeyRequest {
  return { ...rest, secret };
}
