import { z } from '@hono/zod-openapi';
import { limitJson, nextPort, sendLimit, spamScores } from '../mail-fields.ts';
import { serverName } from './schema.ts';
import type { MailSettingsView } from '../../mail/settings/service.ts';

const user = z
  .string()
  .regex(/^[!-9;-~]{1,255}$/, 'A user has visible ASCII characters, and no colon.')
  .openapi({ example: 'box@example.net' });

const relayOut = z
  .strictObject({ host: z.string(), port: z.int(), user: z.string().nullable(), hasPassword: z.boolean() })
  .openapi('Relay');

const relayIn = z
  .strictObject({
    host: z
      .string()
      .min(1, 'Give a host.')
      .max(1024)
      .describe('Its name, which its certificate must show.')
      .openapi({ example: 'smtp.example.net' }),
    port: nextPort.default(587).describe('465 has TLS from the start; all others have STARTTLS.'),
    user: user.nullable().optional().describe('null: it takes mail of this box without a password.'),
    password: z
      .string()
      .regex(
        /^[!-~]([ -~]{0,253}[!-~])?$/,
        'A password has visible ASCII characters, and spaces between them.',
      )
      .optional()
      .openapi({
        format: 'password',
        description: 'Never shown again. Without it the one that is kept for the same host and user stays.',
      }),
  })
  .openapi('RelayIn');

const greylisting = z.boolean().describe('Whether unknown senders of doubtful mail are asked to try again.');
const messageSizeLimit = z
  .int()
  .min(1024 * 1024, 'Take messages of a mebibyte at least.')
  .max(2 ** 31 - 1, 'A message has at most 2 GiB.')
  .openapi({ example: 134_217_728, description: 'Octets of a message with its headers.' });
const boxLimit = 'Of each mailbox that has no limit of its own nor its domain’s; null: no limit.';
const boxTotal = 'Of all mailboxes of a domain together, where it has none of its own; null: no limit.';

export const mailSettingsOut = z
  .strictObject({
    relay: relayOut.nullable().describe('What takes all mail for elsewhere; null: it goes to its receivers.'),
    greylisting,
    messageSizeLimit,
    scores: spamScores,
    sendLimit: sendLimit.nullable().describe(boxLimit),
    totalSendLimit: sendLimit.nullable().describe(boxTotal),
  })
  .openapi('MailSettings');

export const mailSettingsChange = z
  .strictObject({
    relay: relayIn.nullable().optional(),
    greylisting: greylisting.optional(),
    messageSizeLimit: messageSizeLimit.nullable().optional().describe('null: 128 MiB.'),
    scores: spamScores.nullable().optional().describe('null: Junk from 6, refused from 15.'),
    sendLimit: sendLimit.nullable().optional().describe(boxLimit),
    totalSendLimit: sendLimit.nullable().optional().describe(boxTotal),
  })
  .openapi('MailSettingsChange', {
    example: { relay: { host: 'smtp.example.net', port: 587, user: 'box@example.net', password: 'secret' } },
  });

export const mailSettingsPreviewOut = z
  .strictObject({
    reloads: z
      .array(serverName)
      .describe('Servers that would get other files, and reload. Sending limits hold without that.'),
  })
  .openapi('MailSettingsPreview');

export function mailSettingsJson(view: MailSettingsView): z.infer<typeof mailSettingsOut> {
  const { relay, greylisting, messageSizeLimit, scores, sendLimit: limit, totalSendLimit: total } = view;
  return {
    relay: relay ? { ...relay, user: relay.user ?? null } : null,
    ...{ greylisting, messageSizeLimit, scores },
    ...{ sendLimit: limitJson(limit), totalSendLimit: limitJson(total) },
  };
}
