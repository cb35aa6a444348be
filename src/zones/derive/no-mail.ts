import { rdataFromText } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { derivedText, textRdata } from '../text.ts';
import { below, type Derived } from './rule.ts';

const NULL_MX = rdataFromText(Type.MX, '0 .');
const NO_SENDER = textRdata('v=spf1 -all');

const text = {
  id: 'no-mail',
  level: 'recommended',
  why: 'This name has an address but no mail: says so, so that nobody can forge mail from it.',
} as const;

/**
 * What a name with an address but without mail gets: a null MX and an SPF that no sender passes. For a wildcard too: the names
 * that it makes up inherit them. Not for names such as `_x`, which no mail address can hold (RFC 5321 §4.1.2).
 */
export const noMail = {
  ...text,
  rfc: 'RFC 7505, RFC 7208',
  derive: (owner: Name): Derived[] =>
    isMailName(owner)
      ? [
          { owner, type: Type.MX, rdata: NULL_MX },
          { owner, type: Type.TXT, rdata: NO_SENDER },
        ]
      : [],
};

/** DMARC reject for that name. `_dmarc.*.x` would be no wildcard (RFC 4592 §2.1.1), so a wildcard has none: the policy of the zone covers it. */
export const noMailDmarc = {
  ...text,
  rfc: 'RFC 9989',
  derive: (name: Name): Derived[] => {
    const owner = below('_dmarc', name);
    return owner && isMailName(name) && !name.isWildcard ? [derivedText(owner, 'v=DMARC1; p=reject')] : [];
  },
};

function isMailName(name: Name): boolean {
  return name.wire[1] !== 0x5f;
}
