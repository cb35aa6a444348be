import { z } from '@hono/zod-openapi';
import type { Name } from '../dns/wire/name.ts';
import type { Page } from '../work/page.ts';
import { type NameResult, parseDomainName, parseOwner } from '../zones/names.ts';

/** A name as JSON carries it: A-labels in lower case, no final dot. */
export function nameText(name: Name): string {
  return name.canonical().toText();
}

/** Marks the issue of a name, for the problem's code. */
export const INVALID_NAME = 'invalid-name';

/** A name on input that `read` understands. */
export function named(read: (text: string) => NameResult, example: string, description: string) {
  return z
    .string()
    .min(1, 'Give a name.')
    .max(1024, 'A domain name has at most 255 octets.')
    .transform((text, context): Name => {
      const result = read(text);
      if (result.ok) return result.name.canonical();
      context.addIssue({ code: 'custom', message: `${result.message}.`, params: { code: INVALID_NAME } });
      return z.NEVER;
    })
    .openapi({ type: 'string', example, description });
}

/** A host or domain name on input; U-labels and a final dot are taken too. */
export const domainName = (example: string, description: string) =>
  named(parseDomainName, example, description);

/** The owner of a record on input: underscores and wildcards too. */
export const ownerName = (example: string, description: string) => named(parseOwner, example, description);

/** A name in an answer. */
export const nameOut = (example: string, description?: string) =>
  z.string().openapi({ example, ...(description === undefined ? {} : { description }) });

/** Seconds; RFC 2181 §8: 31 bits. */
export const ttl = z
  .int('A TTL is a whole number of seconds.')
  .min(0, 'A TTL is not negative.')
  .max(2_147_483_647, 'A TTL has at most 31 bits (RFC 2181 §8).')
  .openapi({ example: 3600, description: 'Time to live, in seconds.' });

/** RFC 3339, UTC. */
export const time = (description: string) =>
  z.string().openapi({ example: '2027-01-31T12:00:00Z', description });

export const serial = z
  .int()
  .min(0)
  .max(4_294_967_295)
  .openapi({ example: 1_798_718_400, description: 'Serial number of a zone (RFC 1982).' });

/** A serial in a query, where all is text. */
export const serialText = z
  .string()
  .regex(/^\d{1,10}$/, 'A serial is a number of at most 32 bits.')
  .transform(Number)
  .pipe(z.int().max(4_294_967_295, 'A serial has 32 bits.'))
  .openapi({ type: 'integer', example: 1_798_718_400 });

export const flag = (description: string) =>
  z
    .enum(['true', 'false'], 'Write true or false.')
    .default('false')
    .transform((text) => text === 'true')
    .openapi({ type: 'boolean', default: false, description });

/** `?limit=&cursor=` of every list. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'A limit is a number from 1 to 500.')
    .transform(Number)
    .pipe(z.int().min(1, 'A limit is at least 1.').max(500, 'A limit is at most 500.'))
    .optional()
    .openapi({
      type: 'integer',
      example: 100,
      description: 'Items wanted at most, 1 to 500; 100 by default.',
    }),
  cursor: z.string().max(1024).optional().openapi({ description: '`next` of the page before.' }),
};

export function pageRequest(query: { limit?: number | undefined; cursor?: string | undefined }) {
  return { limit: query.limit ?? 100, cursor: query.cursor };
}

/** The schema of a list's answer. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('`cursor` of the next page; null at the end.'),
  });

export function pageJson<T, J>(page: Page<T>, toJson: (item: T) => J): { items: J[]; next: string | null } {
  return { items: page.items.map(toJson), next: page.next ?? null };
}
