import { z } from '@hono/zod-openapi';
import type { Name } from '../../dns/wire/name.ts';
import type { BoxPreview } from '../../zones/box/preview.ts';
import type { BoxService } from '../../zones/box/service.ts';
import type { FormerHostnameView } from '../../zones/former/service.ts';
import { type Box, defaultRetention, type Retention } from '../../zones/model.ts';
import { domainName, nameOut, nameText, time, ttl } from '../fields.ts';

const ipv4 = z
  .array(z.ipv4('This is not an IPv4 address.'))
  .max(16)
  .openapi({
    example: ['192.0.2.1'],
    description: 'Public IPv4 addresses. ns1 gets the first, ns2 the second where there is one.',
  });

const ipv6 = z
  .array(z.ipv6('This is not an IPv6 address.'))
  .max(16)
  .openapi({ example: ['2001:db8::1'], description: 'Public IPv6 addresses.' });

const adminEmail = z
  .email('This is not a mail address.')
  .nullable()
  .openapi({ example: 'admin@example.com', description: 'Where people reach the administrator.' });

const caaHelp =
  'The CA that may issue certificates (CAA), such as letsencrypt.org; `auto`: the one that the box gets its own from; null publishes no CAA.';

/** A hundred years. */
const LONGEST = 100 * 366 * 86_400;
const kept = (what: string, fallback: number) =>
  z.int().min(0).max(LONGEST).default(fallback).describe(`Seconds for which ${what} kept.`);

const retention = z
  .strictObject({
    versions: kept('versions of zones are', defaultRetention.versions),
    versionsAtLeast: z
      .int()
      .min(1)
      .max(1000)
      .default(defaultRetention.versionsAtLeast)
      .describe('So many versions of each zone are kept whatever their age.'),
    audit: kept('the audit log is', defaultRetention.audit),
    jobs: kept('jobs that ended are', defaultRetention.jobs),
    removedZones: kept('keys and versions of what is not served any more are', 0)
      .unwrap()
      .nullable()
      .default(defaultRetention.removedZones ?? null)
      .describe(
        'Seconds for which keys and versions of what is not served any more are kept; null: for ever.',
      ),
  })
  .openapi('Retention');

const formerOut = z
  .strictObject({
    hostname: nameOut('old.example.com'),
    since: time('Since when the box has another hostname.'),
    parents: z
      .strictObject({
        askedAt: time('When the last of them was asked.'),
        zones: z.int().describe('Zones of the box, whose parents are asked.'),
        leading: z.int().describe('Zones whose parent still names it.'),
        some: z.array(z.string()).describe('The first few of them.'),
        unknown: z
          .int()
          .describe(
            'Zones whose parent could not be asked, or that are not published yet with the new hostname.',
          ),
      })
      .nullable()
      .describe('How all parents stood when they were asked last; null: they are being asked.'),
    until: time(
      'When caches have forgotten it, and it answers no more; null: parents still name it, or are not known.',
    ).nullable(),
  })
  .openapi('FormerHostname');

/** What GET /box answers. */
export const boxOut = z
  .strictObject({
    hostname: nameOut('box.example.com', "The box's own name; null until it is set.").nullable(),
    ipv4,
    ipv6,
    adminEmail,
    ttl,
    secondaries: z
      .array(z.string())
      .describe(
        'Names of secondary nameservers that take the place of ns2, those included that are published when they have the zones.',
      ),
    caaIssuer: z.string().nullable().describe(caaHelp),
    retention: retention.describe('For how long what is past is kept.'),
    formerHostnames: z
      .array(formerOut)
      .describe('Hostnames of before that answer until no parent names them any more, the oldest first.'),
    detected: z
      .strictObject({ ipv4: z.array(z.string()), ipv6: z.array(z.string()) })
      .describe("Public addresses found on the machine's interfaces."),
  })
  .openapi('Box');

/** What PUT /box answers. */
export const boxChangedOut = boxOut
  .extend({
    job: z
      .string()
      .nullable()
      .describe(
        'The job that publishes the zones which change by it: GET /api/v1/jobs/{id} says how far it is; null: none do.',
      ),
  })
  .openapi('BoxChanged');

/** What PUT /box takes: the same words, so that what was read can be sent back. */
export const boxIn = z
  .strictObject({
    hostname: domainName('box.example.com', "The box's own name."),
    ipv4: ipv4.default([]),
    ipv6: ipv6.default([]),
    adminEmail: adminEmail.optional(),
    ttl: ttl.default(3600),
    secondaries: z.array(domainName('ns.example.net', 'A secondary nameserver.')).max(12).default([]),
    unverified: z
      .boolean()
      .default(false)
      .describe('Publish new secondaries at once, whether they have the zones or not.'),
    caaIssuer: z
      .string()
      .regex(
        /^(?:auto|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$/,
        'This is the domain name by which a CA is known, such as letsencrypt.org; or auto.',
      )
      .nullable()
      .default('auto')
      .describe(caaHelp),
    retention: retention.prefault({}).describe('For how long what is past is kept.'),
    formerHostnames: z.unknown().optional().describe('Taken as read and ignored.'),
    detected: z.unknown().optional().describe('Taken as read and ignored.'),
    job: z.unknown().optional().describe('Taken as read and ignored.'),
  })
  .openapi('BoxSettings', {
    example: { hostname: 'box.example.com', ipv4: ['192.0.2.1'], ipv6: ['2001:db8::1'] },
  });

/** What POST /box/preview answers. */
export const boxPreviewOut = z
  .strictObject({
    zones: z.int().describe('Zones that would be published again.'),
    delegations: z
      .boolean()
      .describe('Whether names or addresses of the nameservers change, so that registrars must be told.'),
    nameservers: z.array(z.string()).openapi({ example: ['ns1.box.example.com', 'ns2.box.example.com'] }),
    glue: z.array(z.strictObject({ name: nameOut('ns1.box.example.com'), addresses: z.array(z.string()) })),
    certificates: z.array(z.string()).describe('What becomes of certificates, a sentence each.'),
    steps: z.array(z.string()).describe('What a person has to do, in this order; empty: nothing.'),
    remarks: z.array(z.string()).describe('What is allowed and seldom meant, a sentence each.'),
  })
  .openapi('BoxPreview');

export function boxPreviewJson(preview: BoxPreview): z.infer<typeof boxPreviewOut> {
  return {
    ...preview,
    nameservers: preview.nameservers.map(nameText),
    glue: preview.glue.map(({ name, addresses }) => ({ name: nameText(name), addresses })),
  };
}

export function boxJson(
  box: Box | undefined,
  {
    detected,
    former,
    secondaries,
  }: {
    detected: ReturnType<BoxService['detectAddresses']>;
    former: readonly FormerHostnameView[];
    secondaries: readonly Name[];
  },
): z.infer<typeof boxOut> {
  return {
    hostname: box ? nameText(box.hostname) : null,
    ipv4: [...(box?.ipv4 ?? [])],
    ipv6: [...(box?.ipv6 ?? [])],
    adminEmail: box?.adminEmail ?? null,
    ttl: box?.ttl ?? 3600,
    secondaries: secondaries.map(nameText),
    caaIssuer: box ? (box.caaIssuer ?? null) : 'auto',
    retention: retentionJson(box?.retention ?? defaultRetention),
    formerHostnames: former.map(formerJson),
    detected,
  };
}

function formerJson({ hostname, since, parents, until }: FormerHostnameView): z.infer<typeof formerOut> {
  return {
    hostname: nameText(hostname),
    since,
    parents: parents ? { ...parents, some: parents.some.map(nameText) } : null,
    until: until ?? null,
  };
}

export const formerParam = z.strictObject({
  hostname: domainName('old.example.com', 'A former hostname of the box.'),
});

export function boxFrom({
  detected: _,
  formerHostnames: __,
  job: ___,
  unverified: ____,
  ...input
}: z.infer<typeof boxIn>): Box {
  return {
    ...input,
    adminEmail: input.adminEmail ?? undefined,
    caaIssuer: input.caaIssuer ?? undefined,
    retention: { ...input.retention, removedZones: input.retention.removedZones ?? undefined },
  };
}

function retentionJson({ removedZones, ...retention }: Retention): z.infer<typeof boxOut>['retention'] {
  return { ...retention, removedZones: removedZones ?? null };
}
