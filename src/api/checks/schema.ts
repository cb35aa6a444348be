import { z } from '@hono/zod-openapi';
import type { CheckResult } from '../../checks/service.ts';
import { foundCodes } from '../../checks/sentences.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { time } from '../fields.ts';

const id = z.string().openapi({ example: 'reverse-name' });

const checkOut = z
  .strictObject({
    id,
    group: z.enum(['nameserver', 'name', 'mail', 'certificates', 'machine']),
    title: z.string().describe('What should be so.'),
    why: z.string().describe('What goes wrong without it.'),
    mend: z.string().describe('What to do when it is not.'),
    state: z
      .enum(['good', 'attention', 'bad', 'unknown'])
      .describe(
        '`attention`: it works, and something is to be done. `bad`: something does not work. `unknown`: nobody could tell.',
      ),
    found: z.array(z.string()).describe('What was found, a sentence each; none when all is good.'),
    findings: z
      .array(
        z.strictObject({
          code: z
            .enum(foundCodes)
            .nullable()
            .describe(
              'What the sentence is about, for who has other words; null: another part of the box says it.',
            ),
          values: z.record(z.string(), z.string()).describe('What stands in the sentence, by name.'),
          sentence: z.string(),
        }),
      )
      .describe('The same, for programs and other languages.'),
    at: time('When it was looked at.'),
  })
  .openapi('Check');

export const checksOut = z.strictObject({ items: z.array(checkOut) }).openapi('Checks');

export const checksRun = z
  .strictObject({ ids: z.array(id).max(100).optional().describe('These alone; without it all.') })
  .openapi('ChecksRun', { example: { ids: ['reverse-name'] } });

export function checksJson(results: readonly CheckResult[]): z.infer<typeof checksOut> {
  const items = results.map(({ id, group, title, why, mend, state, found, at }) => ({
    ...{ id, group, title, why, mend, state },
    found: found.map(({ sentence }) => sentence),
    findings: found.map(({ code, values, sentence }) => ({ code, values: { ...values }, sentence })),
    at: toRfc3339(at),
  }));
  return { items };
}
