import { expect, test } from 'vitest';
import { type Message, type MessageRecord, newMessage } from '../message/message.ts';
import { Name } from '../wire/name.ts';
import { parseZoneFile } from '../zonefile/parse.ts';
import { readReferral } from './referral.ts';

const zone = Name.parse('com');
const name = Name.parse('www.example.com');

interface Sections {
  rcode?: number;
  aa?: boolean;
  answer?: string;
  authority?: string;
  additional?: string;
}

function records(text = ''): MessageRecord[] {
  const result = parseZoneFile(`$ORIGIN com.\n$TTL 60\n${text}`);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.records.map((record) => ({ ...record, class: 1 }));
}

function message({ rcode = 0, aa = false, answer, authority, additional }: Sections): Message {
  const answers = records(answer);
  return newMessage({
    id: 1,
    rcode,
    flags: { qr: true, aa },
    answers,
    authorities: records(authority),
    additionals: records(additional),
  });
}

const soa = '@ SOA . . 1 2 3 4 5';

test.each<[string, Sections, unknown]>([
  [
    'a referral',
    { authority: 'example NS ns.example' },
    { kind: 'referral', cut: { zone: Name.parse('example.com') } },
  ],
  ['a referral with AA', { aa: true, authority: 'example NS ns.example' }, { kind: 'referral' }],
  ['an answer', { aa: true, answer: 'www.example A 192.0.2.1' }, { kind: 'answer' }],
  [
    'a cached answer',
    { answer: 'www.example A 192.0.2.1' },
    { kind: 'lame', detail: 'answers without authority' },
  ],
  ['NODATA', { aa: true, authority: soa }, { kind: 'nothing', nxdomain: false, zone }],
  ['NODATA without SOA', { aa: true }, { kind: 'nothing', nxdomain: false, zone: undefined }],
  ['NXDOMAIN', { aa: true, rcode: 3, authority: soa }, { kind: 'nothing', nxdomain: true, zone }],
  [
    'NXDOMAIN with an NS RRset',
    { aa: true, rcode: 3, authority: `${soa}\nexample NS ns` },
    { kind: 'nothing' },
  ],
  ['NXDOMAIN without authority', { rcode: 3 }, { kind: 'lame' }],
  [
    'a referral to the root',
    { authority: '. NS a.root-servers.net.' },
    { kind: 'lame', detail: 'refers back up' },
  ],
  ['a referral to the zone itself', { authority: '@ NS ns' }, { kind: 'lame', detail: 'refers back up' }],
  // RFC 1034 §5.3.3: a delegation that leads no nearer is bogus.
  ['a referral elsewhere', { authority: 'other NS ns.other' }, { kind: 'lame' }],
  ['nothing at all', {}, { kind: 'lame' }],
  ['SERVFAIL', { rcode: 2 }, { kind: 'lame', detail: 'answers SERVFAIL' }],
  ['REFUSED', { rcode: 5 }, { kind: 'lame', detail: 'answers REFUSED' }],
])('%s', (_what, sections, expected) => {
  expect(readReferral(message(sections), name, zone)).toMatchObject(expected as object);
});

test('a record of another class', () => {
  const foreign = message({ authority: 'example NS ns.example' });
  foreign.authorities[0]!.class = 3;
  expect(readReferral(foreign, name, zone)).toMatchObject({ kind: 'lame' });
});

test('glue is taken for the servers that are named, and for no others', () => {
  const reading = readReferral(
    message({
      authority: 'example NS ns1.example\nexample NS ns2.example\nexample NS ns.example.net.',
      additional: 'NS1.Example A 192.0.2.1\nns1.example AAAA 2001:db8::1\nother A 192.0.2.9',
    }),
    name,
    zone,
  );
  expect(reading.kind === 'referral' && reading.cut.nameservers).toEqual([
    { name: Name.parse('ns1.example.com'), addresses: ['192.0.2.1', '2001:db8::1'] },
    { name: Name.parse('ns2.example.com'), addresses: [] },
    { name: Name.parse('ns.example.net'), addresses: [] },
  ]);
});

test('of names and addresses without end only as many are taken as anybody needs', () => {
  const many = <T>(make: (n: number) => T): T[] => Array.from({ length: 100 }, (_, n) => make(n));
  const reading = readReferral(
    message({
      authority: many((n) => `example NS ns${n}.example`).join('\n'),
      additional: many((n) => `ns0.example A 192.0.2.${n}`).join('\n'),
    }),
    name,
    zone,
  );
  const nameservers = reading.kind === 'referral' ? reading.cut.nameservers : [];
  expect(nameservers).toHaveLength(32);
  expect(nameservers[0]!.addresses).toHaveLength(16);
});
