import { WireWriter } from '../wire/writer.ts';
import type { RdataTokens } from './tokens.ts';

/** Generic rdata: `\# LENGTH HEX…`. https://www.rfc-editor.org/rfc/rfc3597#section-5 */
export function parseUnknown(tokens: RdataTokens): Uint8Array {
  tokens.word('\\#');
  const length = tokens.u16('rdata length');
  const rdata = length === 0 && tokens.done ? new Uint8Array(0) : tokens.hex('rdata');
  if (rdata.length !== length)
    tokens.fail(`the rdata is ${rdata.length} octets long, but its length says ${length}`);
  return rdata;
}

export function printUnknown(rdata: Uint8Array): string {
  const hex = Buffer.from(rdata).toString('hex').toUpperCase();
  return rdata.length === 0 ? '\\# 0' : `\\# ${rdata.length} ${hex}`;
}

/** The generic text of what `write` writes: for values of a known type that its own text form cannot say. */
export function printGeneric(write: (writer: WireWriter) => void): string {
  const writer = new WireWriter({ size: 64 });
  write(writer);
  return printUnknown(writer.finish());
}

/** @throws RdataError always */
export function noTextForm(tokens: RdataTokens, name: string): never {
  tokens.fail(`${name} has no text form of its own; write its rdata as \\# LENGTH HEX (RFC 3597)`);
}
