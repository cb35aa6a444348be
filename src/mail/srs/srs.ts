import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * The Sender Rewriting Scheme (https://www.open-spf.org/svn/project/specs/drafts/draft-mengwong-sender-rewrite-01.txt): mail that is sent on comes
 * from a domain of ours, whose SPF lets us send it, and what its receiver cannot deliver goes back the same way.
 *
 *   anna@example.org                  → SRS0=HASH=TT=example.org=anna@us
 *   SRS0=their-own@forwarder.example  → SRS1=HASH=forwarder.example==their-own@us
 *
 * HASH is ours alone: nobody else can make an address that we send mail on for. TT is the day, so that one that got known is of no use for long.
 */

/** Days for which bounces come back. */
const VALID = 21;
const DAY = 86_400_000;
/** RFC 4648 §6; case does not matter, as some servers change that of local parts. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Characters of the hash, five bits each. */
const HASH = 6;
/** Days after which TT, two characters, begins anew. */
const ERA = BASE32.length ** 2;

export interface SrsOptions {
  secret: string;
  /** Ours, lower case. */
  hostname: string;
  /** Milliseconds since 1970. */
  now: number;
}

/** The sender under which mail of `sender` is sent on; undefined for what is no address. */
export function srsForward(sender: string, { secret, hostname, now }: SrsOptions): string | undefined {
  const [local, domain] = parts(sender) ?? [];
  if (local === undefined || domain === undefined) return undefined;
  const tagged = /^SRS([01])([=+-])(.*)$/i.exec(local);
  if (tagged) {
    const [, kind, separator, rest] = tagged as unknown as [string, '0' | '1', string, string];
    // Whoever forwarded it before gets its bounces back; the one before that, if there was one, is named in there.
    const first = kind === '0' ? [domain, `${separator}${rest}`] : firstOf(rest);
    if (first) return `SRS1=${hashOf(secret, first)}=${first.join('=')}@${hostname}`;
  }
  const day = dayOf(now);
  return `SRS0=${hashOf(secret, [day, domain, local])}=${day}=${domain}=${local}@${hostname}`;
}

/** Where a bounce goes that came to an address of ours; undefined: we never made this address, or it is too old. */
export function srsBack(address: string, { secret, hostname, now }: SrsOptions): string | undefined {
  const [local, domain] = parts(address) ?? [];
  if (local === undefined || domain !== hostname) return undefined;
  const [, kind, hash, rest] = /^SRS([01])[=+-]([^=]+)=(.+)$/i.exec(local) ?? [];
  if (hash === undefined || rest === undefined) return undefined;
  if (kind === '1') {
    const [forwarder, theirs] = cut(rest);
    if (theirs === undefined || !isHash(secret, [forwarder, theirs], hash)) return undefined;
    return `SRS0${theirs}@${forwarder}`;
  }
  const [day, more] = cut(rest);
  const [from, name] = cut(more ?? '');
  if (name === undefined || !isHash(secret, [day, from, name], hash) || !isValid(day, now)) return undefined;
  return `${name}@${from}`;
}

/** Of `HASH=FORWARDER=REST`: who forwarded it first, and what that one made of the sender. */
function firstOf(rest: string): [string, string] | undefined {
  const [, named] = cut(rest);
  const [forwarder, theirs] = cut(named ?? '');
  return theirs === undefined ? undefined : [forwarder, theirs];
}

/** At the first `=`. */
function cut(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parts(address: string): [local: string, domain: string] | undefined {
  const at = address.lastIndexOf('@');
  return at <= 0 || at === address.length - 1
    ? undefined
    : [address.slice(0, at), address.slice(at + 1).toLowerCase()];
}

function hashOf(secret: string, signed: readonly string[]): string {
  const octets = createHmac('sha256', secret).update(signed.join('=').toLowerCase()).digest();
  return Array.from({ length: HASH }, (_, n) => BASE32[octets[n]! % 32]!).join('');
}

function isHash(secret: string, signed: readonly string[], given: string): boolean {
  const [wanted, is] = [hashOf(secret, signed), given.toUpperCase()].map((text) => Buffer.from(text));
  return wanted!.length === is!.length && timingSafeEqual(wanted!, is!);
}

function dayOf(now: number): string {
  const day = Math.floor(now / DAY) % ERA;
  return `${BASE32[Math.floor(day / 32)]!}${BASE32[day % 32]!}`;
}

function isValid(day: string, now: number): boolean {
  const [high, low] = [0, 1].map((at) => BASE32.indexOf(day.charAt(at).toUpperCase()));
  if (day.length !== 2 || high! < 0 || low! < 0) return false;
  const age = ((Math.floor(now / DAY) % ERA) - (high! * 32 + low!) + ERA) % ERA;
  return age <= VALID;
}
