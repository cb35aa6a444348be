import { Type } from '../../dns/type-codes.ts';
import type { SourcedRecord, ZoneInput } from '../model.ts';
import { textRdata } from '../text.ts';

/** Seconds: the next order's answer stands at the same name, and a resolver must not know only the last one. */
const TTL = 1;

/** Several stand side by side, and beside a person's own, as each order looks for one value among all (RFC 8555 §8.4). */
export function acmeChallenges({ acmeChallenges: challenges }: ZoneInput): SourcedRecord[] {
  return challenges.map(({ owner, value }) => ({
    owner,
    type: Type.TXT,
    ttl: TTL,
    rdata: textRdata(value),
    source: 'acme',
    why: 'Shows the certification authority that the box may have a certificate for this name; it goes when that is done.',
    level: 'required',
    rfc: 'RFC 8555',
  }));
}
