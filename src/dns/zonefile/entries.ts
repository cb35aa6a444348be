import type { Token } from '../rdata/tokens.ts';

/** A place in a zone file; both count from 1, the column in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

export interface ZoneToken extends Token, Position {}

/** One entry of a zone file (RFC 1035 §5.1): a line, or the lines that parentheses join. Never empty. */
export interface Entry {
  tokens: ZoneToken[];
  /** The entry starts with a blank: its owner is that of the entry before. */
  blankOwner: boolean;
}

/** Messages repeat words of the file, which may be of any length. */
const MAX_ERROR_TEXT = 300;

/** What is wrong with a zone file entry, and where. Thrown inside the parser only; `parseZoneFile` returns it. */
export class EntryError extends Error {
  override readonly name = 'EntryError';
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message.length > MAX_ERROR_TEXT ? `${message.slice(0, MAX_ERROR_TEXT)}…` : message);
    this.position = position;
  }
}

/** 65535 octets of rdata in hexadecimal digits, each a word, and room for the rest: no record needs more words. */
const MAX_TOKENS = 140_000;
/** The same octets as one word, each an escape of 4 characters. */
const MAX_TOKEN_TEXT = 262_144;

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
const BYTE_ORDER_MARK = 0xfeff;

/** Cuts a zone file into entries, one at a time and in linear time; after an error it goes on with the next one. */
export class EntryReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** Open parentheses, and where the outermost is. */
  #depth = 0;
  #opened: Position = { line: 1, column: 1 };
  #tokens: ZoneToken[] = [];
  #error: EntryError | undefined;
  /** What is known of an entry that is not read to its end yet. */
  #begun: { blankOwner: boolean } | undefined;
  /** What may still be read in this call. */
  #pieces = Infinity;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.#lineStart = this.#at = 1;
  }

  /**
   * The next entry; undefined at the end of the text, or when `pieces` of it (words, blanks, line ends) were read without coming to the
   * end of an entry: the next call goes on there.
   * @throws EntryError
   */
  next(pieces = Infinity): Entry | undefined {
    this.#pieces = pieces;
    while (!this.atEnd) {
      if (!this.#begun) {
        this.#begun = { blankOwner: isBlank(this.#text.charCodeAt(this.#at)) };
        this.#tokens = [];
        this.#error = undefined;
      }
      if (!this.#readEntry()) return undefined;
      const { blankOwner } = this.#begun;
      this.#begun = undefined;
      if (this.#error) throw this.#error;
      if (this.#tokens.length > 0) return { tokens: this.#tokens, blankOwner };
    }
    return undefined;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Fills the tokens up to the end of the entry: whether it came so far with the pieces that are left. */
  #readEntry(): boolean {
    while (this.#at < this.#text.length) {
      if (this.#pieces-- <= 0) return false;
      const code = this.#text.charCodeAt(this.#at);
      if (code === NEWLINE) {
        this.#newline();
        if (this.#depth === 0) return true;
      } else if (isBlank(code)) this.#at++;
      else if (code === SEMICOLON) this.#skipLine();
      else if (code === OPEN) this.#open();
      else if (code === CLOSE) this.#close();
      else if (code === QUOTE) this.#quoted();
      else this.#word();
    }
    if (this.#depth > 0) this.#fail('this parenthesis is never closed', this.#opened);
    this.#depth = 0;
    return true;
  }

  #newline(): void {
    this.#at++;
    this.#line++;
    this.#lineStart = this.#at;
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #open(): void {
    if (this.#depth++ === 0) this.#opened = this.#position(this.#at);
    this.#at++;
  }

  #close(): void {
    if (this.#depth === 0) this.#fail('this parenthesis was never opened', this.#position(this.#at));
    else this.#depth--;
    this.#at++;
  }

  #quoted(): void {
    const start = this.#at++;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) {
        this.#push(this.#text.slice(start + 1, this.#at++), true, start);
        return;
      }
      if (code === NEWLINE) break;
      if (code === BACKSLASH && this.#text.charCodeAt(this.#at + 1) !== NEWLINE) this.#at++;
    }
    this.#at = Math.min(this.#at, this.#text.length);
    this.#fail('this quote is not closed in its line', this.#position(start));
  }

  #word(): void {
    const start = this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (endsWord(code)) break;
      if (code === BACKSLASH && !this.#skipEscaped()) return;
    }
    this.#push(this.#text.slice(start, this.#at), false, start);
  }

  /** Steps over a backslash so that the character after it ends no word. */
  #skipEscaped(): boolean {
    const next = this.#text.charCodeAt(this.#at + 1);
    const cut = Number.isNaN(next) || next === NEWLINE || next === RETURN;
    if (cut) this.#fail('a backslash escapes nothing at the end of a line', this.#position(this.#at));
    this.#at++;
    return !cut;
  }

  #push(text: string, quoted: boolean, start: number): void {
    const position = this.#position(start);
    if (this.#tokens.length >= MAX_TOKENS) this.#fail(`an entry has more than ${MAX_TOKENS} words`, position);
    else if (text.length > MAX_TOKEN_TEXT) this.#fail('this word is longer than any record', position);
    else this.#tokens.push({ text, quoted, line: position.line, column: position.column });
  }

  /** Keeps the first error and reads on, so that the parentheses of the entry still find their ends. */
  #fail(message: string, position: Position): void {
    this.#error ??= new EntryError(message, position);
  }

  #position(at: number): Position {
    return { line: this.#line, column: at - this.#lineStart + 1 };
  }
}

/** A carriage return counts as a blank, so CRLF ends a line as LF does. */
function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === RETURN;
}

function endsWord(code: number): boolean {
  return (
    isBlank(code) ||
    code === NEWLINE ||
    code === SEMICOLON ||
    code === OPEN ||
    code === CLOSE ||
    code === QUOTE
  );
}
