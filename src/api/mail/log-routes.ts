import { z } from '@hono/zod-openapi';
import { MOST_LINES } from '../../mail/agent/log-tail.ts';
import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';
import { serverName } from './schema.ts';

const logOut = z
  .strictObject({
    lines: z
      .array(z.string())
      .describe('The newest last. Control characters are replaced, and what is beyond 64 KiB is left out.'),
    problem: z.string().nullable().describe('Why there are none, in a sentence.'),
  })
  .openapi('MailServerLog');

const getLog = defineRoute({
  method: 'get',
  path: '/api/v1/mail/servers/{server}/log',
  operationId: 'getMailServerLog',
  tags: ['mail servers'],
  summary: 'What a mail server logged last',
  description: 'It names people: addresses, and who wrote to whom.',
  need: 'admin',
  errors: ['mail-agent-unavailable', 'mail-refused'],
  request: {
    params: z.strictObject({ server: serverName.openapi({ example: 'postfix' }) }),
    query: z.strictObject({
      lines: z
        .string()
        .regex(/^\d{1,4}$/, 'Lines are a number from 1 to 500.')
        .transform(Number)
        .pipe(
          z
            .int()
            .min(1, 'Lines are a number from 1 to 500.')
            .max(MOST_LINES, 'Lines are a number from 1 to 500.'),
        )
        .optional()
        .openapi({ type: 'integer', minimum: 1, maximum: MOST_LINES, default: 100 }),
    }),
  },
  responses: { 200: answer('The lines.', logOut) },
});

export function mailLogRoutes() {
  return newRoutes().openapi(getLog, async (c) => {
    const { server } = c.req.valid('param');
    const { lines = 100 } = c.req.valid('query');
    const log = await c.var.services.mailServers.log(server, lines);
    return c.json({ lines: log.lines, problem: log.problem ?? null }, 200);
  });
}
