import { Type } from '../../dns/type-codes.ts';
import { derivedTextBelow } from '../text.ts';
import { derivedBelow, type DomainRule } from './rule.ts';

/** The path is the well-known one, which redirects to wherever the DAV server keeps its data (RFC 6764 §5). */
export const dav: DomainRule = {
  id: 'dav',
  rfc: 'RFC 6764',
  level: 'optional',
  why: 'Lets calendar and address book programs find the server from the mail address alone.',
  derive: ({ box, davDomains }, { name, mailboxes }) =>
    mailboxes && davDomains.has(name.key)
      ? ['caldav', 'carddav'].flatMap((service) => [
          ...derivedBelow(`_${service}s._tcp`, name, Type.SRV, `0 1 443 ${box.hostname.toString()}`),
          ...derivedTextBelow(`_${service}s._tcp`, name, `path=/.well-known/${service}`),
        ])
      : [],
};
