import { z } from '@hono/zod-openapi';
import type { DnskeyView, DsView, KeyView } from '../../zones/keys/views.ts';
import { time } from '../fields.ts';

export const dsOut = z
  .strictObject({
    keyTag: z.int().openapi({ example: 20326 }),
    algorithm: z.int().openapi({ example: 13, description: 'DNSSEC algorithm number; 13 is ECDSA P-256.' }),
    digestType: z.int().openapi({ example: 2, description: '2 is SHA-256, 4 is SHA-384.' }),
    digest: z
      .string()
      .openapi({ example: 'e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d' }),
  })
  .openapi('Ds');

export const dnskeyOut = z
  .strictObject({
    flags: z.int().openapi({ example: 257 }),
    protocol: z.int().openapi({ example: 3 }),
    algorithm: z.int().openapi({ example: 13 }),
    publicKey: z.string().describe('Base64.'),
  })
  .openapi('Dnskey');

export const keyOut = z
  .strictObject({
    keyTag: z.int(),
    algorithm: z.int(),
    flags: z.int(),
    role: z.enum(['CSK', 'KSK', 'ZSK']),
    state: z.string().openapi({ example: 'active' }),
    createdAt: time('When it was made.'),
    ds: z.array(dsOut).describe('DS records for the parent.'),
    dnskey: dnskeyOut,
  })
  .openapi('Key');

export function dsJson({ keyTag, algorithm, digestType, digest }: DsView): z.infer<typeof dsOut> {
  return { keyTag, algorithm, digestType, digest };
}

export function dnskeyJson({ flags, protocol, algorithm, publicKey }: DnskeyView): z.infer<typeof dnskeyOut> {
  return { flags, protocol, algorithm, publicKey };
}

export function keyJson(key: KeyView): z.infer<typeof keyOut> {
  const { keyTag, algorithm, flags, role, state, createdAt } = key;
  const records = { ds: key.ds.map(dsJson), dnskey: dnskeyJson(key.dnskey) };
  return { keyTag, algorithm, flags, role, state, createdAt, ...records };
}
