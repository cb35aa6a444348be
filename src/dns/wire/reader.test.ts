import { describe, expect, test } from 'vitest';
import { FormErr } from './form-error.ts';
import { WireReader } from './reader.ts';

const at = (hex: string, offset: number): WireReader => new WireReader(Buffer.from(hex, 'hex'), offset);

describe('compressed names (RFC 1035 §4.1.4)', () => {
  test('the example of the RFC: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA', () => {
    const bytes = '0146034953490441525041' + '00' + '03464f4fc000' + 'c006' + '00';
    expect(at(bytes, 0).name().toString()).toBe('F.ISI.ARPA.');
    const foo = at(bytes, 12);
    expect(foo.name().toString()).toBe('FOO.F.ISI.ARPA.');
    expect(foo.offset).toBe(18);
    expect(at(bytes, 18).name().toString()).toBe('ARPA.');
  });

  test.each([
    ['to itself', 'c000', 0],
    ['forwards', 'c00200', 0],
    ['round in a circle', '0161c000', 2],
    ['round with a label', '0161c000', 0],
    ['to a place that ends in this pointer', '00016102c001', 4],
    ['cut', 'c0', 0],
    // RFC 4343 §3.2.
    ['with a label type that never was (0x40)', '4000', 0],
    ['with a label type that never was (0x80)', '8000', 0],
    ['past the end', '0361', 0],
  ])('a name that leads %s is refused', (_, hex, offset) => {
    expect(() => at(hex, offset).name()).toThrow(FormErr);
  });

  test('127 pointers are followed, 128 are not', () => {
    // Each step is one label and a pointer to the step before: a name of n labels takes n pointers but the first.
    const build = (steps: number): Uint8Array => {
      const bytes = [0];
      let previous = 0;
      for (let i = 0; i < steps; i++) {
        const start = bytes.length;
        bytes.push(1, 0x61, 0xc0 | (previous >> 8), previous & 0xff);
        previous = start;
      }
      return Uint8Array.from(bytes);
    };
    const last = (steps: number): number => 1 + 4 * (steps - 1);
    expect(new WireReader(build(127), last(127)).name().labelCount).toBe(127);
    expect(() => new WireReader(build(128), last(128)).name()).toThrow(FormErr);
  });

  test('pointers to pointers are bounded too', () => {
    const bytes = [0, 0xc0, 0];
    for (let i = 1; i < 200; i++) bytes.push(0xc0 | ((2 * i - 1) >> 8), (2 * i - 1) & 0xff);
    expect(() => new WireReader(Uint8Array.from(bytes), bytes.length - 2).name()).toThrow('lead back');
  });

  test('refused where names must be whole', () => {
    expect(() => at('016100c000', 3).name(false)).toThrow('must not be compressed');
    expect(() => new WireReader(Buffer.from('016100c000', 'hex'), 3, 5, false).slice(2).name()).toThrow(
      'must not be compressed',
    );
  });

  test('a name stays inside the end of its slice', () => {
    const reader = at('0361626300', 0);
    expect(() => reader.slice(4).name()).toThrow(FormErr);
  });
});

test('takes are copies, even of a Buffer', () => {
  const bytes = Buffer.from('0102', 'hex');
  const taken = new WireReader(bytes).take(2);
  bytes.fill(0);
  expect(taken).toEqual(Uint8Array.of(1, 2));
});

test.each(['u8', 'u16', 'u32', 'string'] as const)('%s past the end is refused', (method) => {
  expect(() => new WireReader(method === 'string' ? Uint8Array.of(1) : new Uint8Array(0))[method]()).toThrow(
    FormErr,
  );
});

test('numbers are unsigned', () => {
  const reader = at('ffffffffffffff', 0);
  expect([reader.u8(), reader.u16(), reader.u32()]).toEqual([0xff, 0xffff, 0xffffffff]);
});
