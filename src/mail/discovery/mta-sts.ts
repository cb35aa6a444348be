import { createHash } from 'node:crypto';
import type { Name } from '../../dns/wire/name.ts';

/** What senders are to expect of a domain's mail servers (RFC 8461 §3.2). */
export interface MtaStsPolicy {
  /** Not empty, but for `none`. */
  mx: readonly Name[];
  mode: 'enforce' | 'testing' | 'none';
  /** Seconds, at most 31557600. */
  maxAge: number;
}

/** RFC 8461 §3.2: about a year. */
const MAX_AGE_LIMIT = 31_557_600;
const WEEK = 604_800;

/** All mail comes to the box itself. Weeks are what RFC 8461 §3.2 expects. */
export function boxPolicy(hostname: Name): MtaStsPolicy {
  return { mx: [hostname], mode: 'enforce', maxAge: WEEK };
}

/** The policy as served, in lines that end with CRLF. @throws RangeError for a policy that no sender could follow */
export function mtaStsPolicy({ mx, mode, maxAge }: MtaStsPolicy): string {
  if (!Number.isInteger(maxAge) || maxAge < 0 || maxAge > MAX_AGE_LIMIT)
    throw new RangeError(`max_age ${maxAge}`);
  if (mx.length === 0 && mode !== 'none') throw new RangeError(`mode ${mode} without mx`);
  const lines = [
    'version: STSv1',
    `mode: ${mode}`,
    ...mx.map((name) => `mx: ${name.canonical().toText()}`),
    `max_age: ${maxAge}`,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Changes with the policy and with nothing else: 32 alphanumerics for the TXT record (RFC 8461 §3.1). */
export function mtaStsPolicyId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
