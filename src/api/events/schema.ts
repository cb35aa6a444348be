import { z } from '@hono/zod-openapi';
import { eventTypes } from '../../work/events.ts';
import { time } from '../fields.ts';

export const eventOut = z
  .strictObject({
    id: z.int(),
    at: time('When it happened.'),
    type: z.enum(eventTypes),
    data: z
      .record(z.string(), z.unknown())
      .describe(
        'What it happened to. `zone.published`: `zone`, `serial`, `cause`. `zone.failed` and `zone.damaged`: `zone`, `reason`. `secondary.failed`: `secondary`, `address`, `reason` (silent, behind, unresolved). `secondary.added` and `secondary.removed`: `secondary`. `secondary-zone.…`: `zone`; `secondary-zone.transferred`: `serial`, `primary` as well, `secondary-zone.failed`: `reason`. `hook.failed`: `hook`, `certificate` (its id), `names`, `reason`. `account.…`, `session.…`, `token.…` and `tsig-key.…`, for administrators alone: `account`, `session`, `token` (their ids), `key` (its name). `job.progress` and `job.done`: `job` (its id), `kind`, `state`, and the numbers `done`, `total` and `failed`.',
      ),
  })
  .openapi('Event');

const id = z.string().regex(/^\d{1,16}$/, 'The id of an event is a number.');

export const resumeHeader = z.object({
  'last-event-id': id
    .optional()
    .openapi({ description: 'The last event that was seen; the ones after it come first.' }),
});

export const resumeQuery = z.strictObject({
  lastEventId: id.optional().openapi({ description: 'The same, for a first connection.' }),
});
