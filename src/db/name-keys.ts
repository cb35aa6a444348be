import { and, gte, lt } from './drizzle.ts';
import type { Name } from '../dns/wire/name.ts';
import type { customRecordChanges, customRecords } from './schema/zones.ts';

/** Before every key. */
export const NO_KEY = new Uint8Array(0);

/** The key under which a name is stored. */
export function keyOf(name: Name): Buffer {
  return Buffer.from(name.sortKey);
}

/** The first key behind this one. */
export function afterKey(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}

/** From a name to behind all below it: a sort key ends in 0x00, and is a prefix of those of its descendants. */
export function rangeOf(name: Name): { key: Buffer; end: Buffer } {
  const end = keyOf(name);
  end[end.length - 1] = 1;
  return { key: keyOf(name), end };
}

type KeyColumn = typeof customRecords.ownerKey | typeof customRecordChanges.ownerKey;

/** The rows of a column at or below a name. */
export function inSubtree(column: KeyColumn, name: Name) {
  const { key, end } = rangeOf(name);
  return and(gte(column, key), lt(column, end));
}
