import { Type } from '../../dns/type-codes.ts';
import { boxAddresses } from '../box-names.ts';
import { below, derivedBelow, type DomainRule } from './rule.ts';

/** The SRV leads to H, whose certificate is valid whatever happens to this domain's own. */
export const autoconfig: DomainRule = {
  id: 'autoconfig',
  rfc: 'RFC 2782',
  level: 'recommended',
  why: 'Lets mail programs (Thunderbird, Outlook and others) set themselves up from the address alone.',
  derive: ({ box }, { name, mailboxes }) => {
    if (!mailboxes) return [];
    const owners = [below('autoconfig', name), below('autodiscover', name)];
    return [
      ...owners.flatMap((owner) => (owner ? boxAddresses(box, owner) : [])),
      ...derivedBelow('_autodiscover._tcp', name, Type.SRV, `0 0 443 ${box.hostname.toString()}`),
    ];
  },
};
