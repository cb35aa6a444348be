import { dsForm, type Ds } from './ds.ts';
import type { RdataType } from './rdata-type.ts';

/** The DS that a child asks its parent for; `0 0 0 00` asks for none. https://www.rfc-editor.org/rfc/rfc8078#section-4 */
export const cds: RdataType<Ds> = dsForm(59, 'CDS');
