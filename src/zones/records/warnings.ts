import { Name } from '../../dns/wire/name.ts';
import { leftOut, reasonLeftOut } from '../left-out.ts';
import type { Box, CustomRecord } from '../model.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import type { Reads, ZoneRow } from '../store.ts';
import { recordContext } from './context.ts';

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

/** Why the served version of a zone does not hold some of these records of it, by their ids; at most `limit`. */
export function warningsOf(
  { reads, publisher, sources }: WarningOptions,
  zone: ZoneRow,
  box: Box,
  records: readonly CustomRecord[],
  limit = Infinity,
): Map<string, string> {
  const missing = leftOut(records, publisher.view(zone.name), box).slice(0, limit);
  if (missing.length === 0) return new Map();
  const owners = missing.map(({ owner }) => owner);
  const context = recordContext(reads, sources, box, zone, owners);
  return new Map(missing.map((record) => [record.id, reasonLeftOut(record, context)]));
}
