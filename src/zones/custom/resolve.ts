import { rdataFromText } from '../../dns/rdata/registry.ts';
import { RdataError } from '../../dns/rdata/tokens.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Box, CustomRecord } from '../model.ts';

/** The value that stands for the box's own addresses. */
export const LOCAL = 'local';

/**
 * The rdata of a person's record: one, or for `local` one for each address of the box. Empty for a value that does not read:
 * it was checked when it came in, and a stricter later version must not take the whole zone down for it.
 */
export function resolveCustom(record: Pick<CustomRecord, 'type' | 'value'>, box: Box): Uint8Array[] {
  return record.value === LOCAL ? localAddresses(record.type, box) : readCustom(record);
}

/** The same of a value that does not depend on the box. */
export function readCustom({ type, value }: Pick<CustomRecord, 'type' | 'value'>): Uint8Array[] {
  try {
    return [rdataFromText(type, value)];
  } catch (error) {
    if (error instanceof RdataError) return [];
    throw error;
  }
}

function localAddresses(type: number, box: Box): Uint8Array[] {
  if (type === Type.A) return box.ipv4.map((address) => rdataFromText(type, address));
  return type === Type.AAAA ? box.ipv6.map((address) => rdataFromText(type, address)) : [];
}
