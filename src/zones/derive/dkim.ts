import { derivedTextBelow } from '../text.ts';
import type { DkimRecordKey } from '../model.ts';
import type { DomainRule } from './rule.ts';

/** What the record of a key says. */
export function dkimText({ algorithm, publicKey }: Pick<DkimRecordKey, 'algorithm' | 'publicKey'>): string {
  return `v=DKIM1; k=${algorithm}; p=${publicKey}`;
}

/** An empty `p=` revokes the key (RFC 6376 §3.6.1); `k=ed25519` is RFC 8463. */
export const dkim: DomainRule = {
  id: 'dkim',
  rfc: 'RFC 6376, RFC 8463',
  level: 'required',
  why: 'Holds the public key with which receivers check that mail from this domain is genuine and unaltered.',
  derive: ({ dkimKeys }, { name, mail }) =>
    mail
      ? dkimKeys
          .filter((key) => key.domain.equals(name))
          .flatMap((key) => derivedTextBelow(`${key.selector}._domainkey`, name, dkimText(key)))
      : [],
};
