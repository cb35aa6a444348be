import { describe, expect, test } from 'vitest';
import { canonicalRdata, fromWire, printRdata, rdataFromText, toWire } from '../../src/dns/rdata/registry.ts';
import type { RdataType } from '../../src/dns/rdata/rdata-type.ts';

export interface RdataCases {
  /** Text and wire form; the third is what is printed, where that is not the text. */
  good: readonly (readonly [text: string, hex: string, printed?: string])[];
  /** Text that is refused, and a part of the message. */
  bad?: readonly (readonly [text: string, message: string])[];
  /** Wire that is refused, and a part of the message. */
  malformed?: readonly (readonly [hex: string, message: string])[];
  /** Text whose canonical form (RFC 4034 §6.2) differs, and the text of that form. */
  canonical?: readonly (readonly [text: string, canonical: string])[];
}

/** The table test of one type: text to wire and back, and everything that must be refused. `source` is what says its form: the RFC, and its section. */
export function checkRdata<T>(entry: RdataType<T>, source: string, cases: RdataCases): void {
  const parse = (text: string): Uint8Array => rdataFromText(entry.type, text);
  describe(`${entry.name} (${source})`, () => {
    const good = cases.good.map(([text, hex, printed]) => ({ text, hex, printed: printed ?? text }));
    test.each(good)('$text', ({ text, hex, printed }) => {
      const rdata = parse(text);
      expect(Buffer.from(rdata).toString('hex')).toBe(hex);
      expect(printRdata(entry.type, rdata)).toBe(printed);
      expect(parse(printed)).toEqual(rdata);
      expect(toWire(entry, fromWire(entry, rdata))).toEqual(rdata);
      expect(parse(`\\# ${rdata.length} ${hex}`)).toEqual(rdata);
    });
    test.each(cases.bad ?? [])('refuses the text %s', (text, message) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'RdataError' }));
      expect(() => parse(text)).toThrow(message);
    });
    test.each(cases.malformed ?? [])('refuses the octets %s', (hex, message) => {
      const decode = (): T => fromWire(entry, Buffer.from(hex, 'hex'));
      expect(decode).toThrow(expect.objectContaining({ name: 'FormErr' }));
      expect(decode).toThrow(message);
    });
    test.each(cases.good.map(([text]) => text))('%s cut anywhere is refused or stays stable', (text) => {
      const rdata = parse(text);
      for (let length = 0; length < rdata.length; length++) {
        const cut = rdata.subarray(0, length);
        let value: T;
        try {
          value = fromWire(entry, cut);
        } catch (error) {
          expect(error).toMatchObject({ name: 'FormErr' });
          continue;
        }
        expect(Buffer.compare(toWire(entry, value), cut)).toBe(0);
      }
    });
    const canonical = cases.canonical ?? cases.good.map(([text]) => [text, text] as const);
    test.each(canonical)('the canonical form of %s', (text, expected) => {
      expect(canonicalRdata(entry.type, parse(text))).toEqual(parse(expected));
    });
  });
}
