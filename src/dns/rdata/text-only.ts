import type { RdataType } from './rdata-type.ts';
import { txtForm, type Txt } from './txt.ts';

/**
 * Types with the form of TXT: RFC 7208 §14.1 (SPF, which was given up for TXT), draft-reid-dnsext-zs (NINFO), the AVC template of IANA,
 * RFC 9606 §3 (RESINFO) and the WALLET template of IANA.
 */
export const textOnlyTypes: readonly RdataType<Txt>[] = [
  txtForm(56, 'NINFO'),
  txtForm(99, 'SPF'),
  txtForm(258, 'AVC'),
  txtForm(261, 'RESINFO'),
  txtForm(262, 'WALLET'),
];
