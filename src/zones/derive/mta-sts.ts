import { mx } from '../../dns/rdata/mx.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import { boxAddresses } from '../box-names.ts';
import { resolveCustom } from '../custom/resolve.ts';
import { derivedTextBelow } from '../text.ts';
import { below, type DomainRule, type RuleInput, type Subject } from './rule.ts';

/** Not when the person leads the mail elsewhere: the policy served names H, and mail would be refused (mailinabox#1782). */
export const mtaSts: DomainRule = {
  id: 'mta-sts',
  rfc: 'RFC 8461',
  level: 'recommended',
  why: 'Tells other mail servers that mail for this domain must be delivered over verified TLS.',
  derive: (input, domain) => {
    const id = domain.mail ? input.mtaStsPolicies.get(domain.name.key) : undefined;
    const owner = below('mta-sts', domain.name);
    if (id === undefined || !owner || mailGoesElsewhere(input, domain)) return [];
    return [
      ...derivedTextBelow('_mta-sts', domain.name, `v=STSv1; id=${id}`),
      ...boxAddresses(input.box, owner),
    ];
  },
};

function mailGoesElsewhere(input: RuleInput, domain: Subject): boolean {
  return input
    .customAt(domain.name)
    .filter((record) => record.type === Type.MX)
    .flatMap((record) => resolveCustom(record, input.box))
    .some((rdata) => !fromWire(mx, rdata).exchange.equals(input.box.hostname));
}
