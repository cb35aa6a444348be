import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countJson } from './json-shape.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** A container that is empty counts as one with a value. */
function valuesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const inside = Object.values(value).reduce((sum: number, inner) => sum + valuesOf(inner), 0);
  return 1 + Math.max(1, inside);
}

const octetsOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

test('counts any JSON as it is, wherever it is cut', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, cut) => {
      const octets = octetsOf(value);
      const parts = [
        octets.subarray(0, cut % (octets.length + 1)),
        octets.subarray(cut % (octets.length + 1)),
      ];
      const verdict = (depth: number, values: number) => {
        const shape = countJson({ depth, values });
        return parts.map((part) => shape.take(part)).find((found) => found !== undefined);
      };
      const [depth, values] = [depthOf(value), valuesOf(value)];
      expect(verdict(depth, values)).toBeUndefined();
      if (depth > 0) expect(verdict(depth - 1, values)).toBe('depth');
      expect(verdict(depth, values - 1)).toBe(values === 1 ? undefined : 'values');
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['brackets in strings are text', ['[[[[{{{{', '\\"[[[,,,,', '"']],
  ['escapes of escapes', ['\\', '\\\\"', '\\\\\\']],
])('%s', (_, strings) => {
  expect(countJson({ depth: 1, values: strings.length + 1 }).take(octetsOf(strings))).toBeUndefined();
});
