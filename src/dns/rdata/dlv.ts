import { dsForm, type Ds } from './ds.ts';
import type { RdataType } from './rdata-type.ts';

/** DNSSEC look-aside validation, which RFC 8749 made historic. https://www.rfc-editor.org/rfc/rfc4431#section-2 */
export const dlv: RdataType<Ds> = dsForm(32_769, 'DLV');
