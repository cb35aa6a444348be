import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { derivedBelow, type DomainRule } from './rule.ts';

/** IMAP before POP3, implicit TLS before STARTTLS (RFC 8314 §3, RFC 6186 §3.4: the lowest priority is the best offer). */
const OFFERED: readonly [service: string, priority: number, port: number][] = [
  ['_imaps', 0, 993],
  ['_pop3s', 10, 995],
  ['_submissions', 0, 465],
  ['_submission', 10, 587],
  ['_sieve', 0, 4190],
];
/** A target of `.` says: not here (RFC 2782, RFC 6186 §3.4). */
const NOT_OFFERED = ['_imap', '_pop3'] as const;

export const clientServices: DomainRule = {
  id: 'services',
  rfc: 'RFC 6186, RFC 8314',
  level: 'recommended',
  why: 'Tells mail programs where to fetch and send mail, and that they should not try without encryption.',
  derive: ({ box }, { name, mailboxes }) => (mailboxes ? serviceRecords(name, box.hostname) : []),
};

function serviceRecords(name: Name, hostname: Name) {
  return [
    ...OFFERED.flatMap(([service, priority, port]) =>
      derivedBelow(`${service}._tcp`, name, Type.SRV, `${priority} 1 ${port} ${hostname.toString()}`),
    ),
    ...NOT_OFFERED.flatMap((service) => derivedBelow(`${service}._tcp`, name, Type.SRV, '0 0 0 .')),
  ];
}
