import { atOnce, type Steps } from '../../core/slices.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import { readDirective } from './directives.ts';
import { type Entry, EntryError, EntryReader, type Position } from './entries.ts';
import { generate, type GenerateBudget } from './generate.ts';
import { parseRecord, type Scope } from './record.ts';

/** Bounds on what one zone file may make of itself. */
export interface ZoneFileLimits {
  /** Records in all, generated ones included. */
  records: number;
  /** Records made by $GENERATE. */
  generated: number;
  /** Characters of their owners and rdata. */
  generatedText: number;
  /** Files inside each other by $INCLUDE, the first one not counted. */
  includeDepth: number;
  /** $INCLUDE directives carried out in all. */
  includes: number;
}

export interface ZoneFileOptions {
  /** What relative names are below until the file says $ORIGIN; without it they are an error until then. */
  origin?: Name;
  /** Seconds: stands for $TTL until the file has its own. */
  defaultTtl?: number;
  /** The text of an included file; undefined when there is none or it is not allowed, as all are without this. */
  include?: (file: string) => string | undefined;
  /** Shown in errors. */
  fileName?: string;
  limits?: Partial<ZoneFileLimits>;
}

export interface ZoneFileError extends Position {
  file: string;
  message: string;
}

export type ZoneFileResult =
  | {
      ok: true;
      records: ResourceRecord[];
      /** The line in its file on which each of the records begins. */
      lines: number[];
      /** The owner of the first SOA; without one, the last origin. */
      origin: Name | undefined;
      /** The last $TTL or what stood for it, in seconds. */
      ttl: number | undefined;
    }
  | { ok: false; errors: ZoneFileError[] };

/** After this many errors the rest of the file would only repeat them. */
const MAX_ERRORS = 20;

/** Words, blanks and line ends that are read in one step: there may be very many in an entry, or between two. */
const PIECES = 10_000;

const defaultLimits: ZoneFileLimits = {
  records: 5_000_000,
  generated: 100_000,
  generatedText: 16 << 20,
  includeDepth: 8,
  includes: 1000,
};

interface Frame {
  file: string;
  reader: EntryReader;
  /** What the including file goes on with (RFC 1035 §5.1). */
  restore: Pick<Scope, 'origin' | 'owner'>;
}

interface Parser {
  options: ZoneFileOptions;
  limits: ZoneFileLimits;
  scope: Scope;
  frames: Frame[];
  records: ResourceRecord[];
  lines: number[];
  errors: ZoneFileError[];
  generated: number;
  generatedText: number;
  includes: number;
}

/**
 * Reads a zone file (RFC 1035 §5, $TTL of RFC 2308 §4, unknown types of RFC 3597, $GENERATE of BIND) into records in
 * the order of the file. Nothing is checked across records. On errors it goes on with the next entry, to name up to
 * 20 of them.
 */
export function parseZoneFile(text: string, options: ZoneFileOptions = {}): ZoneFileResult {
  return atOnce(parsing(text, options));
}

/** The same in steps, each an entry or a record of $GENERATE. */
export function* parsing(text: string, options: ZoneFileOptions = {}): Steps<ZoneFileResult> {
  const scope: Scope = {
    origin: options.origin,
    owner: undefined,
    defaultTtl: options.defaultTtl,
    lastTtl: undefined,
  };
  const frame = {
    file: options.fileName ?? 'zone file',
    reader: new EntryReader(text),
    restore: { ...scope },
  };
  const parser: Parser = {
    options,
    limits: { ...defaultLimits, ...options.limits },
    scope,
    frames: [frame],
    records: [],
    lines: [],
    errors: [],
    generated: 0,
    generatedText: 0,
    includes: 0,
  };
  while (parser.frames.length > 0 && parser.errors.length < MAX_ERRORS) {
    yield* step(parser);
    yield;
  }
  if (parser.errors.length > 0) return { ok: false, errors: parser.errors };
  const soa = parser.records.find((record) => record.type === Type.SOA);
  const { records, lines } = parser;
  return { ok: true, records, lines, origin: soa?.owner ?? scope.origin, ttl: scope.defaultTtl };
}

/** Takes one entry of the innermost file, or a part of one, or leaves that file at its end. */
function* step(parser: Parser): Steps<void> {
  const frame = parser.frames.at(-1)!;
  try {
    const entry = frame.reader.next(PIECES);
    if (entry) yield* take(parser, entry);
    else if (frame.reader.atEnd) leave(parser);
  } catch (error) {
    if (!(error instanceof EntryError)) throw error;
    const { line, column } = error.position;
    parser.errors.push({ file: frame.file, line, column, message: error.message });
  }
}

/** Ends the innermost file; an including one goes on with its own origin and owner. */
function leave(parser: Parser): void {
  const { restore } = parser.frames.pop()!;
  if (parser.frames.length > 0) Object.assign(parser.scope, restore);
}

/** @throws EntryError */
function* take(parser: Parser, entry: Entry): Steps<void> {
  const [first] = entry.tokens;
  if (entry.blankOwner || first!.quoted || !first!.text.startsWith('$')) {
    add(parser, parseRecord(entry, parser.scope), entry);
    return;
  }
  const directive = readDirective(entry.tokens, parser.scope);
  if (directive?.kind === 'include') include(parser, directive.file, directive.origin, first!);
  else if (directive?.kind === 'generate') {
    for (const record of generate(entry.tokens, parser.scope, generateBudget(parser))) {
      add(parser, record, entry);
      yield;
    }
  }
}

/** @throws EntryError when that is one too many; then the rest is not read. */
function add(parser: Parser, record: ResourceRecord, entry: Entry): void {
  if (parser.records.length >= parser.limits.records) {
    parser.frames.length = 0;
    throw new EntryError(`there are more than ${parser.limits.records} records`, entry.tokens[0]!);
  }
  parser.records.push(record);
  parser.lines.push(entry.tokens[0]!.line);
}

function generateBudget(parser: Parser): GenerateBudget {
  const { limits } = parser;
  return {
    records(count) {
      parser.generated += count;
      return parser.generated > limits.generated
        ? `$GENERATE would make ${parser.generated} records; ${limits.generated} is the limit`
        : undefined;
    },
    text(length) {
      parser.generatedText += length;
      return parser.generatedText > limits.generatedText
        ? `$GENERATE makes more than ${limits.generatedText} characters`
        : undefined;
    },
  };
}

/** @throws EntryError */
function include(parser: Parser, file: string, origin: Name | undefined, at: Position): void {
  const { frames, limits, scope } = parser;
  if (frames.some((frame) => frame.file === file)) throw new EntryError(`${file} includes itself`, at);
  if (frames.length > limits.includeDepth)
    throw new EntryError(`$INCLUDE goes deeper than ${limits.includeDepth} files`, at);
  if (++parser.includes > limits.includes)
    throw new EntryError(`there are more than ${limits.includes} $INCLUDE directives`, at);
  const text = parser.options.include?.(file);
  if (text === undefined) throw new EntryError(`${file} cannot be included here`, at);
  frames.push({ file, reader: new EntryReader(text), restore: { origin: scope.origin, owner: scope.owner } });
  scope.origin = origin ?? scope.origin;
}
