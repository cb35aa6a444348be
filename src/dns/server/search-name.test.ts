import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyName } from '../../../test/kit/arbitraries.ts';
import { FormErr } from '../wire/form-error.ts';
import { ancestorStart, createSearchName, keyLength, setSearchName } from './search-name.ts';

const name = createSearchName();

describe('the name that is looked for', () => {
  test('has the wire form, its labels and the sort key of any name, and of each one above it', () => {
    fc.assert(
      fc.property(anyName, fc.nat(20), (one, before) => {
        const source = new Uint8Array(before + one.wire.length + 5).fill(7);
        source.set(one.wire, before);
        expect(setSearchName(name, source, before, source.length)).toBe(before + one.wire.length);
        expect(name.wire.slice(0, name.length)).toEqual(one.wire);
        expect(name.key.slice(0, keyLength(name))).toEqual(one.sortKey);
        expect(name.labels).toBe(one.labelCount);
        for (let above = one; !above.isRoot; above = above.parent()) {
          expect(name.wire.slice(ancestorStart(name, above.labelCount), name.length)).toEqual(above.wire);
          expect(name.key.slice(0, name.keyEnds[above.labelCount])).toEqual(above.sortKey);
        }
      }),
    );
  });

  test.each([
    ['is cut short in a label', [3, 0x61, 0x62]],
    ['is cut short before the root', [1, 0x61]],
    ['is compressed', [1, 0x61, 0xc0, 12, 0]],
    ['has 256 octets', [...Array.from({ length: 127 }, () => [1, 0x61]).flat(), 1, 0x61, 0]],
  ])('is refused when it %s', (_, octets) => {
    const source = Uint8Array.from(octets);
    expect(() => setSearchName(name, source, 0, source.length)).toThrow(FormErr);
  });
});
