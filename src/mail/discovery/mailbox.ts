import type { Name } from '../../dns/wire/name.ts';
import { isHostName, parseDomainName } from '../../zones/names.ts';

/** An address that somebody asked about; whether there is a mailbox of the name is not known here, and not told to strangers. */
export interface Mailbox {
  /** As written: only the server of the domain knows whether case matters (RFC 5321 §2.4). */
  local: string;
  /** In lower case, in A-labels. */
  domain: Name;
  /** `local@domain`: what people sign in with. */
  address: string;
}

/** RFC 5322 §3.2.3 dot-atom, with the letters of other scripts (RFC 6531 §3.3). Quoted strings are valid too, and nobody has one. */
const ATOM = "[\\p{L}\\p{N}\\p{M}!#$%&'*+/=?^_`{|}~-]+";
const LOCAL = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');
/** Octets: RFC 5321 §4.5.3.1.1. */
const LOCAL_MAX = 64;
/** RFC 5321 §4.5.3.1.3: a path of 256 octets has two for its brackets. */
const ADDRESS_MAX = 254;

/** The mailbox that the text names, or undefined when it names none. */
export function parseMailbox(text: string): Mailbox | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1 || /\s/.test(text) || Buffer.byteLength(text) > ADDRESS_MAX) return undefined;
  const local = text.slice(0, at);
  if (Buffer.byteLength(local) > LOCAL_MAX || !LOCAL.test(local)) return undefined;
  const result = parseDomainName(text.slice(at + 1));
  if (!result.ok || !isHostName(result.name)) return undefined;
  const domain = result.name.canonical();
  return { local, domain, address: `${local}@${domain.toText()}` };
}
