import { z } from '@hono/zod-openapi';
import { time } from '../fields.ts';
import type { Health } from '../services.ts';

export const healthOut = z
  .strictObject({
    ready: z.boolean(),
    problems: z
      .array(z.string())
      .describe(
        'What is wrong, each a sentence: why it is not ready, and with a credential that may read everything, zones that are not served as they should be.',
      ),
    zones: z
      .int()
      .optional()
      .describe('Zones served. From here on with a credential only, which may read everything.'),
    zonesInTrouble: z
      .int()
      .optional()
      .describe('Zones that are not served as they should be; `problems` names the first hundred.'),
    dns: z
      .array(z.string())
      .optional()
      .openapi({ example: ['0.0.0.0:53'] }),
    version: z.string().optional().openapi({ example: '0.1.0' }),
    startedAt: time('When this process started.').optional(),
    certificateFingerprint: z
      .string()
      .optional()
      .describe(
        'SHA-256 of the certificate that HTTPS shows for the name of the box: to compare with what a client is shown.',
      ),
  })
  .openapi('Health');

/** Strangers learn whether the box is ready; what it runs is for those who may read it. */
export function healthJson(health: Health, known: boolean): z.infer<typeof healthOut> {
  const { ready, problems, zoneProblems, zones, zonesInTrouble, dns, version, startedAt } = health;
  if (!known) return { ready, problems };
  return {
    ready,
    problems: [...problems, ...zoneProblems],
    zones,
    zonesInTrouble,
    dns,
    version,
    startedAt,
    certificateFingerprint: health.certificateFingerprint,
  };
}
