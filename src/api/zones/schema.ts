import { z } from '@hono/zod-openapi';
import { typeName } from '../../dns/type-codes.ts';
import type { ImportRequest, ImportResult } from '../../zones/import/request.ts';
import type { Rebuilt } from '../../zones/repair/service.ts';
import type { RecordWarning } from '../../zones/records/warnings.ts';
import type { SignatureTimes } from '../../zones/resign/signature-times.ts';
import type { VersionView, ZoneService } from '../../zones/versions/service.ts';
import { diffLineOut } from '../diff-line.ts';
import {
  domainName,
  flag,
  nameOut,
  nameText,
  pageOf,
  pageQuery,
  serial,
  serialText,
  time,
  ttl,
} from '../fields.ts';
import { mapInSlices } from '../map-in-slices.ts';

const denial = z.enum(['nsec', 'nsec3']).describe('How the zone proves that a name does not exist.');

const zonemd = z
  .boolean()
  .describe(
    'Whether each version has a digest of all its records (ZONEMD, RFC 8976), for secondaries that check it.',
  );

export const zoneOut = z
  .strictObject({
    name: nameOut('example.com'),
    serial: serial.nullable().describe('The serial that is live; null before the first publication.'),
    ttl: ttl.nullable().describe("Default for its records; null: the box's."),
    denial,
    zonemd,
    records: z.int().describe('Records in the zone, signatures aside.'),
  })
  .openapi('Zone');

export const zoneDetailOut = z
  .strictObject({
    ...zoneOut.shape,
    warnings: z
      .array(
        z
          .strictObject({
            owner: nameOut('www.example.com'),
            type: z.string().openapi({ example: 'CNAME' }),
            value: z.string().openapi({ example: 'example.net.' }),
            reason: z.string(),
          })
          .openapi('RecordWarning'),
      )
      .describe('Your own records that the zone does not hold, with the reason; the first hundred.'),
    serialWarning: z
      .string()
      .nullable()
      .describe('Said of a serial that a wrong clock sent ahead, with the way back; else null.'),
    zonemdWarning: z
      .string()
      .nullable()
      .describe('Why the digest is left out although `zonemd` asks for it; else null.'),
    signatures: z
      .strictObject({
        validFrom: time('Since when the signature of its keys is valid, one of the oldest.'),
        renewAt: time('When they are renewed next; past: as soon as the box gets to it.'),
        expireAt: time('When the first of them expires, unless they are renewed.'),
      })
      .openapi('SignatureTimes')
      .nullable()
      .describe('The signatures that are served (RRSIG); null when it has none.'),
  })
  .openapi('ZoneDetail');

export const zoneChange = z
  .strictObject({
    ttl: ttl.nullable().optional(),
    denial: denial.optional(),
    zonemd: zonemd.optional(),
  })
  .openapi('ZoneChange', { example: { ttl: 1800 } });

export const zonefileQuery = z.strictObject({
  signed: flag('With DNSKEY, RRSIG and NSEC.'),
  serial: serialText.optional().openapi({ description: 'An earlier version; the live one by default.' }),
});

export const versionOut = z
  .strictObject({
    serial,
    publishedAt: time('When it was published.'),
    cause: z.string().openapi({ example: 'domain example.com added' }),
    actor: z.string().openapi({ example: 'local administrator' }),
    added: z.int().describe('Records that came.'),
    removed: z.int().describe('Records that went.'),
  })
  .openapi('Version');

export const versionPage = pageOf(versionOut).extend({
  since: time('When the oldest version that is kept was published: nothing leads back to before it.'),
});

export const diffQuery = z.strictObject({
  from: serialText.openapi({ description: 'Serial of the older version.' }),
  to: serialText.openapi({ description: 'Serial of the newer version.' }),
  dnssec: flag('With signatures and the NSEC chain.'),
});

export const diffOut = z
  .strictObject({ from: serial, to: serial, items: z.array(diffLineOut) })
  .openapi('Diff');

export const rollbackIn = z
  .strictObject({ serial })
  .openapi('Rollback', { example: { serial: 1_798_718_400 } });

export const serverTrust = z.strictObject({
  name: z.string().min(1, 'Give the name that its certificate is for.').max(253).optional().openapi({
    description: 'What its certificate must be for: `server`, unless there is a pin.',
    example: 'ns1.example.net',
  }),
  pin: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'A pin is the SHA-256 of a public key, in base64.')
    .optional()
    .openapi({ description: 'SHA-256 of its public key in base64; alone it says who the server is.' }),
  ca: z
    .string()
    .max(65_536)
    .regex(/-----BEGIN CERTIFICATE-----/, 'Give certificates in PEM.')
    .optional()
    .openapi({ description: 'CAs that may have issued its certificate, in PEM; else those of the system.' }),
});

const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('zonefile'), text: z.string().min(1, 'Give the text of the zone file.') }),
  z.strictObject({
    kind: z.literal('axfr'),
    server: z
      .string()
      .min(1, 'Give the server to transfer from.')
      .max(253)
      .openapi({ example: '198.51.100.53' }),
    port: z.int().min(1).max(65_535).optional().describe('53 when left out, or 853 with `tls`.'),
    tls: serverTrust
      .optional()
      .describe('Over TLS 1.3 (RFC 9103), and not at all where the server is not the right one.'),
  }),
]);

export const importIn = z
  .strictObject({
    zone: domainName('example.com', 'The zone to import.'),
    from: source,
    dryRun: z.boolean().default(false).describe('Say what would happen, change nothing.'),
    mail: z.boolean().default(true).describe('For a domain that is new: takes part in mail.'),
    web: z.boolean().default(true).describe('For a domain that is new: is served by the web server.'),
  })
  .openapi('Import', {
    example: { zone: 'example.com', from: { kind: 'axfr', server: '198.51.100.53' }, dryRun: true },
  });

const importedRecord = z
  .strictObject({ owner: z.string(), type: z.string(), ttl: ttl.nullable(), value: z.string() })
  .openapi('ImportedRecord');

export const importOut = z
  .strictObject({
    zone: nameOut('example.com'),
    dryRun: z.boolean(),
    imported: z.array(importedRecord).describe('Taken over as your own records.'),
    skipped: z
      .array(z.strictObject({ ...importedRecord.shape, reason: z.string() }).openapi('SkippedRecord'))
      .describe('Left out, with the reason.'),
    serial: serial.nullable().describe('The serial that is live; null for a dry run.'),
  })
  .openapi('ImportResult');

export const rebuiltOut = z
  .strictObject({
    zone: nameOut('example.com'),
    serial,
    mended: z.array(z.string()).describe('What was damaged and is whole again.'),
    lost: z.array(z.string()).describe('What is lost for good.'),
  })
  .openapi('ZoneRebuilt');

export function rebuiltJson({ zone, serial, mended, lost }: Rebuilt): z.infer<typeof rebuiltOut> {
  return { zone: nameText(zone), serial, mended, lost };
}

export const pageOnly = z.strictObject(pageQuery);

export function zoneJson(zone: NonNullable<ReturnType<ZoneService['get']>>): z.infer<typeof zoneOut> {
  const { name, serial, ttl, denial, digest, records } = zone;
  return { name: nameText(name), serial: serial ?? null, ttl: ttl ?? null, denial, zonemd: digest, records };
}

export function zoneDetailJson(
  zone: NonNullable<ReturnType<ZoneService['get']>>,
  warnings: readonly RecordWarning[],
  serialWarning: string | undefined,
  zonemdWarning: string | undefined,
  signatures: SignatureTimes | undefined,
): z.infer<typeof zoneDetailOut> {
  const list = warnings.map(({ owner, type, value, reason }) => ({
    owner: nameText(owner),
    type: typeName(type),
    value,
    reason,
  }));
  return {
    ...zoneJson(zone),
    warnings: list,
    serialWarning: serialWarning ?? null,
    zonemdWarning: zonemdWarning ?? null,
    signatures: signatures ?? null,
  };
}

export function versionJson(version: VersionView): z.infer<typeof versionOut> {
  const { serial, publishedAt, cause, actor, added, removed } = version;
  return { serial, publishedAt, cause, actor, added, removed };
}

export async function importJson(
  request: ImportRequest,
  result: ImportResult,
): Promise<z.infer<typeof importOut>> {
  return {
    zone: nameText(result.zone),
    dryRun: request.dryRun,
    imported: await mapInSlices(result.imported, ({ owner, type, ttl, value }) => ({
      owner,
      type,
      ttl: ttl ?? null,
      value,
    })),
    skipped: await mapInSlices(result.skipped, ({ owner, type, ttl, value, reason }) => ({
      owner,
      type,
      ttl: ttl ?? null,
      value,
      reason,
    })),
    serial: result.published?.serial ?? null,
  };
}
