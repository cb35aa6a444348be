import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { SecondaryZoneView } from '../../zones/secondary-zones/service.ts';
import type { Primary } from '../../zones/secondary-zones/store.ts';
import { domainName, nameOut, nameText, ownerName, pageQuery, serial, time } from '../fields.ts';
import { serverTrust } from '../zones/schema.ts';

const port = z.int().min(1).max(65_535);
const portHelp = '53 when left out, or 853 with `tls`.';
const keyHelp = 'The TSIG key that transfers are signed with.';
const primariesHelp = 'The servers that it comes from, in the order in which they are asked.';

const primaryIn = z
  .strictObject({
    address: z
      .union([z.ipv4(), z.ipv6()], 'This is not an IP address.')
      .openapi({ type: 'string', example: '192.0.2.53' }),
    port: port.optional().describe(portHelp),
    tsigKey: ownerName('xfr.example', keyHelp).optional(),
    tls: serverTrust
      .optional()
      .describe(
        'Over TLS 1.3 (RFC 9103), and not at all where the server is not the right one: its certificate must be for `name`, or for its address when there is neither that nor a pin.',
      ),
  })
  .openapi('NewPrimary');

const primariesIn = z
  .array(primaryIn)
  .min(1, 'Name a server that the zone comes from.')
  .max(16)
  .describe(primariesHelp);

export const secondaryZoneIn = z
  .strictObject({
    name: domainName('example.org', 'The zone.'),
    primaries: primariesIn,
  })
  .openapi('NewSecondaryZone', {
    example: { name: 'example.org', primaries: [{ address: '192.0.2.53', tsigKey: 'xfr.example' }] },
  });

export const secondaryZoneChange = z
  .strictObject({ primaries: primariesIn })
  .openapi('SecondaryZoneChange', { example: { primaries: [{ address: '192.0.2.53' }] } });

const primaryOut = z
  .strictObject({
    address: z.string(),
    port: port.nullable().describe(portHelp),
    tsigKey: z.string().nullable().describe(keyHelp),
    tls: serverTrust
      .nullable()
      .describe('How the server is known over TLS; null: it is spoken to in clear text.'),
  })
  .openapi('Primary');

export const secondaryZoneOut = z
  .strictObject({
    name: nameOut('example.org'),
    primaries: z.array(primaryOut).describe(primariesHelp),
    state: z
      .enum(['pending', 'current', 'failing', 'expired'])
      .describe(
        '`pending`: nothing came yet. `current`: it is served as the primaries have it. `failing`: it is served, and no primary gives it any more. `expired`: that for so long that it answers SERVFAIL.',
      ),
    serial: serial.nullable().describe('Of the version that is here.'),
    records: z.int().nullable().describe('How many that version has.'),
    transferredAt: time('When that version came.').nullable(),
    checkedAt: time('When a primary last said that nothing is later, or sent it.').nullable(),
    primary: z.string().nullable().describe('The address of that primary.'),
    refreshAt: time('When the primaries are asked next; null: they are being asked.').nullable(),
    expiresAt: time('When it is not served any more, unless a primary is reached before.').nullable(),
    checking: z.boolean().describe('Whether the primaries are being asked.'),
    failures: z.int().describe('How often in a row no primary gave it.'),
    problem: z.string().nullable().describe('What was wrong when they were asked last.'),
    createdAt: time('When it was added.'),
  })
  .openapi('SecondaryZone');

export const removedSecondaryZoneOut = z
  .strictObject({ removed: z.string() })
  .openapi('SecondaryZoneRemoved');
export const secondaryZoneParam = z.strictObject({ zone: domainName('example.org', 'A secondary zone.') });
export const secondaryZonesQuery = z.strictObject(pageQuery);

export function secondaryZoneJson(view: SecondaryZoneView): z.infer<typeof secondaryZoneOut> {
  const { name, primaries, condition, version, checking, failures, createdAt } = view;
  return {
    name: nameText(name),
    primaries: primaries.map(primaryJson),
    state: condition,
    serial: view.serial ?? null,
    records: version?.records ?? null,
    transferredAt: timeOf(version?.transferredAt),
    checkedAt: timeOf(version?.checkedAt),
    primary: version?.primary ?? null,
    refreshAt: timeOf(view.refreshAt),
    expiresAt: timeOf(view.expiresAt),
    checking,
    failures,
    problem: view.problem ?? null,
    createdAt,
  };
}

function primaryJson({ address, port: at, tsigKey, tls }: Primary): z.infer<typeof primaryOut> {
  return { address, port: at ?? null, tsigKey: tsigKey ? nameText(tsigKey) : null, tls: tls ?? null };
}

function timeOf(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : toRfc3339(milliseconds);
}
