import { derivedTextBelow } from '../text.ts';
import type { DomainRule } from './rule.ts';

export const tlsRpt: DomainRule = {
  id: 'tls-rpt',
  rfc: 'RFC 8460',
  level: 'recommended',
  why: 'Asks other mail servers to report when they could not deliver to this domain over verified TLS.',
  derive: ({ box }, { name, mail }) =>
    mail
      ? derivedTextBelow('_smtp._tls', name, `v=TLSRPTv1; rua=mailto:tls-reports@${box.hostname.toText()}`)
      : [],
};
