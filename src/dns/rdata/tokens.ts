import { Name, NameError } from '../wire/name.ts';
import { parseIpv4 } from './ipv4.ts';
import { parseIpv6 } from './ipv6.ts';

/** Presentation-form rdata that is wrong, said for a person; the zone file parser adds line and column. */
export class RdataError extends Error {
  override readonly name = 'RdataError';
  /** Index of the token that is wrong. */
  readonly token: number;

  constructor(message: string, token: number) {
    super(message);
    this.token = token;
  }
}

/**
 * A word of presentation form; `text` keeps its escapes, `quoted` tells `"a b"` from `a`. A quote begins a new token even
 * without a blank before: `alpn="h2"` is `alpn=` and `h2`.
 */
export interface Token {
  text: string;
  quoted: boolean;
}

/** The rdata tokens of one record, read one after the other. Every error names what was expected. */
export class RdataTokens {
  readonly tokens: readonly Token[];
  readonly origin: Name;
  #next = 0;

  constructor(tokens: readonly Token[], origin: Name) {
    this.tokens = tokens;
    this.origin = origin;
  }

  get done(): boolean {
    return this.#next >= this.tokens.length;
  }

  /** The next token without taking it. */
  peek(): Token | undefined {
    return this.tokens[this.#next];
  }

  next(what: string): Token {
    const token = this.tokens[this.#next];
    if (!token) this.fail(`${what} is missing`);
    this.#next++;
    return token;
  }

  /** Fails at the token taken last (or the one that is missing). */
  fail(message: string): never {
    throw new RdataError(message, Math.max(0, Math.min(this.#next, this.tokens.length) - 1));
  }

  word(what: string): string {
    return this.next(what).text;
  }

  /** An unsigned decimal number in [0, max]. */
  integer(what: string, max: number): number {
    const text = this.word(what);
    if (!/^\d{1,15}$/.test(text) || Number(text) > max)
      this.fail(`${what} must be a number from 0 to ${max}, not "${text}"`);
    return Number(text);
  }

  u8(what: string): number {
    return this.integer(what, 0xff);
  }

  u16(what: string): number {
    return this.integer(what, 0xffff);
  }

  u32(what: string): number {
    return this.integer(what, 0xffffffff);
  }

  /** A number from 0 to 255, or one of the words that stand for one. */
  u8OrMnemonic(what: string, mnemonics: Readonly<Record<string, number>>): number {
    return this.#mnemonic(mnemonics) ?? this.u8(what);
  }

  /** The same from 0 to 65535. */
  u16OrMnemonic(what: string, mnemonics: Readonly<Record<string, number>>): number {
    return this.#mnemonic(mnemonics) ?? this.u16(what);
  }

  /** Takes the next token only if it is one of the words. */
  #mnemonic(mnemonics: Readonly<Record<string, number>>): number | undefined {
    const word = this.peek()?.text.toUpperCase() ?? '';
    const code = Object.hasOwn(mnemonics, word) ? mnemonics[word] : undefined;
    if (code !== undefined) this.#next++;
    return code;
  }

  /** Seconds, as a number or in units as BIND and NSD read them: `1h30m`, `2W`. At most 2^32-1. */
  duration(what: string): number {
    const text = this.word(what);
    const seconds = parseDuration(text);
    if (seconds === undefined)
      this.fail(`${what} must be a number of seconds or a time such as 1h30m, not "${text}"`);
    return seconds;
  }

  domainName(what: string): Name {
    const text = this.word(what);
    try {
      return Name.parse(text, this.origin);
    } catch (error) {
      if (error instanceof NameError) this.fail(`${what}: ${error.message}`);
      throw error;
    }
  }

  /** 4 octets. */
  ipv4(what: string): Uint8Array {
    const text = this.word(what);
    const octets = parseIpv4(text);
    if (!octets) this.fail(`${what} must be an IPv4 address such as 192.0.2.1, not "${text}"`);
    return octets;
  }

  /** 16 octets. */
  ipv6(what: string): Uint8Array {
    const text = this.word(what);
    const octets = parseIpv6(text);
    if (!octets) this.fail(`${what} must be an IPv6 address such as 2001:db8::1, not "${text}"`);
    return octets;
  }

  /** A character-string of at most `max` octets, quoted or not, escapes undone. */
  characterString(what: string, max = 255): Uint8Array {
    const token = this.next(what);
    const octets = unescapeText(token.text);
    if (!octets) this.fail(`${what} holds an escape that is not \\DDD or \\X`);
    if (octets.length > max) this.fail(`${what} is ${octets.length} octets long; ${max} is the limit`);
    return octets;
  }

  /** All tokens left, joined: base64 and hex may be written with spaces. */
  joined(what: string): string {
    let text = this.word(what);
    while (!this.done) text += this.word(what);
    return text;
  }

  hex(what: string): Uint8Array {
    return this.#hex(what, this.joined(what));
  }

  base64(what: string): Uint8Array {
    return this.#base64(what, this.joined(what));
  }

  /** The same where fields follow, and so in one word. */
  hexWord(what: string): Uint8Array {
    return this.#hex(what, this.word(what));
  }

  base64Word(what: string): Uint8Array {
    return this.#base64(what, this.word(what));
  }

  #hex(what: string, text: string): Uint8Array {
    if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text))
      this.fail(`${what} must be hexadecimal digits in pairs`);
    return new Uint8Array(Buffer.from(text, 'hex'));
  }

  #base64(what: string, text: string): Uint8Array {
    const octets = Buffer.from(text, 'base64');
    // At most two: a longer run in the middle of a long text would be looked at from each of its characters.
    const padding = /={0,2}$/;
    if (octets.toString('base64').replace(padding, '') !== text.replace(padding, ''))
      this.fail(`${what} must be base64`);
    return new Uint8Array(octets);
  }

  /** @throws RdataError when a token is left. */
  expectEnd(): void {
    if (!this.done) {
      this.#next++;
      this.fail(
        `nothing more is expected after the rdata, but there is "${this.tokens[this.#next - 1]!.text}"`,
      );
    }
  }
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `3600` or `1h30m` to seconds; undefined for anything else and beyond 32 bits. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d{1,10}|(\d{1,10}[smhdw])+)$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g))
    seconds += Number(count) * (unitSeconds[unit!] ?? 1);
  return seconds <= 0xffffffff ? seconds : undefined;
}

/** Undoes `\DDD` and `\X`; undefined when an escape is cut or out of range. Text is taken as UTF-8. */
export function unescapeText(text: string): Uint8Array | undefined {
  const octets = Buffer.from(text, 'utf8');
  if (!octets.includes(0x5c)) return new Uint8Array(octets);
  const out: number[] = [];
  for (let at = 0; at < octets.length; at++) {
    if (octets[at] !== 0x5c) out.push(octets[at]!);
    else {
      const escape = /^(?:(\d{3})|([^\d]))/s.exec(octets.toString('latin1', at + 1, at + 4));
      if (!escape || Number(escape[1] ?? 0) > 255) return undefined;
      out.push(escape[1] === undefined ? escape[2]!.charCodeAt(0) : Number(escape[1]));
      at += escape[1] === undefined ? 1 : 3;
    }
  }
  return Uint8Array.from(out);
}

/** A character-string in quotes, with everything a reader could stumble over as \DDD. */
export function quoteText(octets: Uint8Array): string {
  let text = '"';
  for (const octet of octets) {
    if (octet < 0x20 || octet > 0x7e) text += `\\${String(octet).padStart(3, '0')}`;
    else if (octet === 0x22 || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else text += String.fromCharCode(octet);
  }
  return `${text}"`;
}
