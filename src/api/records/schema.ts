import { z } from '@hono/zod-openapi';
import { typeName } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { RecordRequest } from '../../zones/custom/validate.ts';
import type { RecordView } from '../../zones/domains/records.ts';
import type { Published } from '../../zones/publisher/published.ts';
import type { CustomRecordView, WantedRecords } from '../../zones/records/service.ts';
import { diffLineOut } from '../diff-line.ts';
import { domainName, nameOut, nameText, ownerName, pageQuery, serial, ttl } from '../fields.ts';
import { longList } from '../long-list.ts';
import { mapInSlices } from '../map-in-slices.ts';

/** The mnemonic of a type; whether it is one is the service's to say. */
const type = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,31}$/, 'A record type is a word such as A, MX or TYPE65280.')
  .transform((text) => text.toUpperCase())
  .openapi({ type: 'string', example: 'A' });
const value = z
  .string()
  .min(1, 'Give the value as a zone file has it.')
  .max(70_000, 'A record has at most 65,535 octets.')
  .openapi({
    example: '192.0.2.1',
    description: 'As in a zone file; `local` with A and AAAA for the addresses of the box.',
  });

const owner = ownerName('www.example.com', 'The full name, without final dot; `*.` in front for a wildcard.');

export const recordOut = z
  .strictObject({
    owner: nameOut('example.com'),
    type: z.string().openapi({ example: 'MX' }),
    ttl,
    value: z.string().openapi({ example: '10 box.example.com.' }),
    source: z.enum(['derived', 'custom', 'acme', 'update']).describe('Who made it.'),
    why: z.string().describe('What it is for, in a sentence.'),
    level: z.enum(['required', 'recommended', 'optional']),
    rfc: z.string().nullable().openapi({ example: 'RFC 5321' }),
  })
  .openapi('Record');

export const customRecordOut = z
  .strictObject({
    id: z.string(),
    zone: nameOut('example.com'),
    owner: nameOut('www.example.com'),
    type: z.string().openapi({ example: 'A' }),
    ttl: ttl.nullable().describe('As written; null: the default.'),
    effectiveTtl: ttl.describe('As served, in seconds.'),
    value: z.string().openapi({ example: '192.0.2.1' }),
    warning: z
      .string()
      .nullable()
      .describe('Why the zone does not hold it, in a sentence; null: it is served.'),
  })
  .openapi('CustomRecord');

/** A record of a request with its owner read: what is checked and what is written are the same name. */
export interface OwnedRecord extends RecordRequest {
  name: Name;
}

const recordIn = z
  .strictObject({ owner, type, ttl: ttl.nullable().optional(), value })
  .transform(({ owner, type, ttl, value }): OwnedRecord => ({
    name: owner,
    owner: owner.toText(),
    type,
    value,
    ttl: ttl ?? undefined,
  }))
  .openapi('NewRecord', { example: { owner: 'www.example.com', type: 'A', ttl: 300, value: '192.0.2.1' } });

const MAX_RECORDS = 10_000;

/** One record, or many that stand or fall together. */
export const recordsIn = z
  .union([
    recordIn,
    z
      .strictObject({
        records: longList(recordIn, {
          name: 'NewRecord',
          max: MAX_RECORDS,
          none: 'Give at least one record.',
          many: `One request changes at most ${MAX_RECORDS.toLocaleString('en')} records. Split it.`,
        }),
      })
      .openapi('NewRecords'),
  ])
  .openapi({ example: { owner: 'www.example.com', type: 'A', ttl: 300, value: '192.0.2.1' } });

const MAX_PREVIEWED = 1000;
const previewed = z
  .array(recordIn)
  .min(1)
  .max(MAX_PREVIEWED, `A preview is of at most ${MAX_PREVIEWED.toLocaleString('en')} records.`);
const whichIn = z.union([
  z.strictObject({ id: z.string().min(1).max(64) }),
  z.strictObject({ owner, type: type.optional(), value: value.optional() }),
]);

/** One of the three ways in which records change. */
export const previewIn = z
  .union([
    z.strictObject({ add: previewed }),
    z.strictObject({ replace: previewed }),
    z.strictObject({ remove: whichIn }),
  ])
  .openapi('RecordsPreview', {
    example: { add: [{ owner: 'www.example.com', type: 'A', ttl: 300, value: '192.0.2.1' }] },
  });

export const previewOut = z
  .strictObject({
    zone: nameOut('example.com'),
    changes: z
      .array(diffLineOut)
      .describe('What would come and go, SOA and DNSSEC left out; empty: the zone would stay as it is.'),
  })
  .openapi('RecordsPreviewed');

export const changedOut = z
  .strictObject({ records: z.array(customRecordOut), zone: nameOut('example.com'), serial })
  .openapi('RecordsChanged');

export const recordsRemovedOut = z
  .strictObject({
    removed: z.int().describe('How many records went.'),
    zone: nameOut('example.com'),
    serial: serial.nullable().describe('The serial that is live; null when nothing changed.'),
  })
  .openapi('RecordsRemoved');

export const zoneParam = z.strictObject({ zone: domainName('example.com', 'A zone of the box.') });
export const recordParam = zoneParam.extend({ id: z.string().min(1).max(64) });
export const recordsQuery = z.strictObject({ ...pageQuery, owner: owner.optional(), type: type.optional() });
export const removeQuery = z.strictObject({ owner, type: type.optional(), value: value.optional() });
export const pageOnly = z.strictObject(pageQuery);

export function recordsOf(input: z.infer<typeof recordsIn>): OwnedRecord[] {
  return 'records' in input ? input.records : [input];
}

export function recordJson(view: RecordView): z.infer<typeof recordOut> {
  const { type, ttl, value, source, why, level } = view;
  return { owner: nameText(view.owner), type, ttl, value, source, why, level, rfc: view.rfc ?? null };
}

export function customRecordJson(view: CustomRecordView): z.infer<typeof customRecordOut> {
  const { id, effectiveTtl, value } = view;
  const names = { zone: nameText(view.zone), owner: nameText(view.owner) };
  const type = typeName(view.type);
  return { id, ...names, type, ttl: view.ttl ?? null, effectiveTtl, value, warning: view.warning ?? null };
}

export async function changedJson(change: {
  records: CustomRecordView[];
  published: Published;
}): Promise<z.infer<typeof changedOut>> {
  const { zone, serial } = change.published;
  const records = await mapInSlices(change.records, customRecordJson);
  return { records, zone: nameText(zone), serial };
}

/** What a preview is of, and the records that it names: one that is removed by its id is found by the handler. */
export function wantedOf(input: z.infer<typeof previewIn>): {
  wanted: WantedRecords;
  named: { name: Name }[];
} {
  if ('add' in input) return { wanted: { add: input.add }, named: input.add };
  if ('replace' in input) return { wanted: { replace: input.replace }, named: input.replace };
  const { remove } = input;
  if ('id' in remove) return { wanted: { remove }, named: [] };
  const which = { ...remove, owner: remove.owner.toText() };
  return { wanted: { remove: which }, named: [{ name: remove.owner }] };
}
