import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../core/slices.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Name } from '../../dns/wire/name.ts';
import {
  applyJournal,
  decodeJournal,
  encodeJournal,
  foldJournals,
  invertJournal,
  type JournalEntry,
} from './journal.ts';

const record: fc.Arbitrary<ResourceRecord> = fc.record({
  owner: fc.constantFrom('example.com', 'a.example.com', 'b.example.com').map((text) => Name.parse(text)),
  type: fc.constantFrom(1, 16),
  ttl: fc.constantFrom(60, 3600),
  rdata: fc.uint8Array({ minLength: 1, maxLength: 2 }).map((bytes) => bytes.map((octet) => octet & 1)),
});

const text = ({ owner, type, ttl, rdata }: ResourceRecord): string =>
  `${owner.toText()} ${ttl} ${type} ${Buffer.from(rdata).toString('hex')}`;
const texts = (records: readonly ResourceRecord[]): string[] => [...new Set(records.map(text))].sort();

/** The plainest way to a difference of two versions. */
function difference(before: readonly ResourceRecord[], after: readonly ResourceRecord[]): JournalEntry[] {
  const [old, now] = [new Set(before.map(text)), new Set(after.map(text))];
  const once = (list: readonly ResourceRecord[]) => [
    ...new Map(list.map((one) => [text(one), one])).values(),
  ];
  return [
    ...once(before)
      .filter((one) => !now.has(text(one)))
      .map((one) => ({ ...one, op: '-' as const })),
    ...once(after)
      .filter((one) => !old.has(text(one)))
      .map((one) => ({ ...one, op: '+' as const })),
  ];
}

describe('the journal of a zone', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(record, fc.constantFrom('+' as const, '-' as const))), (list) => {
        const entries = list.map(([one, op]) => ({ ...one, op }));
        const read = decodeJournal(atOnce(encodeJournal(entries)));
        expect(read.map((entry) => entry.op + text(entry))).toEqual(
          entries.map((entry) => entry.op + text(entry)),
        );
      }),
    );
  });

  it('leads through any versions to the last, and back to the first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(record, { maxLength: 6 }), { minLength: 2, maxLength: 6 }),
        (versions) => {
          const [first, last] = [versions[0]!, versions.at(-1)!];
          const net = foldJournals(versions.slice(1).map((after, i) => difference(versions[i]!, after)));
          expect(texts(atOnce(applyJournal(first, net)))).toEqual(texts(last));
          expect(texts(atOnce(applyJournal(last, invertJournal(net))))).toEqual(texts(first));
          expect(net).toHaveLength(difference(first, last).length);
        },
      ),
    );
  });
});
