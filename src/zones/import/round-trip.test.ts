import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { systemRandom } from '../../core/random.ts';
import { typeName } from '../../dns/type-codes.ts';
import type { RecordRequest } from '../custom/validate.ts';
import { createImport } from './service.ts';

const zone = name('example.com');
let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

const custom = () => zones.records.list(zone, { limit: 500, cursor: undefined }, {}).items;
const shape = () =>
  custom().map(({ owner, type, value, effectiveTtl }) => [owner.toText(), type, value, effectiveTtl]);

/** Exports the zone, takes the domain away, and imports the file: the same records, and the same zone but for its serial. */
async function throughZoneFile(): Promise<void> {
  const before = shape();
  const text = await zones.zones.zonefile(zone, { signed: false });
  await zones.domains.remove(person, zone);
  const { store, publisher, sources, parts, clock } = zones;
  const resolve = () => Promise.reject(new Error('no resolver'));
  const take = createImport({ store, publisher, sources, parts, clock, random: systemRandom, resolve });
  await take(person, { zone, from: { kind: 'zonefile', text }, dryRun: false, mail: true, web: true });
  expect(shape()).toEqual(before);
  expect(withoutSerial(await zones.zones.zonefile(zone, { signed: false }))).toEqual(withoutSerial(text));
}

function withoutSerial(text: string): string[] {
  return text.split('\n').filter((line) => !/\sSOA\s/.test(line));
}

const long = 'x'.repeat(700);
const table: Omit<RecordRequest, 'ttl'>[] = [
  { owner: 'a.example.com', type: 'A', value: '192.0.2.9' },
  { owner: '*.wild.example.com', type: 'AAAA', value: '2001:DB8::9' },
  { owner: 'here.example.com', type: 'TXT', value: 'bare words; and a semicolon' },
  { owner: 'q.example.com', type: 'TXT', value: '"quote \\" backslash \\\\ octet \\255" "" "second"' },
  { owner: 'l.example.com', type: 'TXT', value: long },
  { owner: 'dotted\\.label.example.com', type: 'TXT', value: '"x"' },
  { owner: 'sp\\032ace.example.com', type: 'TXT', value: '"x"' },
  { owner: '\\000\\255\\@.example.com', type: 'TXT', value: '"x"' },
  { owner: 'straße.example.com', type: 'CNAME', value: 'bücher.example.net.' },
  { owner: 'c.example.com', type: 'CAA', value: '128 iodef "mailto:a;b@example.com"' },
  { owner: 'n.example.com', type: 'NAPTR', value: '1 2 "U" "E2U+sip" "!^.*$!sip:a\\\\1@b!" .' },
  { owner: 'h.example.com', type: 'HTTPS', value: '1 . alpn="h2,h3" port=8443' },
  { owner: 's.example.com', type: 'SRV', value: '0 1 443 host.example.net.' },
  { owner: 'u.example.com', type: 'URI', value: '10 1 "https://example.net/?a=b;c"' },
  { owner: 't.example.com', type: 'TYPE65280', value: '\\# 3 ab0022' },
  { owner: 'd.example.com', type: 'NS', value: 'ns.d.example.com.' },
  { owner: 'ns.d.example.com', type: 'A', value: '192.0.2.53' },
  { owner: 'd.example.com', type: 'DS', value: `60485 13 2 ${'ab'.repeat(32)}` },
  { owner: 'example.com', type: 'TXT', value: 'v=verification something' },
  { owner: 'www.example.com', type: 'A', value: '198.51.100.80' },
  { owner: 'list.example.com', type: 'A', value: '192.0.2.25' },
  { owner: 'list.example.com', type: 'MX', value: '10 list.example.com.' },
  { owner: 'list.example.com', type: 'TXT', value: '"v=spf1 -all"' },
];

describe('a record', () => {
  it.each(
    table.filter(({ owner }) => !/^(list|d)\./.test(owner)).map((one) => [one.owner, one.type, one] as const),
  )('%s %s comes back through a zone file', async (_owner, _type, record) => {
    await zones.records.add(person, zone, [{ ...record, ttl: 7200 }]);
    await throughZoneFile();
  });

  it('and all together do', async () => {
    const inOrder = [...table].sort((a, b) => Number(b.type === 'A') - Number(a.type === 'A'));
    await zones.records.add(person, zone, inOrder);
    expect(custom()).toHaveLength(table.length);
    await throughZoneFile();
  });

  it('is the same again when its shown value is written', async () => {
    await zones.records.add(
      person,
      zone,
      [...table].sort((a, b) => Number(b.type === 'A') - Number(a.type === 'A')),
    );
    const before = custom();
    for (const record of before) {
      const { records } = await zones.records.add(person, zone, [
        { owner: record.owner.toText(), type: typeName(record.type), value: record.value, ttl: record.ttl },
      ]);
      expect(records[0]).toEqual(record);
    }
    expect(custom()).toEqual(before);
  });

  it('TXT holds any text, however it is written', async () => {
    const written = fc.array(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 40 })),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    await fc.assert(
      fc.asyncProperty(written, async (strings) => {
        const value = strings.map((text) => `"${text.replace(/[\\"]/g, '\\$&')}"`).join(' ');
        await zones.records.replace(person, zone, [
          { owner: 'any.example.com', type: 'TXT', value, ttl: 60 },
        ]);
        await throughZoneFile();
      }),
      { numRuns: Number(process.env['FC_RUNS'] ?? 20) },
    );
  });
});
