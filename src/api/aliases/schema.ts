import { z } from '@hono/zod-openapi';
import type { AliasView } from '../../mail/aliases/service.ts';
import { time } from '../fields.ts';
import { longList } from '../long-list.ts';
import { addressIn, addressQuery, line } from '../mailboxes/schema.ts';

const targets = z
  .array(addressIn('anna@example.com', 'A mailbox or an alias here, or an address elsewhere.'))
  .min(1, 'Give at least one target.')
  .max(1000)
  .describe('Who gets its mail. `@example.org` alone, for `@example.com`: the same local part there.');
const senders = z
  .array(addressIn('anna@example.com', 'A mailbox of the box.'))
  .max(1000)
  .describe('Mailboxes that may send as this address; null: all that its mail comes to.');
const enabled = z.boolean().describe('Whether it takes mail.');

export const aliasOut = z
  .strictObject({
    address: z.string().openapi({ example: 'info@example.com' }),
    targets: z.array(z.string()),
    senders: z.array(z.string()).nullable(),
    enabled,
    source: z
      .enum(['own', 'required'])
      .describe(
        '`required`: there by itself (RFC 2142), until there is a mailbox or an alias of the name. Without targets: the box has no adminEmail to lead it to.',
      ),
    createdAt: time('When it was made; null for what is there by itself.').nullable(),
  })
  .openapi('Alias');

export const aliasIn = z
  .strictObject({
    address: addressIn(
      'info@example.com',
      'In a domain of the box; `@example.com` is every address of it that is nothing else.',
    ),
    targets,
    senders: senders.nullable().optional(),
    enabled: enabled.optional(),
  })
  .openapi('NewAlias', {
    example: { address: 'info@example.com', targets: ['anna@example.com', 'otto@example.org'] },
  });

const MAX_ALIASES = 10_000;

export const bulkAlias = z
  .strictObject({ ...aliasIn.shape, line })
  .openapi('BulkAlias', { example: { address: 'info@example.com', targets: ['anna@example.com'], line: 2 } });

export const bulkAliasesIn = z
  .strictObject({
    aliases: longList(bulkAlias, {
      name: 'BulkAlias',
      max: MAX_ALIASES,
      none: 'Give at least one alias.',
      many: `One request adds at most ${MAX_ALIASES.toLocaleString('en')} aliases. Split it.`,
    }),
  })
  .openapi('NewAliases', {
    example: { aliases: [{ address: 'info@example.com', targets: ['anna@example.com'] }] },
  });

export const aliasChange = z
  .strictObject({
    targets: targets.optional(),
    senders: senders.nullable().optional(),
    enabled: enabled.optional(),
  })
  .openapi('AliasChange', { example: { enabled: false } });

export const aliasParam = z.strictObject({ address: addressIn('info@example.com', 'An alias of the box.') });
export const aliasQuery = z.strictObject(addressQuery);
export const aliasRemoved = z.strictObject({ removed: z.string() }).openapi('AliasRemoved');

export function aliasJson(view: AliasView): z.infer<typeof aliasOut> {
  const { address, targets, enabled, source } = view;
  const senders = view.senders ? [...view.senders] : null;
  return { address, targets, senders, enabled, source, createdAt: view.createdAt ?? null };
}
