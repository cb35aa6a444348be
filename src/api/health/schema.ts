import { z } from '@hono/zod-openapi';
import type { Health } from '../../zones/services.ts';
import { time } from '../fields.ts';

export const healthOut = z
  .strictObject({
    ready: z.boolean(),
    problems: z.array(z.string()).describe('Why it is not ready; each a sentence.'),
    zones: z.int().optional().describe('Zones served. From here on with a credential only.'),
    dns: z
      .array(z.string())
      .optional()
      .openapi({ example: ['0.0.0.0:53'] }),
    version: z.string().optional().openapi({ example: '0.1.0' }),
    startedAt: time('When this process started.').optional(),
  })
  .openapi('Health');

/** Strangers learn whether the box is ready; what it runs is for those with a credential. */
export function healthJson(health: Health, known: boolean): z.infer<typeof healthOut> {
  const { ready, problems, zones, dns, version, startedAt } = health;
  return known ? { ready, problems, zones, dns, version, startedAt } : { ready, problems };
}
