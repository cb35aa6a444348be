import type { RdataType } from './rdata-type.ts';
import { tlsaForm, type Tlsa } from './tlsa.ts';

/** Certificate association of a mailbox for S/MIME. https://www.rfc-editor.org/rfc/rfc8162#section-2 */
export const smimea: RdataType<Tlsa> = tlsaForm(53, 'SMIMEA');
