import { z } from '@hono/zod-openapi';
import type { BulkDomain } from '../../work/jobs.ts';
import type { DomainListRequest } from '../../zones/domains/list.ts';
import type { DomainView } from '../../zones/domains/service.ts';
import type { Published } from '../../zones/publisher/published.ts';
import { domainName, nameOut, nameText, pageQuery, serial, time, ttl } from '../fields.ts';
import { longList } from '../long-list.ts';

const dns = z
  .enum(['local', 'external'])
  .describe('`local`: the box serves the zone. `external`: another server does, and the records are advice.');
const mail = z.boolean().describe('Takes part in mail.');
const web = z.boolean().describe('Is served by the web server of the box.');

const parentStates = ['unknown', 'not-delegated', 'glue-wrong', 'insecure', 'secure', 'bogus'] as const;
const parentState = z.enum(parentStates);

export const domainOut = z
  .strictObject({
    name: nameOut('example.com'),
    dns,
    mail,
    web,
    ttl: ttl.nullable(),
    createdAt: time('When it was added.'),
    zone: nameOut('example.com', 'The zone that holds it; null for external DNS.').nullable(),
    serial: serial.nullable().describe('The serial that is live; null for external DNS.'),
    parent: parentState
      .nullable()
      .describe(
        'What the parent had for it when it was last asked, as GET …/registrar says it; `unknown` before that. null for external DNS.',
      ),
  })
  .openapi('Domain');

export const domainIn = z
  .strictObject({
    name: domainName('example.com', 'The domain; internationalised names as U-labels or A-labels.'),
    dns: dns.default('local'),
    mail: mail.default(true),
    web: web.default(true),
    ttl: ttl.nullable().optional(),
  })
  .openapi('NewDomain', { example: { name: 'example.com', dns: 'local', mail: true, web: true } });

/** Characters of a name that are kept: one that is longer is none however it goes on. */
const LONGEST_TEXT = 1024;
const MAX_DOMAINS = 20_000;

export const bulkDomain = z
  .strictObject({
    name: z
      .string()
      .transform((text) => text.slice(0, LONGEST_TEXT))
      .openapi({
        type: 'string',
        example: 'example.com',
        description: 'One that is no domain name fails alone.',
      }),
    dns: dns.default('local'),
    mail: mail.default(true),
    web: web.default(true),
    ttl: ttl.nullable().optional(),
  })
  .transform(({ ttl, ...domain }): BulkDomain => ({ ...domain, ttl: ttl ?? undefined }))
  .openapi('BulkDomain');

export const bulkIn = z
  .strictObject({
    domains: longList(bulkDomain, {
      name: 'BulkDomain',
      max: MAX_DOMAINS,
      none: 'Give at least one domain.',
      many: `One request adds at most ${MAX_DOMAINS.toLocaleString('en')} domains. Split it.`,
    }),
  })
  .openapi('NewDomains', {
    example: { domains: [{ name: 'example.com' }, { name: 'example.org', mail: false }] },
  });

export const domainChange = z
  .strictObject({
    dns: dns.optional(),
    mail: mail.optional(),
    web: web.optional(),
    ttl: ttl.nullable().optional(),
  })
  .openapi('DomainChange', { example: { mail: false } });

export const domainParam = z.strictObject({ domain: domainName('example.com', 'A domain of the box.') });

export const domainQuery = z.strictObject({
  ...pageQuery,
  search: z.string().max(255).optional().openapi({ description: 'Only domains whose name contains this.' }),
  dns: dns.optional().describe('Only domains of which the DNS is here, or elsewhere.'),
  mail: z
    .enum(['true', 'false'], 'Write true or false.')
    .transform((text) => text === 'true')
    .optional()
    .openapi({ type: 'boolean', description: 'Only domains that take part in mail, or do not.' }),
  parent: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(
      z.array(
        z.enum(parentStates, `Give one or several of ${parentStates.join(', ')}, with commas between.`),
      ),
    )
    .optional()
    .openapi({
      type: 'string',
      example: 'glue-wrong,bogus',
      description: `Only domains whose parent had this when it was last asked: of ${parentStates.join(', ')} one or several, with commas between.`,
    }),
  sort: z
    .enum(['name', '-name', 'createdAt', '-createdAt'])
    .default('name')
    .describe('In which order; with `-` the other way round, so `-createdAt` has the newest first.'),
});

/** What the query of a list asks for. */
export function listRequest({
  search,
  dns,
  mail,
  parent,
  sort,
}: z.infer<typeof domainQuery>): DomainListRequest {
  const by = sort.endsWith('name') ? 'name' : 'createdAt';
  return { search, dns, mail, parent, order: { by, descending: sort.startsWith('-') } };
}

export const published = z
  .strictObject({ zone: nameOut('example.com'), serial })
  .openapi('Published', { description: 'A zone that was published again, and its serial that is live.' });

export const removedOut = z.strictObject({ published: z.array(published) }).openapi('DomainRemoved');

export function domainJson(view: DomainView): z.infer<typeof domainOut> {
  const { dns, mail, web, createdAt } = view;
  return {
    name: nameText(view.name),
    dns,
    mail,
    web,
    ttl: view.ttl ?? null,
    createdAt,
    zone: view.zone ? nameText(view.zone) : null,
    serial: view.serial ?? null,
    parent: view.parent ?? null,
  };
}

export function publishedJson({ zone, serial }: Published): z.infer<typeof published> {
  return { zone: nameText(zone), serial };
}
