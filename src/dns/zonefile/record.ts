import { parseRdata, typeCode } from '../rdata/registry.ts';
import { RdataError, RdataTokens } from '../rdata/tokens.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Name, NameError } from '../wire/name.ts';
import { type Entry, EntryError, type ZoneToken } from './entries.ts';
import { looksLikeTtl, MAX_TTL, parseTtl } from './ttl.ts';

/** What one entry leaves to the next. */
export interface Scope {
  /** undefined as long as neither the caller nor $ORIGIN has said it: then every name must be absolute. */
  origin: Name | undefined;
  /** The owner of the last record. */
  owner: Name | undefined;
  /** The $TTL (RFC 2308 §4), or what stands in for it. */
  defaultTtl: number | undefined;
  /** The last TTL that a record stated (RFC 1035 §5.1). */
  lastTtl: number | undefined;
}

/** Reads `[owner] [ttl] [class] type rdata`, ttl and class in either order. @throws EntryError */
export function parseRecord({ tokens, blankOwner }: Entry, scope: Scope): ResourceRecord {
  if (!blankOwner) scope.owner = parseName(tokens[0]!, scope.origin);
  if (!scope.owner)
    throw new EntryError(
      'the first record has no owner: a line that starts with a blank repeats the last one',
      {
        ...tokens[0]!,
        column: 1,
      },
    );
  const header = parseHeader(tokens, blankOwner ? 0 : 1);
  const rdata = parseRdataTokens(
    header.type,
    tokens.slice(header.next),
    scope.origin,
    tokens[header.next - 1]!,
  );
  return {
    owner: scope.owner,
    type: header.type,
    ttl: effectiveTtl(header, rdata, scope, tokens[0]!),
    rdata,
  };
}

export interface Header {
  ttl: number | undefined;
  type: number;
  /** Index of the first token after the type. */
  next: number;
}

/** Reads `[ttl] [class] type` from token `at` on. @throws EntryError */
export function parseHeader(tokens: readonly ZoneToken[], at: number): Header {
  let ttl: number | undefined;
  let hasClass = false;
  for (; ; at++) {
    const token = tokens[at];
    if (!token) throw new EntryError('the record has no type', tokens.at(-1)!);
    if (ttl === undefined && looksLikeTtl(token.text)) ttl = readTtl(token);
    else if (!hasClass && isClass(token)) hasClass = true;
    else return { ttl, type: parseType(token), next: at + 1 };
  }
}

/** @throws EntryError */
export function readTtl(token: ZoneToken): number {
  const ttl = looksLikeTtl(token.text) ? parseTtl(token.text) : undefined;
  if (ttl === undefined)
    throw new EntryError(
      `a TTL is a number of seconds up to ${MAX_TTL}, or with units as in 1h30m; not "${token.text}"`,
      token,
    );
  return ttl;
}

/** Whether the token is class IN. @throws EntryError for any other class */
function isClass(token: ZoneToken): boolean {
  const word = /^(?:IN|CH|CHAOS|HS|HESIOD|CS|NONE|CLASS\d+)$/i.exec(token.text)?.[0].toUpperCase();
  if (word === undefined) return false;
  if (word === 'IN' || word === 'CLASS1') return true;
  throw new EntryError(`class ${word} is not supported; a zone here is of class IN`, token);
}

/** @throws EntryError */
function parseType(token: ZoneToken): number {
  const type = token.quoted ? undefined : typeCode(token.text);
  if (type === undefined)
    throw new EntryError(
      `"${token.text}" is no known type; write another one as TYPEnnn \\# LENGTH HEX`,
      token,
    );
  // RFC 6895 §3.1: type 0 is reserved, 128 to 255 are for questions and meta-data; OPT is meta-data too.
  if (type === 0 || type === Type.OPT || (type >= 128 && type <= 255))
    throw new EntryError(`type ${token.text.toUpperCase()} has no place in a zone`, token);
  return type;
}

/** A name of 255 octets, each an escape of 4 characters. */
const MAX_NAME_TEXT = 1020;

/** @throws EntryError */
export function parseName(token: ZoneToken, origin: Name | undefined): Name {
  if (!origin && !isAbsolute(token.text)) throw new EntryError(noOrigin(token.text), token);
  if (token.text.length > MAX_NAME_TEXT) throw new EntryError('the name is longer than 255 octets', token);
  try {
    return Name.parse(token.text, origin);
  } catch (error) {
    if (error instanceof NameError) throw new EntryError(error.message, token);
    throw error;
  }
}

/** `before` is the token to blame when there is no rdata at all. @throws EntryError */
export function parseRdataTokens(
  type: number,
  tokens: readonly ZoneToken[],
  origin: Name | undefined,
  before: ZoneToken,
): Uint8Array {
  try {
    return parseRdata(type, origin ? new RdataTokens(tokens, origin) : new AbsoluteTokens(tokens, Name.root));
  } catch (error) {
    if (error instanceof RdataError) throw new EntryError(error.message, tokens[error.token] ?? before);
    throw error;
  }
}

/** Where the original TTL stands in RRSIG (RFC 4034 §3.1). */
const ORIGINAL_TTL_AT = 4;

/**
 * RFC 2308 §4: $TTL, but for signatures that of what they cover; else RFC 1035 §5.1: the last TTL stated, else, as BIND does, the SOA's minimum.
 * @throws EntryError
 */
export function effectiveTtl(header: Header, rdata: Uint8Array, scope: Scope, at: ZoneToken): number {
  if (header.ttl !== undefined) return (scope.lastTtl = header.ttl);
  // Not for SIG, which RRSIG has replaced: BIND reads that as any other record.
  if (header.type === Type.RRSIG) return Math.min(Buffer.from(rdata).readUInt32BE(ORIGINAL_TTL_AT), MAX_TTL);
  const ttl = scope.defaultTtl ?? scope.lastTtl;
  if (ttl !== undefined) return ttl;
  if (header.type !== Type.SOA)
    throw new EntryError('the record has no TTL; put $TTL (for example $TTL 3600) before it', at);
  const minimum = Buffer.from(rdata).readUInt32BE(rdata.length - 4);
  return (scope.defaultTtl = Math.min(minimum, MAX_TTL));
}

/** Rdata of a file without an origin: a relative name there would silently mean another one. */
class AbsoluteTokens extends RdataTokens {
  override domainName(what: string): Name {
    const text = this.peek()?.text;
    if (text !== undefined && !isAbsolute(text)) {
      this.next(what);
      this.fail(noOrigin(text));
    }
    return super.domainName(what);
  }
}

function noOrigin(text: string): string {
  return `"${text}" is relative, but there is no origin; put $ORIGIN before it or write the name with its final dot`;
}

/** Ends in a dot that is not escaped. */
function isAbsolute(text: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\.$/.test(text);
}
