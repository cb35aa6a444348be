import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rdataFromText } from '../rdata/registry.ts';
import type { ResourceRecord } from '../rr.ts';
import { Name } from '../wire/name.ts';
import { parseZoneFile } from './parse.ts';
import { printRecord, printZoneFile } from './print.ts';

const origin = Name.parse('example.com');

function records(text: string): ResourceRecord[] {
  const result = parseZoneFile(text, { origin });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.records;
}

const zone = records(`
$TTL 3600
www 300 A 192.0.2.2
www 300 A 192.0.2.1
@ NS ns1
a-rather-long-owner-that-does-not-widen-the-column-for-all TXT "x"
mail MX 10 mail.example.net.
@ SOA ns1 hostmaster 1 14400 3600 1209600 3600
b.a A 192.0.2.3
a A 192.0.2.4
ns.example.net. A 192.0.2.5
other.EXAMPLE.com. A 192.0.2.6
`);

test('a zone, in canonical order with the SOA first, relative to its origin', () => {
  expect(printZoneFile(zone, { origin })).toBe(`$ORIGIN example.com.
$TTL 3600
@                      IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 3600
@                      IN NS  ns1.example.com.
a                      IN A   192.0.2.4
b.a                    IN A   192.0.2.3
a-rather-long-owner-that-does-not-widen-the-column-for-all     IN TXT "x"
mail                   IN MX  10 mail.example.net.
other.EXAMPLE.com.     IN A   192.0.2.6
www                300 IN A   192.0.2.1
www                300 IN A   192.0.2.2
ns.example.net.        IN A   192.0.2.5
`);
});

test('without an origin owners are absolute; one TTL for all needs no column', () => {
  expect(printZoneFile(zone.filter((record) => record.ttl === 300))).toBe(`$TTL 300
www.example.com. IN A 192.0.2.1
www.example.com. IN A 192.0.2.2
`);
});

test('comments stay in their line', () => {
  const comments = (record: ResourceRecord): string | undefined =>
    record.type === 15 ? 'why\n@ 1 A 192.0.2.9' : undefined;
  const mail = zone.filter((record) => record.type === 15);
  expect(printZoneFile(mail, { comments })).toContain('10 mail.example.net. ; why @ 1 A 192.0.2.9\n');
  expect(records(printZoneFile(mail, { comments }))).toEqual(mail);
});

test('no records', () => {
  expect(printZoneFile([])).toBe('');
});

test('one record', () => {
  expect(printRecord(zone[0]!)).toBe('www.example.com. 300 IN A 192.0.2.2');
});

describe('round trip (RFC 1034 §4.2.1, RFC 4343 §2.1)', () => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 12 });
  const name = fc
    .tuple(fc.array(label, { maxLength: 4 }), fc.constantFrom(origin, Name.parse('Example.com'), Name.root))
    .map(([labels, base]) => Name.fromLabels([...labels, ...base.labels()]));
  const strings = fc.array(fc.uint8Array({ maxLength: 255 }), { minLength: 1, maxLength: 3 });
  const rdata = fc.oneof(
    name.map((exchange) => ({ type: 15, rdata: rdataFromText(15, `10 ${exchange.toString()}`) })),
    name.map((target) => ({ type: 5, rdata: target.wire })),
    strings.map((all) => ({ type: 16, rdata: Uint8Array.from(all.flatMap((one) => [one.length, ...one])) })),
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map((octets) => ({ type: 1, rdata: octets })),
    fc
      .tuple(fc.integer({ min: 65280, max: 65534 }), fc.uint8Array({ maxLength: 600 }))
      .map(([type, octets]) => ({ type, rdata: octets })),
  );
  const record = fc
    .tuple(name, fc.integer({ min: 0, max: 0x7fffffff }), rdata)
    .map(([owner, ttl, data]) => ({ owner, ttl, ...data }));

  /** Everything of a record, case included, without what a Name caches. */
  const flat = (record: ResourceRecord): string =>
    [record.owner.wire, record.rdata].map((octets) => Buffer.from(octets).toString('hex')).join(' ') +
    ` ${record.type} ${record.ttl}`;

  test.each([
    ['relative', { origin }],
    ['absolute', {}],
    ['with comments', { origin, comments: () => ') " \\' }],
  ])('%s', (_what, options) => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (list) => {
        const result = parseZoneFile(printZoneFile(list, options));
        expect(result.ok && result.records.map(flat).sort()).toEqual(list.map(flat).sort());
      }),
    );
  });

  test('one record', () => {
    fc.assert(
      fc.property(record, (one) => {
        const result = parseZoneFile(printRecord(one));
        expect(result.ok && result.records.map(flat)).toEqual([flat(one)]);
      }),
    );
  });

  test('any text ends in records or errors', () => {
    const word = fc.constantFrom(
      ...['a', '@', ' ', '\n', '(', ')', '"', ';', '\\', '$TTL', '$GENERATE', '1-2', '$', '${0', 'IN', 'A'],
      ...['MX', 'TXT', '10', '192.0.2.1', '\\#', '\r', '\0', 'é', 'SOA', 'TYPE1'],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const result = parseZoneFile(words.join(''), { origin });
        if (result.ok) expect(records(printZoneFile(result.records))).toHaveLength(result.records.length);
        else expect(result.errors.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});

test('a large zone takes time in proportion', () => {
  const started = process.cpuUsage().user;
  const text = Array.from({ length: 50_000 }, (_, n) => `host${n} 300 IN A 192.0.2.1 ; a comment`).join('\n');
  expect(records(text)).toHaveLength(50_000);
  expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
});
