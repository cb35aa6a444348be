import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryView } from '../../test/kit/memory-view.ts';
import { contextOf } from '../../test/kit/record-context.ts';
import { arbitraryZone } from '../../test/zones/arbitrary.ts';
import { box, custom, domain, n, zoneInput } from '../../test/zones/input.ts';
import { atOnce } from '../core/slices.ts';
import { Type } from '../dns/type-codes.ts';
import { printRecord } from '../dns/zonefile/print.ts';
import { advice, affectedOwners, compose, customNeeded } from './compose.ts';
import { leftOutOf, reasonLeftOut } from './left-out.ts';
import type { CustomRecord, SourcedRecord, ZoneInput } from './model.ts';
import { contentOf } from './publisher/content.ts';

function at(records: readonly SourcedRecord[], ...owners: string[]): string[] {
  const keys = owners.map((owner) => n(owner).key);
  return lines(records.filter((record) => keys.includes(record.owner.key)));
}

function lines(records: readonly SourcedRecord[]): string[] {
  return records.map(printRecord).sort();
}

function withCustom(...records: CustomRecord[]): SourcedRecord[] {
  return compose(zoneInput({ custom: records }));
}

describe('a name with an address but no mail', () => {
  test('says so', () => {
    expect(at(compose(zoneInput()), 'ns1.box.example.com', '_dmarc.ns1.box.example.com')).toEqual([
      '_dmarc.ns1.box.example.com. 3600 IN TXT "v=DMARC1; p=reject"',
      'ns1.box.example.com. 3600 IN A 192.0.2.1',
      'ns1.box.example.com. 3600 IN AAAA 2001:db8::1',
      'ns1.box.example.com. 3600 IN MX 0 .',
      'ns1.box.example.com. 3600 IN TXT "v=spf1 -all"',
    ]);
  });

  test('of the person says so too, unless it has mail or a policy of its own', () => {
    const records = withCustom(
      custom('a.example.com', 'A', '203.0.113.1'),
      custom('b.example.com', 'A', '203.0.113.1'),
      custom('b.example.com', 'MX', '10 b.example.com.'),
      custom('c.example.com', 'A', '203.0.113.1'),
      custom('c.example.com', 'TXT', '"v=spf1 a -all"'),
      custom('_dmarc.c.example.com', 'TXT', '"v=DMARC1; p=none"'),
      custom('*.d.example.com', 'A', 'local'),
    );
    expect(at(records, 'a.example.com', '_dmarc.a.example.com')).toEqual([
      '_dmarc.a.example.com. 3600 IN TXT "v=DMARC1; p=reject"',
      'a.example.com. 3600 IN A 203.0.113.1',
      'a.example.com. 3600 IN MX 0 .',
      'a.example.com. 3600 IN TXT "v=spf1 -all"',
    ]);
    expect(at(records, 'b.example.com', '_dmarc.b.example.com')).toHaveLength(2);
    expect(at(records, 'c.example.com', '_dmarc.c.example.com')).toEqual([
      '_dmarc.c.example.com. 3600 IN TXT "v=DMARC1; p=none"',
      'c.example.com. 3600 IN A 203.0.113.1',
      'c.example.com. 3600 IN MX 0 .',
      'c.example.com. 3600 IN TXT "v=spf1 a -all"',
    ]);
    expect(at(records, '*.d.example.com', '_dmarc.*.d.example.com')).toEqual([
      '*.d.example.com. 3600 IN A 192.0.2.1',
      '*.d.example.com. 3600 IN A 192.0.2.2',
      '*.d.example.com. 3600 IN MX 0 .',
      '*.d.example.com. 3600 IN TXT "v=spf1 -all"',
    ]);
  });

  test('at the apex keeps what the zone is made of', () => {
    const input = zoneInput({ domains: [domain('example.com', { mail: false })] });
    expect(new Set(at(compose(input), 'example.com').map((line) => line.split(' ')[3]))).toEqual(
      new Set(['SOA', 'NS', 'A', 'AAAA', 'MX', 'TXT', 'HTTPS', 'CAA', 'DNSKEY', 'CDS', 'CDNSKEY']),
    );
  });
});

describe('a custom record', () => {
  test('replaces the derived ones of its type', () => {
    const records = withCustom(custom('example.com', 'MX', '5 mx.example.net.'));
    expect(at(records, 'example.com').filter((line) => line.includes(' MX '))).toEqual([
      'example.com. 3600 IN MX 5 mx.example.net.',
    ]);
    expect(at(records, '_mta-sts.example.com', 'mta-sts.example.com')).toEqual([]);
  });

  test('replaces the TXT of its purpose only', () => {
    const records = withCustom(
      custom('example.com', 'TXT', '"V=SPF1 mx a -all"'),
      custom('example.com', 'TXT', '"site-verification=1"', 60),
    );
    expect(at(records, 'example.com').filter((line) => line.includes(' TXT '))).toEqual([
      'example.com. 60 IN TXT "V=SPF1 mx a -all"',
      'example.com. 60 IN TXT "site-verification=1"',
    ]);
  });

  test('address leads away from the box altogether', () => {
    const records = withCustom(custom('www.example.com', 'A', '203.0.113.1'));
    expect(at(records, 'www.example.com')).toEqual([
      'www.example.com. 3600 IN A 203.0.113.1',
      'www.example.com. 3600 IN MX 0 .',
      'www.example.com. 3600 IN TXT "v=spf1 -all"',
    ]);
  });

  test('RFC 2181 §10.1: CNAME replaces all that is derived at its owner, and its DMARC', () => {
    const records = withCustom(custom('www.example.com', 'CNAME', 'example.net.'));
    expect(at(records, 'www.example.com', '_dmarc.www.example.com')).toEqual([
      'www.example.com. 3600 IN CNAME example.net.',
    ]);
  });

  test('never replaces what the zone or the box needs', () => {
    const owners = ['example.com', 'box.example.com', 'ns1.box.example.com', '_dmarc.example.com'];
    const records = withCustom(
      custom('example.com', 'NS', 'ns.example.net.'),
      custom('example.com', 'SOA', 'a. b. 1 2 3 4 5'),
      custom('example.com', 'CNAME', 'example.net.'),
      custom('example.com', 'DNAME', 'example.net.'),
      custom('box.example.com', 'NS', 'ns.example.net.'),
      custom('box.example.com', 'A', '203.0.113.1'),
      custom('ns1.box.example.com', 'CNAME', 'example.net.'),
      custom('other.example.org', 'A', '203.0.113.1'),
    );
    expect(at(records, ...owners)).toEqual(at(compose(zoneInput()), ...owners));
    expect(lines(records)).toEqual(lines(compose(zoneInput())));
  });

  test('RFC 2181 §6.1: NS delegates: only DS and glue stay at and below it', () => {
    // RFC 4035 §2.4: the DS has the TTL of the NS, where nobody says another, and is nowhere but at a delegation.
    const records = withCustom(
      custom('sub.example.com', 'NS', 'ns.sub.example.com.'),
      custom('sub.example.com', 'DS', `60485 13 2 ${'AB'.repeat(32)}`),
      custom('sub.example.com', 'TXT', '"lost"'),
      custom('ns.sub.example.com', 'A', '203.0.113.1'),
      custom('x.sub.example.com', 'TXT', '"lost"'),
      custom('stray.example.com', 'DS', `60485 13 2 ${'AB'.repeat(32)}`),
    );
    expect(lines(records.filter(({ owner }) => owner.isAtOrBelow(n('sub.example.com'))))).toEqual([
      'ns.sub.example.com. 3600 IN A 203.0.113.1',
      `sub.example.com. 3600 IN DS 60485 13 2 ${'AB'.repeat(32)}`,
      'sub.example.com. 3600 IN NS ns.sub.example.com.',
    ]);
    expect(at(records, 'stray.example.com')).toEqual([]);
  });

  test('RFC 6672 §2.4: DNAME hides what is below it', () => {
    const records = withCustom(
      custom('old.example.com', 'DNAME', 'example.net.'),
      custom('old.example.com', 'A', '203.0.113.1'),
      custom('www.old.example.com', 'A', '203.0.113.1'),
    );
    const below = records.filter(({ owner }) => owner.isAtOrBelow(n('old.example.com')));
    expect(new Set(below.map(({ owner }) => owner.toText()))).toEqual(new Set(['old.example.com']));
    expect(new Set(below.map(({ type }) => type))).toEqual(new Set([Type.DNAME, Type.A, Type.MX, Type.TXT]));
  });

  test('that no longer reads takes nothing else down', () => {
    const records = withCustom(custom('www.example.com', 'A', 'junk'));
    expect(lines(records)).toEqual(lines(compose(zoneInput())));
  });

  test('has the TTL of the zone, and the lowest in its RRset', () => {
    const zone = { name: n('example.com'), ttl: 900, denial: 'nsec', serial: undefined } as const;
    const records = compose(
      zoneInput({
        zone,
        custom: [custom('a.example.com', 'TXT', 'x', 60), custom('a.example.com', 'TXT', 'y')],
      }),
    );
    expect(at(records, 'a.example.com')).toEqual([
      'a.example.com. 60 IN TXT "x"',
      'a.example.com. 60 IN TXT "y"',
    ]);
  });
});

test('what is left out is told, with the reason', () => {
  const input = zoneInput({
    domains: [domain('example.com'), domain('shop.example.com')],
    custom: [
      custom('a.example.com', 'A', '203.0.113.1'),
      custom('local.example.com', 'AAAA', 'local'),
      custom('a.example.com', 'MX', '10 A.Example.COM.'),
      custom('shop.example.com', 'CNAME', 'example.net.'),
      custom('b.example.com', 'A', 'junk'),
      custom('old.example.com', 'DNAME', 'example.net.'),
      custom('x.old.example.com', 'TXT', '"x"'),
      // The box took the name since.
      custom('box.example.com', 'A', '203.0.113.1'),
    ],
  });
  const left = input.custom.filter(leftOutOf(served(compose(input)), box));
  const context = contextOf(input);
  expect(left.map((record) => [record.owner.toText(), reasonLeftOut(record, context)])).toEqual([
    ['shop.example.com', expect.stringContaining('receives mail, so it cannot be a CNAME')],
    ['b.example.com', expect.stringContaining('The value is not a valid A record')],
    ['x.old.example.com', expect.stringContaining('old.example.com has a DNAME record')],
    ['box.example.com', expect.stringContaining("are the box's own")],
  ]);
});

function served(records: readonly SourcedRecord[]): MemoryView {
  const nodes = [...atOnce(contentOf(records)).values()].map(({ owner, rrsets }) => ({
    owner,
    rrsets: rrsets.map((rrset) => ({ ...rrset, signatures: [] })),
  }));
  return new MemoryView(n('example.com'), nodes);
}

test('advice for a domain served elsewhere is its table without SOA, NS and keys', () => {
  const elsewhere = domain('example.org', { dns: 'external', web: false });
  const records = advice(zoneInput(), elsewhere);
  expect(records.every(({ owner }) => owner.isAtOrBelow(elsewhere.name))).toBe(true);
  expect(at(records, 'example.org')).toEqual([
    'example.org. 3600 IN CAA 0 iodef "mailto:admin@example.net"',
    'example.org. 3600 IN CAA 0 issue "letsencrypt.org; validationmethods=dns-01; accounturi=https://ca.example/acct/1"',
    'example.org. 3600 IN CAA 0 issuewild "letsencrypt.org; validationmethods=dns-01; accounturi=https://ca.example/acct/1"',
    'example.org. 3600 IN MX 10 box.example.com.',
    'example.org. 3600 IN TXT "v=spf1 mx -all"',
  ]);
});

describe('composing a few owners', () => {
  /** What the publisher does: only the person's records that `customNeeded` asks for. */
  function narrowed(input: ZoneInput, owners: CustomRecord['owner'][]): SourcedRecord[] {
    const needed = new Set(customNeeded(owners, input.zone.name).map((name) => name.key));
    const few = input.custom.filter((record) => needed.has(record.owner.key));
    return compose({ ...input, custom: few }, new Set(owners.map((owner) => owner.key)));
  }

  test('gives what the whole zone has there', () => {
    fc.assert(
      fc.property(arbitraryZone, (input) => {
        const whole = compose(input);
        const owners = [...whole, ...input.custom].map(({ owner }) => owner);
        for (const owner of owners) {
          const expected = whole.filter((record) => record.owner.equals(owner));
          expect(lines(narrowed(input, [owner]))).toEqual(lines(expected));
        }
      }),
      { numRuns: 20 },
    );
  });

  test('at the affected ones is enough after a change', () => {
    fc.assert(
      fc.property(arbitraryZone, fc.nat(), (after, choice) => {
        const changed = after.custom[choice % Math.max(1, after.custom.length)];
        if (!changed) return;
        const before = { ...after, custom: after.custom.filter((record) => record !== changed) };
        const affected = affectedOwners(changed.owner, [changed.type]);
        if (affected === 'all') return;
        const keys = new Set(affected.map((owner) => owner.key));
        const updated = [
          ...compose(before).filter((record) => !keys.has(record.owner.key)),
          ...narrowed(after, affected),
        ];
        expect(lines(updated)).toEqual(lines(compose(after)));
      }),
      { numRuns: 200 },
    );
  });

  test('costs nothing for ten thousand others', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => custom(`h${i}.example.com`, 'A', '203.0.113.1'));
    const input = zoneInput({ custom: many });
    expect(narrowed(input, [n('h7.example.com'), n('_dmarc.h7.example.com')])).toHaveLength(4);
    const start = process.hrtime.bigint();
    for (let i = 0; i < 20; i++)
      compose({ ...input, custom: many.slice(i, i + 1) }, new Set([n(`h${i}.example.com`).key]));
    expect(Number(process.hrtime.bigint() - start) / 20e6).toBeLessThan(50);
  });
});

test('RFC 2181 §5, §5.2: every RRset has one TTL, no rdata twice, and the box is always where it is', () => {
  fc.assert(
    fc.property(arbitraryZone, (input) => {
      const records = compose(input);
      for (const rrset of Map.groupBy(records, ({ owner, type }) => `${owner.key} ${type}`).values()) {
        expect(new Set(rrset.map(({ ttl }) => ttl)).size).toBe(1);
        expect(new Set(rrset.map(printRecord)).size).toBe(rrset.length);
      }
      if (!input.holdsHostname) return;
      const host = records.filter(({ owner, type }) => owner.equals(box.hostname) && type === Type.A);
      expect(host).toHaveLength(input.box.ipv4.length);
    }),
    { numRuns: 100 },
  );
});
