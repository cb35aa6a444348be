import { beforeAll, describe, expect, test } from 'vitest';
import { askCase, testZones, type TestZones } from '../../../test/kit/dns-case.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';

/** Labels of a name with 119 empty non-terminals in a row above it. */
const deep = Array.from({ length: 120 }, () => 'd').join('.');

const zone = `$ORIGIN e.example.
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 900
@ NS ns1
ns1 A 192.0.2.1
b A 192.0.2.2
c NS ns.c
ns.c A 192.0.2.3
${Array.from({ length: 300 }, (_, i) => `g${i}.c A 192.0.2.4\n`).join('')}
ns.x.y.z.c A 192.0.2.5
${deep} A 192.0.2.6
a.k NS ns.a.k
ns.a.k A 192.0.2.7
deeper.ns.a.k A 192.0.2.8
`;

describe('NSEC that covers a name (RFC 4035 §3.1.3.5)', () => {
  let zones: TestZones;
  beforeAll(async () => {
    zones = await testZones([zone], 'nsec');
  });

  /** Owners of the NSEC records in the answer to a question about a name that is not there. */
  function covering(qname: string, rcode: number = Rcode.NXDOMAIN): string[] {
    const message = askCase(zones.zones, { qname, qtype: 'A', do: true });
    expect(message.rcode).toBe(rcode);
    return message.authorities
      .filter(({ type }) => type === Type.NSEC)
      .map(({ owner }) => owner.toText().replace(/\.?e\.example$/, ''))
      .sort();
  }

  test.each([
    ['beside any other name', 'bb.e.example.', ['', 'b']],
    ['behind all names below a cut', 'cc.e.example.', ['', 'c']],
    ['behind a cut below an empty non-terminal, and names below names', 'ka.e.example.', ['', 'a.k']],
    ['behind an empty non-terminal', 'b.k.e.example.', ['a.k', deep]],
    ['before what stands below many empty non-terminals', `a.${deep.slice(2)}.e.example.`, ['c', 'c']],
  ])('%s', (_title, qname, expected) => {
    expect(covering(qname)).toEqual([...new Set(expected)].sort());
  });

  test('an empty non-terminal, and the deepest of many', () => {
    expect(covering('k.e.example.', Rcode.NOERROR)).toEqual([deep]);
    expect(covering('d.e.example.', Rcode.NOERROR)).toEqual(['c']);
    expect(covering(`${deep.slice(2)}.e.example.`, Rcode.NOERROR)).toEqual(['c']);
  });
});
