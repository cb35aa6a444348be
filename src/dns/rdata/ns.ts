import type { RdataType } from './rdata-type.ts';
import { singleName, type SingleName } from './single-name.ts';

/** Authoritative nameserver. https://www.rfc-editor.org/rfc/rfc1035#section-3.3.11 */
export type Ns = SingleName;

export const ns: RdataType<Ns> = singleName(2, 'NS', 'nameserver', true);
