import { z } from '@hono/zod-openapi';
import type { SendLimit } from '../mail/store.ts';

export const sendLimit = z
  .strictObject({
    messages: z.int().min(1, 'Allow at least one message; enabled: false lets nobody send.').max(1_000_000),
    seconds: z.int().min(60, 'Count over a minute at least.').max(2_592_000, 'Count over 30 days at most.'),
  })
  .openapi('SendLimit', {
    description: 'Messages that may be sent in so many seconds.',
    example: { messages: 500, seconds: 86_400 },
  });

/** What of a limit is used. */
export const sending = z
  .strictObject({
    messages: z.int(),
    seconds: z.int(),
    sent: z.int().describe('What counts now: a message counts once for each recipient.'),
  })
  .openapi('Sending', { example: { messages: 500, seconds: 86_400, sent: 12 } });

/** Of another mail server. */
export const nextPort = z
  .int()
  .min(1, 'A port is a number from 1 to 65535.')
  .max(65_535, 'A port is a number from 1 to 65535.');

const score = z
  .number()
  .min(0.1, 'A score is at least 0.1: what nobody complains of scores 0.')
  .max(1000, 'A score is at most 1000.');

export const spamScores = z
  .strictObject({
    junk: score.describe('From which mail goes into Junk.'),
    reject: score.describe('From which mail is refused.'),
  })
  .openapi('SpamScores', { example: { junk: 6, reject: 15 } });

export function limitJson(limit: SendLimit | undefined): SendLimit | null {
  return limit ? { messages: limit.messages, seconds: limit.seconds } : null;
}
