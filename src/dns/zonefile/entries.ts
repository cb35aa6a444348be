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

/** What is wrong with a zone file entry, and where. Thrown inside the parser only; `parseZoneFile` returns it. */
export class EntryError extends Error {
  override readonly name = 'EntryError';
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

/** 65535 octets of rdata in hexadecimal digits, each a word, and room for the rest: no record needs more words. */
const MAX_TOKENS = 140_000;

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
  #parentheses: Position[] = [];
  #tokens: ZoneToken[] = [];
  #error: EntryError | undefined;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.#lineStart = this.#at = 1;
  }

  /** The next entry; undefined at the end of the text. @throws EntryError */
  next(): Entry | undefined {
    while (this.#at < this.#text.length) {
      const blankOwner = isBlank(this.#text.charCodeAt(this.#at));
      this.#tokens = [];
      this.#error = undefined;
      const error = this.#readEntry();
      if (error) throw error;
      if (this.#tokens.length > 0) return { tokens: this.#tokens, blankOwner };
    }
    return undefined;
  }

  /** Fills the tokens up to the end of the entry; returns the first error in it. */
  #readEntry(): EntryError | undefined {
    while (this.#at < this.#text.length) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === NEWLINE) {
        this.#newline();
        if (this.#parentheses.length === 0) return this.#error;
      } else if (isBlank(code)) this.#at++;
      else if (code === SEMICOLON) this.#skipLine();
      else if (code === OPEN) this.#open();
      else if (code === CLOSE) this.#close();
      else if (code === QUOTE) this.#quoted();
      else this.#word();
    }
    const open = this.#parentheses.pop();
    if (open) this.#fail('this parenthesis is never closed', open);
    this.#parentheses = [];
    return this.#error;
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
    this.#parentheses.push(this.#position(this.#at));
    this.#at++;
  }

  #close(): void {
    if (!this.#parentheses.pop()) this.#fail('this parenthesis was never opened', this.#position(this.#at));
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
