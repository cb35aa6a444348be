import { describe, expect, test } from 'vitest';
import { describeCases } from '../../../test/kit/case-table.ts';
import { questionOf, respond } from '../../../test/kit/dns-case.ts';
import { namedRdata } from '../../../test/kit/named-rdata.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { rdataFromText, typeCode } from '../rdata/registry.ts';

const apex = `$ORIGIN example.com.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.53
`;

const plain = namedRdata.filter(({ isWellKnown }) => !isWellKnown);
const zones = zoneSet([
  imageOf(`${apex}${plain.map(({ type, text }) => `${type} ${type} ${text}`).join('\n')}\n`),
]);

describe('RFC 3597', () => {
  // The question ends like the names, so that there is something to point to.
  test.each(plain)('RFC 3597 §3, §4: the rdata of $type goes out octet for octet', ({ type, text }) => {
    const response = respond(zones, questionOf({ qname: `${type}.example.com.`, qtype: type }))!;
    const rdata = rdataFromText(typeCode(type)!, text);
    expect(Buffer.from(response).toString('hex')).toContain(Buffer.from(rdata).toString('hex'));
  });
});

describeCases(
  'RFC 3597: types that nobody knows',
  'nsec',
  [
    `${apex}new TYPE65280 \\# 17 036e7331076578616d706c6503636f6d00\nold TYPE1 \\# 4 c0000201\nempty TYPE65281 \\# 0\n`,
  ],
  [
    {
      why: 'RFC 3597 §8: nothing comes with them, though a name may seem to stand there',
      qname: 'new.example.com.',
      qtype: 'TYPE65280',
      answer: ['new.example.com. 3600 TYPE65280 \\# 17 036E7331076578616D706C6503636F6D00'],
    },
    {
      why: 'RFC 3597 §5: a known one is that in any form',
      qname: 'old.example.com.',
      qtype: 'A',
      answer: ['old.example.com. 3600 A 192.0.2.1'],
    },
    {
      why: 'RFC 3597 §5: rdata may be empty',
      qname: 'empty.example.com.',
      qtype: 'TYPE65281',
      answer: ['empty.example.com. 3600 TYPE65281 \\# 0'],
    },
  ],
);
