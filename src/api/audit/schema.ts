import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { AuditEntry, AuditFilter } from '../../work/audit.ts';
import { pageQuery, time } from '../fields.ts';

export const auditOut = z
  .strictObject({
    id: z.int(),
    at: time('When it was done.'),
    actor: z.strictObject({
      kind: z.enum(['token', 'account', 'local', 'system']),
      id: z.string(),
      name: z.string(),
      address: z.string().nullable(),
    }),
    action: z.string().openapi({ example: 'domain.add' }),
    target: z.string().openapi({ example: 'example.com' }),
    detail: z.record(z.string(), z.unknown()).describe('The request, without secrets.'),
  })
  .openapi('AuditEntry');

/** A time, as the log has them. */
const moment = (description: string) =>
  z.iso
    .datetime({ offset: true, error: 'A time is written like 2027-01-31T12:00:00Z.' })
    .transform((text) => toRfc3339(Date.parse(text)))
    .optional()
    .openapi({ type: 'string', format: 'date-time', description });

export const auditQuery = z.strictObject({
  ...pageQuery,
  target: z.string().max(1024).optional().openapi({ description: 'Only what changed this.' }),
  action: z.string().max(64).optional().openapi({ description: 'Only this action, such as `domain.add`.' }),
  actor: z.string().max(256).optional().openapi({
    description:
      'Only what this one did: the id or the name of a token, of an account or of a part of the box; or all of a kind: token, account, local, system.',
  }),
  since: moment('Only what was done then or later.'),
  until: moment('Only what was done before.'),
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'This is the id of an entry.')
    .transform(Number)
    .optional()
    .openapi({
      type: 'string',
      description: 'Only entries that came after the one with this id: to follow the log.',
    }),
});

export function auditFilter({
  target,
  action,
  actor,
  since,
  until,
  after,
}: z.infer<typeof auditQuery>): AuditFilter {
  return {
    ...(target !== undefined && { target }),
    ...(action !== undefined && { action }),
    ...(actor !== undefined && { actor }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(after !== undefined && { after }),
  };
}

export function auditJson({ id, at, actor, action, target, detail }: AuditEntry): z.infer<typeof auditOut> {
  const { kind, name, address } = actor;
  return { id, at, actor: { kind, id: actor.id, name, address: address ?? null }, action, target, detail };
}
