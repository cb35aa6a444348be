import { describe, expect, test } from 'vitest';
import { rareRecords } from '../../../test/kit/rare-records.ts';
import { contextOf, removalProblem } from '../../../test/kit/record-context.ts';
import { VALUES } from '../../../test/zones/arbitrary.ts';
import { box, custom, domain, n, zoneInput } from '../../../test/zones/input.ts';
import { printRdata, typeName } from '../../dns/rdata/registry.ts';
import type { Type } from '../../dns/type-codes.ts';
import type { CustomRecord, ZoneInput } from '../model.ts';
import { validateRecord } from './validate.ts';

type TypeWord = keyof typeof Type;

/** What comes of a record: `type value` as it is stored, or the problems. */
function check(
  owner: string,
  type: string,
  value: string,
  existing: CustomRecord[] = [],
  options: Partial<ZoneInput> = {},
): string {
  const context = contextOf(zoneInput({ domains: [domain('example.com')], ...options, custom: existing }));
  const result = validateRecord({ owner, type, value }, context);
  if (!result.ok)
    return result.problems.map(({ code, field, message }) => `${code} ${field}: ${message}`).join('\n');
  return `${result.existing ? 'again ' : ''}${typeName(result.record.type)} ${result.record.value}`;
}

describe('a value is stored in zone-file form', () => {
  test.each([
    ['A', '192.0.2.7', 'A 192.0.2.7'],
    ['a', ' 192.0.2.7 ', 'A 192.0.2.7'],
    ['A', 'LOCAL', 'A local'],
    ['AAAA', 'local', 'AAAA local'],
    ['AAAA', '2001:DB8:0::7', 'AAAA 2001:db8::7'],
    ['CNAME', 'Host.example.net', 'CNAME Host.example.net.'],
    ['CNAME', 'bücher.example', 'CNAME xn--bcher-kva.example.'],
    ['MX', '10 mail.example.net', 'MX 10 mail.example.net.'],
    ['MX', '0 .', 'MX 0 .'],
    ['SRV', '0 0 0 .', 'SRV 0 0 0 .'],
    ['TYPE65280', '\\# 3 010203', 'TYPE65280 \\# 3 010203'],
    ['TYPE1', '192.0.2.7', 'A 192.0.2.7'],
  ])('%s %s', (type, value, stored) => {
    expect(check('x.example.com', type, value)).toBe(stored);
  });

  const long = 'k'.repeat(300);
  const split = `TXT "${'k'.repeat(255)}" "${'k'.repeat(45)}"`;
  test.each([
    ['v=spf1 mx -all', 'TXT "v=spf1 mx -all"'],
    ['"v=spf1 mx -all"', 'TXT "v=spf1 mx -all"'],
    ['"a" "b"', 'TXT "a" "b"'],
    [long, split],
    [`"${long}"`, split],
    ['( "v=DKIM1; k=rsa; "\n\t  "p=MIIB" )', 'TXT "v=DKIM1; k=rsa; " "p=MIIB"'],
    ['v=DKIM1\\; k=rsa\\; p=MIIB', 'TXT "v=DKIM1; k=rsa; p=MIIB"'],
    ['say "hi"', 'TXT "say \\"hi\\""'],
    ['Grüße', 'TXT "Gr\\195\\188\\195\\159e"'],
    ['""', 'TXT ""'],
  ])('TXT %s', (value, stored) => {
    expect(check('x.example.com', 'TXT', value)).toBe(stored);
  });
});

describe('each type that a person may write', () => {
  const allowed = VALUES.filter(([type]) => type !== 'ZONEMD');
  test.each(allowed)('%s', (type, values) => {
    const delegated = type === 'DS' ? [custom('x.example.com', 'NS', 'ns.example.net.')] : [];
    for (const value of values)
      expect(check('x.example.com', type, value.replace('OWNER', 'box.example.com.'), delegated)).toMatch(
        new RegExp(`^${type} `),
      );
  });

  test.each(allowed)('and junk in %s is refused, with an example', (type) => {
    const problem = check('x.example.com', type, 'this is junk');
    if (type === 'TXT') expect(problem).toBe('TXT "this is junk"');
    else expect(problem).toContain(`invalid-record value: The value is not a valid ${type} record`);
    expect(check('x.example.com', type, ' ')).toContain('the value is missing');
  });
});

test.each(rareRecords().map((record) => [typeName(record.type), record] as const))(
  'a person may write %s as BIND does',
  (type, { owner, rdata, type: code }) => {
    const value = printRdata(code, rdata);
    expect(check(owner.toText(), type, value)).toBe(`${type} ${value}`);
  },
);

describe('what is wrong by itself is refused', () => {
  test.each([
    // RFC 1034 §4.2.1: there is one already.
    ['x.example.com', 'SOA', 'a. b. 1 2 3 4 5', 'invalid-record type: SOA records are made by the box'],
    // RFC 4034 §2, §2.1.1: a DNSKEY holds a key of the zone, at its apex, and §3: an RRSIG a signature, which the box makes.
    ['x.example.com', 'DNSKEY', '256 3 13 AAAA', 'invalid-record type: DNSKEY records are made by the box'],
    ['x.example.com', 'NSEC', 'x.example.com. A', 'invalid-record type: NSEC records are made by the box'],
    ['x.example.com', 'RRSIG', '', 'invalid-record type: RRSIG records are made by the box'],
    // RFC 7344 §4.1: at the apex, and there by the keys that sign.
    ['x.example.com', 'CDS', '0 0 0 00', 'invalid-record type: CDS records are made by the box'],
    ['x.example.com', 'ZONEMD', '', 'invalid-record type: A ZONEMD record is a digest'],
    ['x.example.com', 'TYPE263', '\\# 1 00', 'invalid-record type: The box cannot check TYPE263'],
    ['x.example.com', 'TYPE37', '\\# 1 00', 'invalid-record value: The value is not a valid CERT record'],
    // RFC 1035 §3.3.4, §3.3.5.
    ['x.example.com', 'MD', 'mail.example.net.', 'MD records are obsolete'],
    ['x.example.com', 'MF', 'mail.example.net.', 'MF records are obsolete'],
    // RFC 5155 §3.2.1: what is never stored is in no bitmap.
    ['x.example.com', 'TYPE0', '\\# 0', 'invalid-record type: TYPE0 is never stored'],
    ['x.example.com', 'ANY', '', 'invalid-record type'],
    // RFC 4034 §4.1.2: no zone has a pseudo-type, so none is in a bitmap.
    ['x.example.com', 'TYPE41', '\\# 0', 'invalid-record type: OPT is never stored'],
    ['x.example.com', 'BOGUS', '1', 'invalid-record type: "BOGUS" is no record type'],
    ['x.example.net', 'A', '192.0.2.7', 'outside-zone owner: x.example.net is not in the zone example.com'],
    ['x..example.com', 'A', '192.0.2.7', 'invalid-name owner: "x..example.com" is no domain name'],
    ['@', 'A', '192.0.2.7', 'invalid-name owner: Write the whole name'],
    ['x.example.com', 'A', '192.0.2', 'invalid-record value'],
    ['x.example.com', 'TXT', '"open', 'a quote is left open'],
    ['x.example.com', 'MX', 'mail.example.net.', 'a good MX value is 10 mail.example.net.'],
    ['x.example.com', 'MX', '10 192.0.2.7', '192.0.2.7 is an IP address, and MX needs a name'],
    ['x.example.com', 'CNAME', '192.0.2.7.', '192.0.2.7 is an IP address'],
    [
      'x.example.com',
      'MX',
      '10 mail',
      'mail is only one label; write the whole name, such as mail.example.com.',
    ],
    ['x.example.com', 'MX', '10 .', 'must be written as 0 .'],
    ['x.example.com', 'NS', '.', '"." is no target of a NS record'],
    ['x.example.com', 'MX', '10 _x.example.net.', '_x.example.net is not a host name'],
    ['x.example.com', 'CNAME', 'X.example.com.', 'leads back to x.example.com'],
    ['x.example.com', 'DNAME', 'y.x.example.com.', 'the DNAME would lead to itself'],
    // RFC 6742 §2.4.1.2.
    ['x.example.com', 'LP', '10 X.example.com.', 'The LP record of x.example.com would lead to itself'],
    // RFC 9460 §2.4.2.
    ['x.example.com', 'SVCB', '0 X.example.com.', 'The SVCB record of x.example.com would lead to itself'],
  ])('%s %s %s', (owner, type, value, message) => {
    expect(check(owner, type, value)).toContain(message);
  });

  test.each([-1, 1.5, 2 ** 31, Number.NaN])('RFC 2181 §8: a TTL of %d', (ttl) => {
    const context = contextOf(zoneInput());
    const result = validateRecord({ owner: 'x.example.com', type: 'A', ttl, value: '192.0.2.7' }, context);
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'invalid-record', field: 'ttl' }] });
  });

  test('and everything that is wrong is told at once', () => {
    expect(check('x..example.com', 'A', 'junk').split('\n')).toHaveLength(2);
  });

  test('"local" without an address of that family', () => {
    expect(check('x.example.com', 'AAAA', 'local', [], { box: { ...box, ipv6: [] } })).toContain(
      'The box has no IPv6 address',
    );
  });
});

test.each([' ', 'a', 'ü', '"', '\\', '\n', '\t a'])('a long value of %j takes no long time', (piece) => {
  const value = `x${piece.repeat(60_000)}x`;
  const before = process.threadCpuUsage();
  for (const type of ['TXT', 'MX', 'CNAME', 'CAA']) check('x.example.com', type, value);
  // Of this thread, in microseconds: what else the machine does takes none of it.
  expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(2000);
});

describe('what would break the zone or the box is refused', () => {
  test.each<[string, TypeWord, string, string]>([
    ['example.com', 'NS', 'ns.example.net.', 'add them as secondaries'],
    ['example.com', 'CNAME', 'example.net.', 'cannot be a CNAME, because its SOA and NS'],
    ['example.com', 'DNAME', 'example.net.', 'would hide every other name'],
    // RFC 4035 §2.4.
    ['example.com', 'DS', `1 13 2 ${'AB'.repeat(32)}`, 'belongs into the parent zone'],
    // RFC 4592 §4.2, §4.4, §4.6.
    ['*.example.com', 'NS', 'ns.example.net.', 'A wildcard cannot have NS records'],
    ['*.example.com', 'DNAME', 'example.net.', 'A wildcard cannot have DNAME records'],
    ['*.example.com', 'DS', `1 13 2 ${'AB'.repeat(32)}`, 'A wildcard cannot have DS records'],
    ['box.example.com', 'A', '203.0.113.1', "are the box's own"],
    ['ns1.box.example.com', 'CNAME', 'example.net.', "are the box's own"],
    ['box.example.com', 'NS', 'ns.example.net.', 'would make it unreachable'],
    // RFC 9615 §4.1: no cut at a name that vouches for the keys of a zone.
    ['_dsboot.example.net._signal.ns1.box.example.com', 'NS', 'ns.example.net.', 'vouches for the keys'],
    ['example.net._Signal.ns2.box.example.com', 'DNAME', 'example.org.', 'vouches for the keys'],
    ['mail.example.com', 'CNAME', 'example.net.', 'receives mail, so it cannot be a CNAME'],
    ['sub.example.com', 'NS', 'ns.example.net.', 'The domain a.sub.example.com is hosted here'],
    ['sub.example.com', 'DNAME', 'example.net.', 'The domain a.sub.example.com is hosted here'],
  ])('%s %s', (owner, type, value, message) => {
    const domains = ['example.com', 'mail.example.com', 'a.sub.example.com'].map((name) => domain(name));
    const problem = check(owner, type, value, [], { domains });
    expect(problem).toMatch(/^record-conflict owner: /);
    expect(problem).toContain(message);
  });
});

describe('beside other records', () => {
  const existing = [
    custom('alias.example.com', 'CNAME', 'example.net.'),
    custom('host.example.com', 'A', '203.0.113.1'),
    custom('cut.example.com', 'NS', 'ns.example.net.'),
    custom('old.example.com', 'DNAME', 'example.net.'),
    custom('example.com', 'TXT', '"v=spf1 a -all"'),
    custom('list.example.com', 'MX', '10 host.example.com.'),
    custom('text.example.com', 'TXT', '"x"'),
    custom('a.deep.example.com', 'TXT', '"x"'),
    custom('to.example.com', 'HTTPS', '0 example.net.'),
    custom('bound.example.com', 'HTTPS', '1 . port=8443'),
  ];
  // RFC 1034 §3.6.2 (CNAME), §4.2.1 (delegations), RFC 1035 §5.2 (glue).
  test.each([
    // RFC 4035 §2.5: beside a CNAME there are RRSIG and NSEC alone.
    ['alias.example.com', 'A', '192.0.2.7', 'has a CNAME record, and no other record can stand beside it'],
    ['alias.example.com', 'CNAME', 'other.example.net.', 'there can be only one'],
    ['text.example.com', 'CNAME', 'example.net.', 'has TXT records, and a CNAME cannot stand beside'],
    ['host.example.com', 'CNAME', 'example.net.', 'has A records, and a CNAME cannot stand beside'],
    ['x.cut.example.com', 'TXT', 'x', 'cut.example.com is delegated by NS records'],
    ['cut.example.com', 'MX', '10 host.example.com.', 'is delegated by NS records'],
    ['x.old.example.com', 'A', '192.0.2.7', 'has a DNAME record, so nothing below it'],
    [
      'deep.example.com',
      'NS',
      'ns.example.net.',
      'a.deep.example.com has a TXT record, which would no longer',
    ],
    [
      'deep.example.com',
      'DNAME',
      'example.net.',
      'a.deep.example.com has a TXT record, which would no longer',
    ],
    ['text.example.com', 'NS', 'ns.example.net.', 'has TXT records, which would no longer be answered'],
    // RFC 4035 §2.4.
    ['host.example.com', 'DS', `1 13 2 ${'AB'.repeat(32)}`, 'is not delegated'],
    ['x.example.com', 'MX', '10 alias.example.com.', 'is a CNAME, and MX must lead to a name with addresses'],
    // RFC 2782 §Target.
    ['x.example.com', 'SRV', '0 0 1 nothing.example.com.', 'has no address yet'],
    ['x.example.com', 'SRV', '0 0 1 alias.example.com.', 'is a CNAME, and SRV must lead to a name'],
    ['x.example.com', 'NS', 'ns.x.example.com.', 'has no address yet'],
    ['example.com', 'TXT', 'v=spf1 -all', 'has an SPF record already'],
    ['list.example.com', 'MX', '0 .', 'cannot both receive mail and say'],
    // RFC 9460 §2.4.1, §2.4.2.
    ['to.example.com', 'HTTPS', '0 example.org.', 'one with priority 0 (AliasMode) stands alone'],
    ['to.example.com', 'HTTPS', '1 .', 'one with priority 0 (AliasMode) stands alone'],
    ['bound.example.com', 'HTTPS', '0 example.org.', 'one with priority 0 (AliasMode) stands alone'],
  ])('%s %s %s is refused', (owner, type, value, message) => {
    const problem = check(owner, type, value, existing);
    expect(problem).toContain('record-conflict');
    expect(problem).toContain(message);
  });

  test.each([
    ['bound.example.com', 'HTTPS', '2 . port=8444', 'HTTPS 2 . port=8444'],
    ['www.example.com', 'CNAME', 'example.net.', 'CNAME example.net.'],
    ['_dmarc.example.com', 'CNAME', 'dmarc.example.net.', 'CNAME dmarc.example.net.'],
    ['host.example.com', 'A', '203.0.113.1', 'again A 203.0.113.1'],
    ['LIST.example.com', 'MX', '10 HOST.example.com', 'again MX 10 HOST.example.com.'],
    ['x.cut.example.com', 'A', '192.0.2.7', 'A 192.0.2.7'],
    ['x.example.com', 'MX', '10 mail.cut.example.com.', 'MX 10 mail.cut.example.com.'],
    ['x.example.com', 'MX', '10 box.example.com.', 'MX 10 box.example.com.'],
    ['x.example.com', 'NS', 'host.example.com.', 'NS host.example.com.'],
    ['_signal.ns1.box.example.com', 'NS', 'host.example.com.', 'NS host.example.com.'],
    ['x.y._signal.example.com', 'NS', 'host.example.com.', 'NS host.example.com.'],
    ['example.com', 'TXT', 'google-site-verification=1', 'TXT "google-site-verification=1"'],
    ['*.example.com', 'A', 'local', 'A local'],
  ])('%s %s %s is welcome', (owner, type, value, stored) => {
    expect(check(owner, type, value, existing)).toBe(stored);
  });

  test('RFC 1034 §3.6.2: a chain of CNAMEs that leads back is refused', () => {
    const chain = [
      custom('a.example.com', 'CNAME', 'b.example.com.'),
      custom('b.example.com', 'CNAME', 'c.example.com.'),
    ];
    expect(check('c.example.com', 'CNAME', 'a.example.com.', chain)).toContain('leads back to c.example.com');
  });

  test('an RRset that no message could hold is refused', () => {
    const many = Array.from({ length: 190 }, (_, i) =>
      custom('x.example.com', 'TXT', `"${i}${'y'.repeat(250)}"`),
    );
    expect(check('x.example.com', 'TXT', `"z${'y'.repeat(250)}"`, many)).toContain(
      'would not fit into a DNS message',
    );
  });

  test('a name that an MX leads to cannot become a CNAME', () => {
    const others = [custom('x.example.com', 'MX', '10 www.example.com.')];
    expect(check('www.example.com', 'CNAME', 'example.net.', others)).toContain(
      'The MX record of x.example.com leads to',
    );
  });
});

describe('taking a record out', () => {
  const address = custom('host.example.com', 'A', '203.0.113.1');

  test('is refused while others lead to it', () => {
    const existing = [address, custom('example.com', 'SRV', '0 0 1 host.example.com.')];
    const problem = removalProblem(address, contextOf(zoneInput({ custom: existing })));
    expect(problem?.message).toContain('A record of example.com leads to host.example.com');
    const secondaries = { ...box, secondaries: [n('host.example.com')] };
    expect(
      removalProblem(address, contextOf(zoneInput({ box: secondaries, custom: [address] })))?.message,
    ).toContain('The NS records of every zone lead');
  });

  test('is fine when an address is left, or nothing leads there', () => {
    const second = custom('host.example.com', 'AAAA', '2001:db8::7');
    const leading = custom('example.com', 'SRV', '0 0 1 host.example.com.');
    const cases = [[address], [address, second, leading]];
    for (const existing of cases)
      expect(removalProblem(address, contextOf(zoneInput({ custom: existing })))).toBeUndefined();
  });
});
