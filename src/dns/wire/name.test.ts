import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyName, label } from '../../../test/kit/arbitraries.ts';
import { FormErr } from './form-error.ts';
import { Name, NameError } from './name.ts';

const name = (text: string): Name => Name.parse(text);
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

describe('parse and print (RFC 1034 §3.1, RFC 1035 §5.1)', () => {
  test.each([
    ['.', '00', '.'],
    ['com', '03636f6d00', 'com.'],
    ['Example.COM.', '074578616d706c6503434f4d00', 'Example.COM.'],
    ['a\\.b.c.', '03612e62016300', 'a\\.b.c.'],
    ['a\\032b.', '0361206200', 'a\\032b.'],
    ['\\255.', '01ff00', '\\255.'],
    ['*.example.', '012a076578616d706c6500', '*.example.'],
    // RFC 4343 §2.1, §2.2.
    [
      'Donald\\032E\\.\\032Eastlake\\0323rd.example.',
      '16446f6e616c6420452e20456173746c616b6520337264076578616d706c6500',
      'Donald\\032E\\.\\032Eastlake\\0323rd.example.',
    ],
    ['a\\000\\\\\\255z.example.', '0561005cff7a076578616d706c6500', 'a\\000\\\\\\255z.example.'],
    ['\\092\\046.', '025c2e00', '\\\\\\..'],
    ['\\0651.', '02413100', 'A1.'],
    ['\\032\\033~\\127.', '0420217e7f00', '\\032!~\\127.'],
    ['_25._tcp.', '035f3235045f74637000', '_25._tcp.'],
    ['\\@.\\"\\;\\(\\$.', '014004223b282400', '\\@.\\"\\;\\(\\$.'],
  ])('%s', (text, wire, printed) => {
    expect(hex(name(text).wire)).toBe(wire);
    expect(name(text).toString()).toBe(printed);
    expect(Name.fromWire(Buffer.from(wire, 'hex')).toString()).toBe(printed);
  });

  test.each([
    ['', 'empty'],
    ['a..b', 'a label is empty'],
    ['.a', 'a label is empty'],
    ['..', 'a label is empty'],
    ['a\\', 'ends in a backslash'],
    ['\\256.', 'is no octet'],
    ['\\12.', 'not \\DDD'],
    ['bücher.example.', 'A-label'],
    ['a b.', 'not plain ASCII'],
    [`${'a'.repeat(64)}.`, 'a label is 64 octets long; 63 is the limit'],
  ])('refuses "%s"', (text, message) => {
    expect(() => name(text)).toThrow(NameError);
    expect(() => name(text)).toThrow(message);
  });

  test('a relative name gets the origin, @ is the origin', () => {
    const origin = name('example.com.');
    expect(Name.parse('www', origin).toString()).toBe('www.example.com.');
    expect(Name.parse('www.', origin).toString()).toBe('www.');
    expect(Name.parse('@', origin)).toBe(origin);
    expect(Name.parse('\\@', origin).toString()).toBe('\\@.example.com.');
  });
});

describe('limits (RFC 1034 §3.1, RFC 1035 §2.3.4, §3.1)', () => {
  const long = (last: number): Uint8Array[] => [
    ...new Array<Uint8Array>(3).fill(new Uint8Array(63).fill(0x61)),
    new Uint8Array(last).fill(0x62),
  ];

  test('255 octets are the longest name', () => {
    expect(Name.fromLabels(long(61)).wire.length).toBe(255);
    expect(() => Name.fromLabels(long(62))).toThrow('the name is 256 octets long; 255 is the limit');
  });

  test('127 labels are the most', () => {
    const labels = new Array<Uint8Array>(127).fill(Uint8Array.of(0x61));
    expect(Name.fromLabels(labels).labelCount).toBe(127);
    expect(() => Name.fromLabels([...labels, Uint8Array.of(0x61)])).toThrow('255 is the limit');
  });

  test('63 octets are the longest label', () => {
    expect(Name.fromLabels([new Uint8Array(63)]).wire.length).toBe(65);
    expect(() => Name.fromLabels([new Uint8Array(64)])).toThrow('63 is the limit');
  });

  test('wire forms are checked alike', () => {
    const wire = Name.fromLabels(long(61)).wire;
    expect(Name.fromWire(wire).wire).toEqual(wire);
    const tooLong = Uint8Array.from([63, ...new Uint8Array(63), ...wire]);
    for (const bytes of [
      tooLong,
      Uint8Array.of(64),
      Uint8Array.of(1),
      Uint8Array.of(0xc0, 0),
      new Uint8Array(0),
    ])
      expect(() => Name.fromWire(bytes)).toThrow(FormErr);
  });
});

describe('comparison', () => {
  test('knows no case, for letters of ASCII only (RFC 1034 §3.1, RFC 1035 §3.1, RFC 4343 §3)', () => {
    expect(name('EXAMPLE.com').equals(name('example.COM'))).toBe(true);
    expect(name('\\192.').equals(name('\\224.'))).toBe(false);
    expect(name('a@.').equals(name('a`.'))).toBe(false);
  });

  test('canonical order is that of RFC 4034 §6.1', () => {
    const sorted = [
      'example.',
      'a.example.',
      'yljkjljk.a.example.',
      'Z.a.example.',
      'zABC.a.EXAMPLE.',
      'z.example.',
      '\\001.z.example.',
      '*.z.example.',
      '\\200.z.example.',
    ];
    const shuffled = [...sorted].reverse().map((text) => name(text));
    expect(shuffled.sort((a, b) => a.compare(b)).map(String)).toEqual(sorted);
  });

  // RFC 1034 §3.1: a subdomain ends with the name of the domain that it is in.
  test.each([
    ['a.example.', 'example.', true],
    ['example.', 'example.', true],
    ['A.EXAMPLE.', 'example.', true],
    ['aexample.', 'example.', false],
    ['a\\007example.', 'example.', false],
    ['example.', 'a.example.', false],
    ['a.', '.', true],
  ])('%s at or below %s: %s', (below, ancestor, expected) => {
    expect(name(below).isAtOrBelow(name(ancestor))).toBe(expected);
  });
});

describe('properties', () => {
  test('what is printed is parsed again, and what is encoded decoded', () => {
    fc.assert(
      fc.property(anyName, (value) => {
        expect(Name.parse(value.toString()).wire).toEqual(value.wire);
        expect(Name.parse(value.toText()).wire).toEqual(value.wire);
        expect(Name.fromWire(value.wire).wire).toEqual(value.wire);
      }),
    );
  });

  test('a sort key says which name it is that of, but for the case', () => {
    fc.assert(
      fc.property(anyName, (value) => {
        expect(Name.fromSortKey(value.sortKey).wire).toEqual(value.canonical().wire);
      }),
    );
  });

  test.each([
    [Buffer.from('com')],
    [Buffer.of(0)],
    [Buffer.of(1, 3, 0)],
    [Buffer.of(1, 0)],
    [Buffer.alloc(70, 'a\0')],
  ])('a key that is none gives no other name', (key) => {
    let read: Name | undefined;
    try {
      read = Name.fromSortKey(key);
    } catch (error) {
      expect(error).toBeInstanceOf(NameError);
    }
    if (read) expect(read.sortKey).toEqual(new Uint8Array(key));
  });

  test('order by sort key is order by labels from the root down', () => {
    const byLabels = (a: Name, b: Name): number => {
      const lower = (value: Name): Buffer[] =>
        value
          .canonical()
          .labels()
          .reverse()
          .map((octets) => Buffer.from(octets));
      const [left, right] = [lower(a), lower(b)];
      for (let i = 0; i < Math.min(left.length, right.length); i++) {
        const order = Buffer.compare(left[i]!, right[i]!);
        if (order !== 0) return order;
      }
      return Math.sign(left.length - right.length);
    };
    fc.assert(
      fc.property(anyName, anyName, (a, b) => {
        expect(a.compare(b)).toBe(byLabels(a, b));
        expect(a.equals(b)).toBe(a.compare(b) === 0);
      }),
    );
  });

  test('a child is below its parent', () => {
    fc.assert(
      fc.property(anyName, label, (value, octets) => {
        fc.pre(value.wire.length + octets.length + 1 <= 255);
        const child = Name.fromLabels([octets, ...value.labels()]);
        expect(child.parent().equals(value)).toBe(true);
        expect(child.isAtOrBelow(value)).toBe(true);
        expect(value.isAtOrBelow(child)).toBe(false);
        expect(child.labelCount).toBe(value.labelCount + 1);
      }),
    );
  });
});
