import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { textKind } from '../text.ts';

/** Below a mail domain, where mail programs and other servers look for its mail service. */
const SERVICE_OWNERS: ReadonlySet<string> = new Set([
  ...['autoconfig', 'autodiscover', 'mta-sts', '_mta-sts'],
  ...['_autodiscover', '_imap', '_imaps', '_pop3', '_pop3s', '_submission', '_submissions', '_sieve'].map(
    (service) => `${service}._tcp`,
  ),
]);

/**
 * Why a record of the former provider would lead mail, or mail programs, away from the box; undefined when it would not.
 * DKIM keys stay, as mail signed with them is still under way and other senders have theirs; so do DMARC, TLS-RPT and
 * BIMI, which are the domain's policy and name no server.
 */
export function oldMailService(
  { owner, type, rdata }: { owner: Name; type: number; rdata: Uint8Array },
  domain: Name,
): string | undefined {
  if (owner.equals(domain)) return atDomain(type, rdata);
  if (!owner.isAtOrBelow(domain)) return undefined;
  const labels = owner.labels().slice(0, owner.labelCount - domain.labelCount);
  const front = labels.map((label) => Buffer.from(label).toString('latin1').toLowerCase()).join('.');
  return SERVICE_OWNERS.has(front)
    ? 'It leads mail programs or servers to the former mail service; the box derives its own records there.'
    : undefined;
}

function atDomain(type: number, rdata: Uint8Array): string | undefined {
  if (type === Type.MX) return 'The box receives the mail of this domain now and derives its own MX record.';
  if (type === Type.TXT && textKind(rdata) === 'v=spf1')
    return 'The box sends the mail of this domain now and derives its own SPF record; if others send for it too, add one that names both.';
  return undefined;
}
