import { expect, test } from 'vitest';
import { respond } from '../../../test/kit/dns-case.ts';
import { queryBytes } from '../../../test/kit/ask.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { lifetimeOf } from './lifetime.ts';

const zones = zoneSet([
  imageOf(`$ORIGIN example.com.
@ 3600 SOA ns1 hostmaster 1 7200 3600 1209600 600
@ 3600 NS ns1
ns1 300 A 192.0.2.1
ns1 300 A 192.0.2.2
alias 20 CNAME ns1
short 0 A 192.0.2.1
`),
  imageOf(`$ORIGIN low.example.
@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600
@ 60 NS ns1
ns1 60 A 192.0.2.1
`),
]);

test.each([
  ['RFC 8484 §5.1: the TTL of an answer', 'ns1.example.com.', 300],
  ['RFC 8484 §5.1: the least of a chain', 'alias.example.com.', 20],
  // RFC 1035 §3.2.1.
  ['none', 'short.example.com.', 0],
  ['RFC 8484 §5.1, RFC 2308 §5: MINIMUM of the SOA', 'nope.example.com.', 600],
  ['or its TTL, where that is less', 'nope.low.example.', 60],
  ['a refusal is not kept', 'example.org.', 0],
])('%s', (_, name, seconds) => {
  expect(lifetimeOf(respond(zones, queryBytes(name, 'A'), { transport: 'tcp' })!)).toBe(seconds);
});
