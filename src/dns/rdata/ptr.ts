import type { RdataType } from './rdata-type.ts';
import { singleName, type SingleName } from './single-name.ts';

/** Pointer, mostly from an address to a name. https://www.rfc-editor.org/rfc/rfc1035#section-3.3.12 */
export type Ptr = SingleName;

export const ptr: RdataType<Ptr> = singleName(12, 'PTR', 'target', true);
