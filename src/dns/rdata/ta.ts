import { dsForm, type Ds } from './ds.ts';
import type { RdataType } from './rdata-type.ts';

/** Trust anchor of a zone, published elsewhere than in its parent (draft-weiler-dnssec-dlv). */
export const ta: RdataType<Ds> = dsForm(32_768, 'TA');
