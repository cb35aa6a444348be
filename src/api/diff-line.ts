import { z } from '@hono/zod-openapi';
import type { DiffLine } from '../zones/publisher/difference.ts';
import { nameOut, nameText, ttl } from './fields.ts';

export const diffLineOut = z
  .strictObject({
    op: z.enum(['+', '-']),
    owner: nameOut('www.example.com'),
    type: z.string().openapi({ example: 'A' }),
    ttl,
    value: z.string().openapi({ example: '192.0.2.1' }),
  })
  .openapi('DiffLine');

export function diffLineJson({ op, owner, type, ttl, value }: DiffLine): z.infer<typeof diffLineOut> {
  return { op, owner: nameText(owner), type, ttl, value };
}

/** The zone-file line that went or came, as `diff` marks it. */
export function diffText({ op, owner, ttl, type, value }: DiffLine): string {
  return `${op}${owner.toString()} ${ttl} IN ${type} ${value}\n`;
}
