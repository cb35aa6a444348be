import type { RdataType } from './rdata-type.ts';
import { singleName, type SingleName } from './single-name.ts';

/** Canonical name. https://www.rfc-editor.org/rfc/rfc1035#section-3.3.1 */
export type Cname = SingleName;

export const cname: RdataType<Cname> = singleName(5, 'CNAME', 'canonical name', true);
