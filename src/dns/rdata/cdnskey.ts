import { dnskeyForm, type Dnskey } from './dnskey.ts';
import type { RdataType } from './rdata-type.ts';

/** The DNSKEY that a child asks its parent to make a DS of. https://www.rfc-editor.org/rfc/rfc7344#section-3.2 */
export const cdnskey: RdataType<Dnskey> = dnskeyForm(60, 'CDNSKEY');
