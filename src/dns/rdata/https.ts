import type { RdataType } from './rdata-type.ts';
import { svcbForm, type Svcb } from './svcb.ts';

/** Service binding of HTTP origins. https://www.rfc-editor.org/rfc/rfc9460#section-9 */
export const https: RdataType<Svcb> = svcbForm(65, 'HTTPS');
