import { z } from '@hono/zod-openapi';
import { allows, type Grant } from '../../access/permissions.ts';
import type { SignpostEvent } from '../../work/events.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { newRoutes } from '../new-routes.ts';
import { createOpenStreams } from './open-streams.ts';
import { eventOut, resumeHeader, resumeQuery } from './schema.ts';
import { eventStream } from './stream.ts';

const followEvents = defineRoute({
  method: 'get',
  path: '/api/v1/events',
  operationId: 'followEvents',
  tags: ['events'],
  summary: 'What happens, as it happens',
  description:
    'Server-sent events. Each has an `id`, its type as `event`, and as `data` the JSON of the schema Event. A client that was away resumes with `Last-Event-ID`.',
  need: 'read',
  beforeSetup: true,
  errors: ['too-many-streams'],
  request: { headers: resumeHeader, query: resumeQuery },
  responses: {
    200: {
      description: 'A stream that ends only with the token, or when the box stops.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
  },
});

/** What those alone are told who administer accounts: who signs in, and what accounts, tokens and keys there are. */
const confidential = ['account.', 'session.', 'token.', 'tsig-key.'];

function followedBy(grants: readonly Grant[]): (event: SignpostEvent) => boolean {
  if (allows(grants, { kind: 'accounts' })) return () => true;
  return ({ type }) => !confidential.some((kind) => type.startsWith(kind));
}

export function eventRoutes() {
  const streams = createOpenStreams();
  const routes = newRoutes();
  routes.openAPIRegistry.register('Event', eventOut);
  return routes.openapi(followEvents, (c) => {
    const actor = actorOf(c).id;
    streams.check(actor);
    const { services, options, credential } = c.var;
    const last = c.req.valid('header')['last-event-id'] ?? c.req.valid('query').lastEventId;
    const stream = eventStream({
      events: services.events,
      mayFollow: followedBy(credential!.grants),
      clock: options.clock,
      lastId: last === undefined ? undefined : Number(last),
      stopping: options.stopping,
      count() {
        const ends = [streams.add(actor), services.metrics.streamOpened()];
        return () => ends.forEach((end) => end());
      },
      whenEnded: (ended) => credential!.whenEnded(ended),
    });
    return c.body(stream, 200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  });
}
