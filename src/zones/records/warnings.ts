import type { Steps } from '../../core/slices.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { leftOutOf, reasonLeftOut } from '../left-out.ts';
import type { Box, CustomRecord } from '../model.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import type { Reads, ZoneRow } from '../store.ts';
import { pointersTo, recordContext } from './context.ts';

/** A custom record that its zone does not hold, with the reason in a sentence. */
export interface RecordWarning {
  owner: Name;
  type: number;
  value: string;
  reason: string;
}

export interface WarningOptions {
  reads: Reads;
  publisher: Pick<Publisher, 'view'>;
  sources: RecordSources;
}

/** Records of a zone that are read in one go. */
const PAGE = 500;

/** Why the served version of a zone does not hold some of these records of it, by their ids. */
export function* warningsOf(
  options: WarningOptions,
  zone: ZoneRow,
  box: Box,
  records: readonly CustomRecord[],
): Steps<Map<string, string>> {
  const isLeftOut = leftOutOf(options.publisher.view(zone.name), box);
  const missing: CustomRecord[] = [];
  for (const record of records) {
    if (isLeftOut(record)) missing.push(record);
    yield;
  }
  const found = new Map<string, string>();
  for (const { record, reason } of yield* reasons(options, zone, box, missing)) found.set(record.id, reason);
  return found;
}

/** What the person wrote and the zone does not hold, in the order of owners; the first `limit`. */
export function* warnings(
  options: WarningOptions,
  zone: ZoneRow,
  box: Box,
  limit: number,
): Steps<RecordWarning[]> {
  const missing: CustomRecord[] = [];
  let page: CustomRecord[];
  let after: CustomRecord | undefined;
  do {
    page = options.reads.recordsBelow(zone.name, { after, limit: PAGE });
    after = page.at(-1);
    const isLeftOut = leftOutOf(options.publisher.view(zone.name), box);
    for (const record of page) {
      if (isLeftOut(record)) missing.push(record);
      yield;
    }
  } while (page.length === PAGE && missing.length < limit);
  const found = yield* reasons(options, zone, box, missing.slice(0, limit));
  return found.map(({ record: { owner, type, value }, reason }) => ({ owner, type, value, reason }));
}

function* reasons(
  { reads, sources }: WarningOptions,
  zone: ZoneRow,
  box: Box,
  missing: readonly CustomRecord[],
): Steps<{ record: CustomRecord; reason: string }[]> {
  if (missing.length === 0) return [];
  const aliases = missing.filter(({ type }) => type === Type.CNAME).map(({ owner }) => owner);
  const context = recordContext(reads, sources, box, zone, yield* pointersTo(reads, zone.name, aliases));
  const found: { record: CustomRecord; reason: string }[] = [];
  for (const record of missing) {
    found.push({ record, reason: reasonLeftOut(record, context) });
    yield;
  }
  return found;
}
