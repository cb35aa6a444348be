import { Name } from '../dns/wire/name.ts';
import { displayName, isHostName, parseDomainName } from '../zones/names.ts';

/** An address of mail, as it is kept. */
export interface Address {
  /** `local@domain`, or `@domain` for all of it. */
  text: string;
  /** Empty for all of the domain. */
  local: string;
  /** In lower case, in A-labels. */
  domain: Name;
}

export type AddressResult = { ok: true; address: Address } | { ok: false; message: string };

/** RFC 5322 §3.2.3, without the slash, which file systems part paths by. */
const DOT_ATOM = /^[a-z0-9!#$%&'*+=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+=?^_`{|}~-]+)*$/i;
/** What Dovecot takes in the name of a user, and every file system in that of a folder. */
const PLAIN = /^[a-z0-9_](?:[a-z0-9_-]|\.(?!\.))*$/;
/** Octets: RFC 5321 §4.5.3.1.1. */
const LOCAL_MAX = 64;
/** RFC 5321 §4.5.3.1.3: a path of 256 octets has two for its brackets. */
const ADDRESS_MAX = 254;

/** The address of a mailbox here: in lower case, since none of ours tells cases apart. */
export function parseMailboxAddress(text: string): AddressResult {
  const result = parseAddress(text);
  if (!result.ok) return result;
  const { local, domain } = result.address;
  const lower = local.toLowerCase();
  if (lower.includes('+'))
    return bad(
      `"${local}" has a +: what follows it is the sender's choice, and comes to ${lower.replace(/\+.*/, '') || 'the name'} before it`,
    );
  if (!PLAIN.test(lower) || lower.endsWith('.'))
    return bad(
      `"${local}" cannot be the name of a mailbox: only letters a to z, digits, dots, hyphens and underscores, beginning with a letter, a digit or an underscore`,
    );
  return address(lower, domain);
}

/** An address that an alias may have: also one that no mailbox can, and `@domain`. In lower case. */
export function parseAliasAddress(text: string): AddressResult {
  const result = text.trim().startsWith('@') ? parseWholeDomain(text) : parseAddress(text);
  if (!result.ok) return result;
  return address(result.address.local.toLowerCase(), result.address.domain);
}

/** Where mail may be sent on to: here or anywhere; only `isOurs` domains are known not to tell cases apart. */
export function parseTarget(text: string, isOurs: (domain: Name) => boolean): AddressResult {
  const result = text.trim().startsWith('@') ? parseWholeDomain(text) : parseAddress(text);
  if (!result.ok) return result;
  const { local, domain } = result.address;
  return isOurs(domain) ? address(local.toLowerCase(), domain) : result;
}

function parseAddress(text: string): AddressResult {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  if (at < 1) return bad(`"${trimmed}" is no mail address: write it as name@example.com`);
  const local = trimmed.slice(0, at);
  // eslint-disable-next-line no-control-regex -- all that is not ASCII
  if (/[^\x00-\x7f]/.test(local))
    return bad(
      `"${local}" has letters that not every mail server takes before the @ (RFC 6531); use a to z, digits, dots and hyphens`,
    );
  if (local.length > LOCAL_MAX)
    return bad(`What stands before the @ has at most ${LOCAL_MAX} characters (RFC 5321)`);
  if (!DOT_ATOM.test(local)) return bad(`"${local}" cannot stand before the @ of a mail address`);
  return inDomain(local, trimmed.slice(at + 1));
}

function parseWholeDomain(text: string): AddressResult {
  return inDomain('', text.trim().slice(1));
}

function inDomain(local: string, text: string): AddressResult {
  const result = parseDomainName(text);
  if (!result.ok) return bad(result.message);
  if (!isHostName(result.name)) return bad(`"${text}" is no name of a host`);
  return address(local, result.name.canonical());
}

function address(local: string, domain: Name): AddressResult {
  const text = `${local}@${domain.toText()}`;
  return text.length > ADDRESS_MAX
    ? bad(`A mail address has at most ${ADDRESS_MAX} characters (RFC 5321)`)
    : { ok: true, address: { text, local, domain } };
}

/** The domain of an address that is kept. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** What stands before the @; empty for all of a domain. */
export function localOf(address: string): string {
  return address.slice(0, address.lastIndexOf('@'));
}

/** For people: with U-labels. */
export function displayAddress(address: string): string {
  return `${localOf(address)}@${displayName(Name.parse(domainOf(address)))}`;
}

function bad(message: string): AddressResult {
  return { ok: false, message };
}
