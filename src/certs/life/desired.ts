import type { Name } from '../../dns/wire/name.ts';
import { below } from '../../zones/derive/rule.ts';
import type { Box, Domain } from '../../zones/model.ts';
import type { CertificateName, CertificateView } from '../model.ts';

export interface Desired {
  names: readonly CertificateName[];
  purpose: CertificateView['purpose'];
  /** The lower, the earlier its turn. */
  rank: number;
}

/** The box first: programs of all domains speak to it. */
export const ranks = { box: 0, mail: 1, requested: 1, domain: 2 } as const;

/** One for H, and for its policy host. */
export function desiredForBox(box: Pick<Box, 'hostname'>): Desired {
  const hostname = box.hostname.canonical().toText();
  return { names: [hostname, `mta-sts.${hostname}`], purpose: { kind: 'box' }, rank: ranks.box };
}

/** The names of a domain's own certificate. */
export function domainNames(name: Name): CertificateName[] {
  const text = name.canonical().toText();
  return [text, `*.${text}`];
}

/** None for a domain that is served elsewhere. */
export function desiredForDomain({ name, dns, mail }: Domain): Desired[] {
  // A name of which the CA's question would be too long is served without.
  if (dns !== 'local' || !below('_acme-challenge', name)) return [];
  const purpose = { kind: 'domain' as const, domain: name };
  return [{ names: domainNames(name), purpose, rank: mail ? ranks.mail : ranks.domain }];
}
