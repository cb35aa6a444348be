import type { RdataType } from './rdata-type.ts';
import { rrsigForm, type Rrsig } from './rrsig.ts';

/** Signature of RFC 2535, before there was RRSIG; SIG(0) still has it (RFC 2931). https://www.rfc-editor.org/rfc/rfc2535#section-4.1 */
export const sig: RdataType<Rrsig> = rrsigForm(24, 'SIG', true);
