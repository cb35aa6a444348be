import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../core/slices.ts';
import { rdataFromText } from '../../dns/rdata/registry.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import { Name } from '../../dns/wire/name.ts';
import { printRecord } from '../../dns/zonefile/print.ts';
import { applyDifferences } from './apply.ts';
import { decodeContent, encodeContent } from './content.ts';

const zone = Name.parse('example.org');
const soa = (serial: number): ResourceRecord => ({
  ...{ owner: zone, type: Type.SOA, ttl: 60 },
  rdata: rdataFromText(Type.SOA, `ns.example. h.example. ${serial} 1 2 3 4`),
});
const host = (n: number, ttl = 60): ResourceRecord => ({
  ...{ owner: Name.parse(`h${n}.example.org`), type: Type.A, ttl },
  rdata: rdataFromText(Type.A, `192.0.2.${n}`),
});
const apply = (...given: Parameters<typeof applyDifferences>) =>
  atOnce(applyDifferences(...given))?.map(printRecord);

test('RFC 1995 §4: differences follow one another', () => {
  const steps = [
    { removed: [soa(1), host(1)], added: [soa(2), host(2)] },
    { removed: [soa(2), host(2)], added: [soa(3), host(3)] },
  ];
  expect(apply([soa(1), host(1), host(9)], steps)).toEqual([soa(3), host(9), host(3)].map(printRecord));
});

test('a TTL changes by removing and adding; a name is the same in any case', () => {
  const shouted = { ...host(1), owner: Name.parse('H1.EXAMPLE.ORG') };
  const steps = [{ removed: [soa(1), shouted], added: [soa(2), host(1, 30)] }];
  expect(apply([soa(1), host(1)], steps)).toEqual([soa(2), host(1, 30)].map(printRecord));
});

test.each([
  ['what is not there is removed', { removed: [soa(1), host(7)], added: [soa(2)] }],
  ['what is there is added', { removed: [soa(1)], added: [soa(2), host(1)] }],
  ['it begins at another version', { removed: [soa(5)], added: [soa(6)] }],
])('RFC 1995 §4: they do not fit when %s', (_what, step) => {
  expect(apply([soa(1), host(1)], [step])).toBeUndefined();
});

test('what leads from one set to another leads there, and what is stored of it is the same', () => {
  const set = fc.uniqueArray(fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(set, set, (before, after) => {
      const step = {
        removed: [soa(1), ...before.filter((n) => !after.includes(n)).map((n) => host(n))],
        added: [soa(2), ...after.filter((n) => !before.includes(n)).map((n) => host(n))],
      };
      const found = atOnce(applyDifferences([soa(1), ...before.map((n) => host(n))], [step]))!;
      expect(found.map(printRecord).sort()).toEqual(
        [soa(2), ...after.map((n) => host(n))].map(printRecord).sort(),
      );
      expect(atOnce(decodeContent(atOnce(encodeContent(found)))).map(printRecord)).toEqual(
        found.map(printRecord),
      );
    }),
  );
});
