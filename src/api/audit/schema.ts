import { z } from '@hono/zod-openapi';
import type { AuditEntry } from '../../work/audit.ts';
import { pageQuery, time } from '../fields.ts';

export const auditOut = z
  .strictObject({
    id: z.int(),
    at: time('When it was done.'),
    actor: z.strictObject({
      kind: z.enum(['token', 'local', 'system']),
      id: z.string(),
      name: z.string(),
      address: z.string().nullable(),
    }),
    action: z.string().openapi({ example: 'domain.add' }),
    target: z.string().openapi({ example: 'example.com' }),
    detail: z.record(z.string(), z.unknown()).describe('The request, without secrets.'),
  })
  .openapi('AuditEntry');

export const auditQuery = z.strictObject({
  ...pageQuery,
  target: z.string().max(1024).optional().openapi({ description: 'Only what changed this.' }),
  action: z.string().max(64).optional().openapi({ description: 'Only this action, such as `domain.add`.' }),
});

export function auditJson({ id, at, actor, action, target, detail }: AuditEntry): z.infer<typeof auditOut> {
  const { kind, name, address } = actor;
  return { id, at, actor: { kind, id: actor.id, name, address: address ?? null }, action, target, detail };
}
