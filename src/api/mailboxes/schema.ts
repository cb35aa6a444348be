import { z } from '@hono/zod-openapi';
import type { MailboxView } from '../../mail/mailboxes/service.ts';
import { domainName, pageQuery, time } from '../fields.ts';
import { longList } from '../long-list.ts';
import { limitJson, sending, sendLimit } from '../mail-fields.ts';

/** An address on input; what is none is said by the service, which knows the domains. */
export const addressIn = (example: string, description: string) =>
  z.string().min(1, 'Give an address.').max(1024, 'An address has at most 254 characters.').openapi({
    example,
    description,
  });

/** Octets that fit into a number of JSON. */
const MAX_QUOTA = Number.MAX_SAFE_INTEGER;

const quota = z
  .int('A quota is a whole number of octets.')
  .min(0, 'A quota is not negative; 0 is none.')
  .max(MAX_QUOTA)
  .openapi({ example: 5_368_709_120, description: 'Octets that it may hold; 0: no limit.' });
const displayName = z
  .string()
  .max(200)
  // eslint-disable-next-line no-control-regex -- it is shown on one line
  .regex(/^[^\x00-\x1f\x7f]*$/, 'A name has no line breaks and no other control characters.')
  .openapi({ example: 'Anna Example', description: 'Of the person, as mail programs show it.' });
const enabled = z.boolean().describe('Whether its owner may sign in and send; mail arrives all the same.');
const forwardTo = z
  .array(addressIn('anna@example.org', 'Here or elsewhere.'))
  .max(100)
  .describe('Addresses that its mail is sent on to.');
const keepCopy = z.boolean().describe('Whether mail that is sent on stays here, too.');

export const mailboxOut = z
  .strictObject({
    address: z.string().openapi({ example: 'anna@example.com' }),
    displayName,
    hasPassword: z.boolean().describe('Whether it has a password; app passwords work without one.'),
    passwordChangedAt: time('When the password was last changed.').nullable(),
    quota,
    enabled,
    forwardTo: z.array(z.string()),
    keepCopy,
    sendLimit: sendLimit.nullable().describe('null: that of the domain.'),
    sending: sending
      .nullable()
      .describe('The limit that holds for it, its own or that of the domain; null: none does.'),
    state: z
      .enum(['active', 'retired'])
      .describe('`retired`: takes no mail and lets nobody in; what it holds is kept.'),
    createdAt: time('When it was made.'),
    retiredAt: time('Since when it is retired.').nullable(),
  })
  .openapi('Mailbox');

const password = z.string().max(1024).openapi({
  format: 'password',
  description: 'Ten characters at least, and none of those that are tried first. Kept as a hash only.',
});
const passwordHash = z.string().max(512).openapi({
  description:
    'In place of the password, as Dovecot writes it: `{ARGON2ID}$argon2id$…` or `{SHA512-CRYPT}$6$…`.',
});

const settings = {
  passwordHash: passwordHash.optional(),
  displayName: displayName.optional(),
  quota: quota.optional(),
  enabled: enabled.optional(),
  forwardTo: forwardTo.optional(),
  keepCopy: keepCopy.optional(),
  sendLimit: sendLimit.nullable().optional(),
};

export const mailboxIn = z
  .strictObject({
    address: addressIn('anna@example.com', 'In a domain of the box that takes part in mail.'),
    password: password.optional(),
    ...settings,
  })
  .openapi('NewMailbox', {
    example: { address: 'anna@example.com', password: 'four words of nobody else', quota: 5_368_709_120 },
  });

const MAX_MAILBOXES = 10_000;

export const line = z
  .int()
  .min(1)
  .optional()
  .describe('Where it is in the file that it comes from: what is wrong with it is said with that.');

export const bulkMailbox = z
  .strictObject({ ...mailboxIn.shape, line })
  .openapi('BulkMailbox', { example: { address: 'anna@example.com', line: 2 } });

export const bulkMailboxesIn = z
  .strictObject({
    mailboxes: longList(bulkMailbox, {
      name: 'BulkMailbox',
      max: MAX_MAILBOXES,
      none: 'Give at least one mailbox.',
      many: `One request adds at most ${MAX_MAILBOXES.toLocaleString('en')} mailboxes. Split it.`,
    }),
  })
  .openapi('NewMailboxes', {
    example: { mailboxes: [{ address: 'anna@example.com', password: 'four words of nobody else' }] },
  });

export const mailboxChange = z
  .strictObject({
    password: password.nullable().optional().describe('null: nobody signs in with one any more.'),
    ...settings,
  })
  .openapi('MailboxChange', { example: { displayName: 'Anna Example', enabled: true } });

export const forwardingIn = z
  .strictObject({ forwardTo, keepCopy: keepCopy.default(true) })
  .openapi('Forwarding', { example: { forwardTo: ['anna@example.org'], keepCopy: true } });

export const mailboxParam = z.strictObject({
  address: addressIn('anna@example.com', 'A mailbox of the box.'),
});

/** Of lists that are by domain and address. */
export const addressQuery = {
  ...pageQuery,
  domain: domainName('example.com', 'Only those of this domain.').optional(),
  search: z.string().max(255).optional().openapi({ description: 'Only addresses that contain this.' }),
};

export const mailboxQuery = z.strictObject({
  ...addressQuery,
  state: z.enum(['active', 'retired']).default('active').openapi({ description: 'Which of them.' }),
});

export function mailboxJson(view: MailboxView): z.infer<typeof mailboxOut> {
  const { address, displayName, hasPassword, quota, enabled, forwardTo, keepCopy, state, createdAt } = view;
  return {
    ...{ address, displayName, hasPassword, passwordChangedAt: view.passwordChangedAt ?? null },
    ...{ quota, enabled, forwardTo, keepCopy, sendLimit: limitJson(view.sendLimit) },
    sending: view.sending ?? null,
    ...{ state, createdAt, retiredAt: view.retiredAt ?? null },
  };
}
