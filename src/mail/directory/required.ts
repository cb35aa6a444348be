import { Name } from '../../dns/wire/name.ts';
import type { Box } from '../../zones/model.ts';
import type { Reads } from '../../zones/store.ts';
import { domainOf, localOf, parseTarget } from '../address.ts';

/** Local parts that every mail domain answers at (RFC 2142 §§2, 4). */
const OF_DOMAINS = ['postmaster', 'abuse'];
/** Those of the box's own name besides: the SOA record names hostmaster (RFC 1035 §3.3.13), and programs of the machine write to root. */
const OF_THE_BOX = [...OF_DOMAINS, 'hostmaster', 'admin', 'root'];

/** What is asked of the zones: which domains take mail. */
export type MailDomains = Pick<Reads, 'box' | 'domain'>;

/** Whether the box takes mail for the domain: its mail domains, and its own name, at which its owner is reached. */
export function takesMail(reads: MailDomains, domain: Name): boolean {
  return reads.domain(domain)?.mail === true || isHostname(reads, domain);
}

export function isHostname(reads: MailDomains, domain: Name): boolean {
  return reads.box()?.hostname.equals(domain) === true;
}

/** The addresses at a domain that are there by themselves. */
export function requiredAt(reads: MailDomains, domain: Name): string[] {
  if (!takesMail(reads, domain)) return [];
  const locals = isHostname(reads, domain) ? OF_THE_BOX : OF_DOMAINS;
  return locals.map((local) => `${local}@${domain.canonical().toText()}`);
}

/**
 * Where the address leads by itself, when it is a required one that nobody put a mailbox or an alias at (`isOwn`): from the domains to the
 * box's own name, and from there to its administrator, so that another administrator is one change, however many domains there are.
 * Undefined: it is none, or the box has no address for its administrator.
 */
export function requiredTarget(
  reads: MailDomains,
  address: string,
  isOwn: (address: string) => boolean,
): string | undefined {
  const domain = Name.parse(domainOf(address));
  const box = reads.box();
  if (!box || isOwn(address) || !requiredAt(reads, domain).includes(address)) return undefined;
  if (!isHostname(reads, domain)) return `${localOf(address)}@${box.hostname.canonical().toText()}`;
  const target = administrator(reads, box);
  // It would lead to itself, or to another of them.
  const isLoop = target !== undefined && !isOwn(target) && requiredAt(reads, domain).includes(target);
  return isLoop ? undefined : target;
}

function administrator(reads: MailDomains, { adminEmail }: Pick<Box, 'adminEmail'>): string | undefined {
  if (adminEmail === undefined) return undefined;
  const result = parseTarget(adminEmail, (domain) => takesMail(reads, domain));
  return result.ok ? result.address.text : undefined;
}
