import type { WireReader } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';
import type { RdataTokens } from './tokens.ts';

/**
 * One RR type: everything the program knows about its rdata, in one object of one file. `registry.ts` lists them;
 * nothing else switches on the type.
 */
export interface RdataType<T> {
  /** The RR TYPE code. */
  readonly type: number;
  /** The mnemonic, in capitals. */
  readonly name: string;
  /** Whether names in received rdata may be compressed (RFC 3597 §4). Others' rdata is the same in every message. */
  readonly compressible?: true;
  /**
   * Reads exactly the rdata: `reader` ends where rdata ends, and names may be compressed where RFC 3597 §4 allows it.
   * @throws FormErr
   */
  decode(reader: WireReader): T;
  /** Writes the wire form. Names are passed with `compress` only for the types of RFC 1035 (RFC 3597 §4). */
  encode(value: T, writer: WireWriter): void;
  /** Reads the presentation form, with all checks that a zone's own data must pass. @throws RdataError with the token that is wrong. */
  parse(tokens: RdataTokens): T;
  /** Prints the presentation form, names absolute. */
  print(value: T): string;
  /** The canonical form of RFC 4034 §6.2: names in lower case, for the types listed there. Others leave it out. */
  canonical?(value: T): T;
}

/** `parse` of the types that only messages have (RFC 6895 §3.1). @throws RdataError */
export function messageOnly(tokens: RdataTokens): never {
  tokens.fail('this type is for messages only; no zone has such a record');
}
