import { Type } from '../../dns/type-codes.ts';
import { derived, type DomainRule } from './rule.ts';

export const mx: DomainRule = {
  id: 'mx',
  rfc: 'RFC 5321',
  level: 'required',
  why: 'Tells other mail servers to deliver mail for this domain to the box.',
  derive: ({ box }, { name, mail }) =>
    mail ? [derived(name, Type.MX, `10 ${box.hostname.toString()}`)] : [],
};
