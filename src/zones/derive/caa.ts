import { quoteText } from '../../dns/rdata/tokens.ts';
import { Type } from '../../dns/type-codes.ts';
import type { ZoneInput } from '../model.ts';
import { derived, type ZoneRule } from './rule.ts';

/** CAs climb the tree to the nearest CAA (RFC 8659 §3), so one set at the apex covers every name of the zone. */
export const caa: ZoneRule = {
  id: 'caa',
  rfc: 'RFC 8659, RFC 8657',
  level: 'recommended',
  why: 'Lets only the box get certificates for these names: no other authority, account or method may issue one.',
  derive: (input) => {
    const issuer = issuerText(input);
    if (issuer === undefined) return [];
    const { adminEmail } = input.box;
    return [
      derived(input.zone.name, Type.CAA, `0 issue ${issuer}`),
      derived(input.zone.name, Type.CAA, `0 issuewild ${issuer}`),
      ...(adminEmail === undefined
        ? []
        : [derived(input.zone.name, Type.CAA, `0 iodef ${quoted(`mailto:${adminEmail}`)}`)]),
    ];
  },
};

/** Until there is an account, every account of the CA may issue: the first order must not be refused. */
function issuerText({ box, acmeAccountUri, acmeCaaIdentities: identities }: ZoneInput): string | undefined {
  // One name of a CA's is enough for it, whichever (RFC 8555 §7.1.1). As long as it has said none, any other would shut it out.
  const issuer = box.caaIssuer === 'auto' ? identities[0] : box.caaIssuer;
  if (issuer === undefined) return undefined;
  // Another CA than the one in use has no such account (RFC 8657 §3), and its own ways to look.
  if (identities.length > 0 && !identities.includes(issuer.toLowerCase())) return quoted(issuer);
  const account = isValue(acmeAccountUri) ? `; accounturi=${acmeAccountUri}` : '';
  return quoted(`${issuer}; validationmethods=dns-01${account}`);
}

/** RFC 8659 §4.2: a semicolon would end the value, and no CA could read what stands behind. */
function isValue(uri: string | undefined): uri is string {
  return uri !== undefined && /^[!-:<-~]+$/.test(uri);
}

function quoted(text: string): string {
  return quoteText(Buffer.from(text, 'utf8'));
}
