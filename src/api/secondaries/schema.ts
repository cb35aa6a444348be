import { z } from '@hono/zod-openapi';
import { secondaryServers } from '../../zones/secondaries/configuration.ts';
import type { SecondaryRequest, SecondaryView, ZoneLag } from '../../zones/secondaries/service.ts';
import { domainName, nameOut, nameText, ownerName, serial, time } from '../fields.ts';

const addressesHelp =
  'Where it asks from, and is asked; none: what its name resolves to, and it needs a key.';
const catalogHelp =
  'Whether it learns from the catalog zone (RFC 9432) which zones there are, so that it takes those that come by itself.';
const port = z.int().min(1).max(65_535);

export const secondaryOut = z
  .strictObject({
    name: nameOut('ns2.example.net'),
    addresses: z.array(z.string()).describe(addressesHelp),
    port: port.describe('Where it answers.'),
    tsigKey: z
      .string()
      .nullable()
      .describe(
        'The key that it signs with, and that says what it may transfer; null: its addresses may transfer every zone.',
      ),
    publish: z.boolean().describe('Whether zones are to have an NS record for it.'),
    published: z
      .boolean()
      .describe('Whether they have. They get it once it has answered for zones with our serial.'),
    catalog: z.boolean().describe(catalogHelp),
    createdAt: time('When it was added.'),
  })
  .openapi('Secondary');

const lagOut = z
  .strictObject({
    zone: nameOut('example.com'),
    serial,
    current: z.boolean().describe('Whether it has our version at all its addresses.'),
    at: z.array(
      z.strictObject({
        address: z.string(),
        serial: serial.nullable(),
        behind: z
          .int()
          .nullable()
          .describe('How far its serial is from ours: seconds, as a serial is a time; 0: it has it.'),
        problem: z.string().nullable().describe('Why there is no serial.'),
      }),
    ),
  })
  .openapi('SecondaryLag');

export const secondaryStateOut = secondaryOut
  .extend({ zones: z.array(lagOut).describe('The zone that was asked for, or the first few.') })
  .openapi('SecondaryState');

export const secondaryIn = z
  .strictObject({
    name: domainName('ns2.example.net', 'Its name, as NS records have it.'),
    addresses: z
      .array(z.union([z.ipv4(), z.ipv6()], 'This is not an IP address.'))
      .max(16)
      .default([])
      .describe(addressesHelp),
    port: port.default(53),
    tsigKey: ownerName('xfr.example', 'The key that it signs with.').optional(),
    publish: z.boolean().default(true).describe('Whether zones are to have an NS record for it.'),
    catalog: z.boolean().default(false).describe(`${catalogHelp} Its key must open all zones.`),
    unverified: z
      .boolean()
      .default(false)
      .describe('Publish it at once, whether it has the zones or not: resolvers that ask it may fail.'),
  })
  .openapi('NewSecondary', {
    example: { name: 'ns2.example.net', addresses: ['192.0.2.53'], tsigKey: 'xfr.example' },
  });

export const configurationOut = z
  .strictObject({
    server: z.enum(secondaryServers),
    configuration: z.string().describe('With PUT-THE-SECRET-HERE where the secret of the key goes.'),
    zones: z.int().describe('Zones that are in it.'),
    more: z.boolean().describe('Whether there are more zones than it has room for.'),
    catalog: z
      .string()
      .nullable()
      .describe('The catalog zone that names them all, and those to come; null: it names them one by one.'),
  })
  .openapi('SecondaryConfiguration');

export const removedSecondaryOut = z.strictObject({ removed: z.string() }).openapi('SecondaryRemoved');
export const secondaryParam = z.strictObject({ secondary: domainName('ns2.example.net', 'A secondary.') });
export const secondaryQuery = z.strictObject({
  zone: domainName('example.com', 'The zone to ask it for; else a few of all.').optional(),
});
export const configurationQuery = z.strictObject({ server: z.enum(secondaryServers) });

export function secondaryJson({ name, tsigKey, ...rest }: SecondaryView): z.infer<typeof secondaryOut> {
  const { addresses, port, publish, published, catalog, createdAt } = rest;
  const key = tsigKey ? nameText(tsigKey) : null;
  return {
    name: nameText(name),
    addresses: [...addresses],
    port,
    tsigKey: key,
    publish,
    published,
    catalog,
    createdAt,
  };
}

export function lagJson({ zone, serial: ours, at, current }: ZoneLag): z.infer<typeof lagOut> {
  const places = at.map(({ address, found }) =>
    found.kind === 'serial'
      ? { address, serial: found.serial, behind: Math.max(0, (ours - found.serial) | 0), problem: null }
      : { address, serial: null, behind: null, problem: found.problem },
  );
  return { zone: nameText(zone), serial: ours, current, at: places };
}

export function secondaryRequest({ tsigKey, ...rest }: z.infer<typeof secondaryIn>): SecondaryRequest {
  return { ...rest, tsigKey };
}
