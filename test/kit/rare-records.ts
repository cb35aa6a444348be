import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceRecord } from '../../src/dns/rr.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { zoneRecords } from './test-zone.ts';

const zones = join(import.meta.dirname, '../vectors/zones');

/** Records of example.com of every type that few zones have, in each of their forms. */
export function rareRecords(): ResourceRecord[] {
  const usual: readonly number[] = [Type.SOA, Type.NS, Type.A];
  return ['rare-types.zone', 'bind-types.zone']
    .flatMap((file) => zoneRecords(readFileSync(join(zones, file), 'utf8')).records)
    .filter(({ type }) => !usual.includes(type));
}
