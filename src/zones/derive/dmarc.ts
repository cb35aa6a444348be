import { derivedTextBelow } from '../text.ts';
import type { DomainRule } from './rule.ts';

/**
 * RFC 9989, which obsoletes RFC 7489: the record reads the same to both (`v=` first, then `p=`; no `pct`, `rf`, `ri`, which 9989
 * removed). Reports go to H, which allows that in {@link file://./dmarc-reports.ts}.
 */
export const dmarc: DomainRule = {
  id: 'dmarc',
  rfc: 'RFC 9989',
  level: 'recommended',
  why: 'Asks receivers to treat forged mail from this domain as spam and to report what they saw.',
  derive: ({ box }, { name, mail }) =>
    mail
      ? derivedTextBelow(
          '_dmarc',
          name,
          `v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@${box.hostname.toText()}`,
        )
      : [],
};
