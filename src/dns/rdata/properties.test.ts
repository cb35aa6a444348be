import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyName, octets, u16 } from '../../../test/kit/arbitraries.ts';
import { rdataArbitraries } from '../../../test/kit/rdata-arbitraries.ts';
import { isMetaType, Type, typeCode, typeName } from '../type-codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { printIpv6 } from './ipv6.ts';
import {
  canonicalRdata,
  decompressRdata,
  fromWire,
  printRdata,
  rdataFromText,
  rdataType,
  toWire,
} from './registry.ts';
import { WireReader } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';

/** Types of queries, which have no rdata. */
const queryOnly = ['IXFR', 'AXFR', 'ANY'];
const entries = Object.entries(Type)
  .filter(([name]) => !queryOnly.includes(name))
  .map(([name, code]) => ({ name, code, entry: rdataType(code)! }));

test.each(entries)('$name is registered under its name and code', ({ name, code, entry }) => {
  expect(entry).toMatchObject({ name, type: code });
  expect(rdataArbitraries[name]).toBeDefined();
});

describe.each(entries)('$name', ({ name, code, entry }) => {
  const values = rdataArbitraries[name]!;

  test('decode(encode(x)) = x', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(fromWire(entry, toWire(entry, value))).toEqual(value);
      }),
    );
  });

  test('what any octets decode to encodes to the same octets', () => {
    const mutated = fc.tuple(values, fc.nat(), fc.nat(0xff)).map(([value, at, octet]) => {
      const rdata = toWire(entry, value);
      if (rdata.length > 0) rdata[at % rdata.length] = octet;
      return rdata;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, octets(0, 60)), (rdata) => {
        let value: unknown;
        try {
          value = fromWire(entry, rdata);
        } catch (error) {
          expect(error).toBeInstanceOf(FormErr);
          expect(printRdata(code, rdata)).toMatch(/^\\# \d/);
          return;
        }
        expect(toWire(entry, value)).toEqual(rdata);
        expect(printRdata(code, rdata)).toBe(entry.print(value));
      }),
    );
  });

  test('canonical form is a fixed point of the same length', () => {
    fc.assert(
      fc.property(values, (value) => {
        const rdata = toWire(entry, value);
        const canonical = canonicalRdata(code, rdata);
        expect(canonical.length).toBe(rdata.length);
        expect(canonicalRdata(code, canonical)).toEqual(canonical);
      }),
    );
  });

  test('a compressing writer changes nothing that a reader sees', () => {
    fc.assert(
      fc.property(values, anyName, (value, before) => {
        const writer = new WireWriter({ compress: true });
        writer.name(before);
        entry.encode(value, writer);
        const bytes = writer.finish();
        const reader = new WireReader(bytes);
        reader.name();
        expect(decompressRdata(reader, code, reader.remaining)).toEqual(toWire(entry, value));
      }),
    );
  });
});

const zoneTypes = entries.filter(({ code }) => !isMetaType(code));

test.each(zoneTypes)('$name: parse(print(x)) = x', ({ name, code, entry }) => {
  fc.assert(
    fc.property(rdataArbitraries[name]!, (value) => {
      const rdata = toWire(entry, value);
      expect(rdataFromText(code, printRdata(code, rdata))).toEqual(rdata);
    }),
  );
});

// RFC 6891 §6.1.1: OPT is of messages alone.
test.each(['OPT', 'TSIG', 'ANY', 'AXFR', 'TYPE249'])('%s has no place in a zone', (name) => {
  expect(() => rdataFromText(typeCode(name)!, '\\# 1 00')).toThrow('for messages only');
});

test('no text makes the parser throw anything but RdataError', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      '0',
      '1',
      '.',
      '@',
      'A',
      '-',
      'a.example.',
      '"x"',
      '\\# 1 00',
      'aabb',
      'alpn=h2',
      'N',
      'E',
    ),
  );
  const types = fc.constantFrom(...entries.map(({ code }) => code));
  fc.assert(
    fc.property(types, fc.array(word, { maxLength: 12 }), (code, words) => {
      try {
        const rdata = rdataFromText(code, words.join(' '));
        expect(rdataFromText(code, printRdata(code, rdata))).toEqual(rdata);
      } catch (error) {
        expect(error).toMatchObject({ name: 'RdataError' });
      }
    }),
    { numRuns: 5000 },
  );
});

describe('type names', () => {
  test('are read back, known or not', () => {
    fc.assert(
      fc.property(u16, (code) => {
        expect(typeCode(typeName(code))).toBe(code);
      }),
    );
  });

  test.each([
    ['mx', 15],
    ['type15', 15],
    ['TYPE65535', 65535],
    ['TYPE65536', undefined],
    ['TYPE', undefined],
    ['MXX', undefined],
    ['constructor', undefined],
  ])('%s is %s', (name, code) => expect(typeCode(name)).toBe(code));

  test('meta types are those that no zone has', () => {
    expect([41, 250, 251, 252, 255, 249, 128, 0].every(isMetaType)).toBe(true);
    expect([1, 127, 256, 257, 65280].some(isMetaType)).toBe(false);
  });
});

test('IPv6 text is that of the WHATWG URL parser, which follows RFC 5952', () => {
  fc.assert(
    fc.property(octets(16, 16), (address) => {
      fc.pre(!address.subarray(0, 10).every((octet) => octet === 0));
      const text = printIpv6(address);
      expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
    }),
  );
});
