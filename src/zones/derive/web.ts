import { Type } from '../../dns/type-codes.ts';
import { boxAddresses } from '../box-names.ts';
import { below, derived, type DomainRule } from './rule.ts';

export const web: DomainRule = {
  id: 'web',
  rfc: 'RFC 1035, RFC 9460',
  level: 'optional',
  why: 'Leads browsers to the web server of the box, by HTTPS from the first request on.',
  derive: ({ box }, domain) => {
    if (!domain.web) return [];
    return [domain.name, below('www', domain.name)].flatMap((owner) =>
      owner ? [...boxAddresses(box, owner), derived(owner, Type.HTTPS, '1 .')] : [],
    );
  },
};
