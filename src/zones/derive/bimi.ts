import { derivedTextBelow } from '../text.ts';
import type { DomainRule } from './rule.ts';

export const bimi: DomainRule = {
  id: 'bimi',
  rfc: 'draft-brand-indicators-for-message-identification',
  level: 'optional',
  why: 'Names the logo that mail programs may show beside genuine mail from this domain.',
  derive: ({ bimiLogos }, { name, mail }) => {
    const logo = mail ? bimiLogos.get(name.key) : undefined;
    return logo === undefined ? [] : derivedTextBelow('default._bimi', name, `v=BIMI1; l=${logo}; a=;`);
  },
};
