import type { ResourceRecord } from '../rr.ts';
import { EntryError, EntryReader, type ZoneToken } from './entries.ts';
import { effectiveTtl, parseHeader, parseName, parseRdataTokens, type Scope } from './record.ts';

/** BIND's `start-stop[/step]`. */
interface Range {
  start: number;
  stop: number;
  step: number;
}

/** `${offset,width,base}`; literal text between them is kept as strings. */
interface Placeholder {
  offset: number;
  width: number;
  base: string;
}

type Template = (string | Placeholder)[];

/** No counter of a zone file needs more; it keeps arithmetic exact. */
const MAX_COUNTER = 0x7fffffff;

/** What $GENERATE may still make; a returned sentence refuses it. */
export interface GenerateBudget {
  records(count: number): string | undefined;
  /** Characters of owners and rdata: a short template can stand for a long text. */
  text(length: number): string | undefined;
}

/**
 * `$GENERATE range owner [ttl] [class] type rdata`, as in BIND: one record for every number of the range.
 * @throws EntryError
 */
export function* generate(
  tokens: readonly ZoneToken[],
  scope: Scope,
  budget: GenerateBudget,
): Generator<ResourceRecord> {
  const [directive, rangeToken, ownerToken] = tokens;
  if (!rangeToken || !ownerToken)
    throw new EntryError('$GENERATE takes a range, an owner, a type and rdata', directive!);
  const range = parseRange(rangeToken);
  refuse(budget.records(Math.floor((range.stop - range.start) / range.step) + 1), rangeToken);
  const header = parseHeader(tokens, 3);
  const typeToken = tokens[header.next - 1]!;
  const owner = parseTemplate(ownerToken);
  const words = tokens.slice(header.next).map((token) => ({ token, template: parseTemplate(token) }));
  for (let value = range.start; value <= range.stop; value += range.step) {
    const expanded = words.map(({ token, template }) => ({ ...token, text: expand(template, value, token) }));
    const ownerText = expand(owner, value, ownerToken);
    const length = expanded.reduce((sum, token) => sum + token.text.length, ownerText.length);
    refuse(budget.text(length), rangeToken);
    const rdata = parseRdataTokens(header.type, unwrap(expanded), scope.origin, typeToken);
    yield {
      owner: parseName({ ...ownerToken, text: ownerText }, scope.origin),
      type: header.type,
      ttl: effectiveTtl(header, rdata, scope, directive!),
      rdata,
    };
  }
}

/** @throws EntryError */
function refuse(refusal: string | undefined, token: ZoneToken): void {
  if (refusal !== undefined) throw new EntryError(refusal, token);
}

/** BIND takes one word as rdata and reads the inside of a quoted one again: `MX "10 mx$"`. @throws EntryError */
function unwrap(words: ZoneToken[]): ZoneToken[] {
  const [only] = words;
  if (words.length !== 1 || !only?.quoted) return words;
  const inside = new EntryReader(only.text.replaceAll('\\"', '"')).next()?.tokens ?? [];
  return inside.map((token) => ({ ...token, line: only.line, column: only.column }));
}

/** @throws EntryError */
function parseRange(token: ZoneToken): Range {
  const match = /^(\d{1,10})-(\d{1,10})(?:\/(\d{1,10}))?$/.exec(token.text);
  const [start, stop, step] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 1)];
  if (!match || start > stop || step === 0 || Math.max(stop, step) > MAX_COUNTER)
    throw new EntryError(`a range is START-STOP or START-STOP/STEP, not "${token.text}"`, token);
  return { start, stop, step };
}

/** `$` and `${…}` stand for the number; `$$` and `\$` for a dollar. @throws EntryError */
function parseTemplate(token: ZoneToken): Template {
  const template: Template = [];
  const part = /\\.|\$\$|\$\{([^}]*)\}|\$(?!\{)|[^\\$]+/gsy;
  while (part.lastIndex < token.text.length) {
    const match = part.exec(token.text);
    if (!match) throw new EntryError('an escape or a ${…} is cut', token);
    const [text, fields] = match;
    if (text === '$$') template.push('\\$');
    else if (fields !== undefined) template.push(parsePlaceholder(fields, token));
    else template.push(text === '$' ? { offset: 0, width: 0, base: 'd' } : text);
  }
  return template;
}

/** @throws EntryError */
function parsePlaceholder(fields: string, token: ZoneToken): Placeholder {
  const match = /^([+-]?\d{1,10})(?:,(\d{1,3})(?:,([doxXnN]))?)?$/.exec(fields);
  const width = Number(match?.[2] ?? 0);
  if (!match || width > 255)
    throw new EntryError(
      `"\${${fields}}" is not \${OFFSET,WIDTH,BASE} with a base of d, o, x, X, n or N`,
      token,
    );
  return { offset: Number(match[1]), width, base: match[3] ?? 'd' };
}

/** @throws EntryError */
function expand(template: Template, value: number, token: ZoneToken): string {
  return template.map((part) => (typeof part === 'string' ? part : print(part, value, token))).join('');
}

/** @throws EntryError */
function print({ offset, width, base }: Placeholder, counter: number, token: ZoneToken): string {
  const value = counter + offset;
  if (value < 0 || value > MAX_COUNTER)
    throw new EntryError(`${counter} with the offset ${offset} is out of range`, token);
  switch (base) {
    case 'o':
      return value.toString(8).padStart(width, '0');
    case 'x':
      return value.toString(16).padStart(width, '0');
    case 'X':
      return value.toString(16).toUpperCase().padStart(width, '0');
    case 'n':
      return nibbles(value, width);
    case 'N':
      return nibbles(value, width).toUpperCase();
    default:
      return String(value).padStart(width, '0');
  }
}

/**
 * Hexadecimal digits from the lowest up, each a label, as ip6.arpa has them. `width` counts digits and dots, so an even
 * one that the number does not exceed ends in a dot.
 */
function nibbles(value: number, width: number): string {
  const digits = value.toString(16).padStart(Math.ceil(width / 2), '0');
  const labels = Array.from(digits).reverse().join('.');
  return labels.length < width ? `${labels}.` : labels;
}
