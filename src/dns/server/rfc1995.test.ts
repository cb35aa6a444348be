import { describe, expect, test } from 'vitest';
import { testRequests } from '../../../test/kit/test-requests.ts';
import { imageOf } from '../../../test/kit/test-zone.ts';
import { FakeClock } from '../../core/clock.ts';
import { atOnce } from '../../core/slices.ts';
import { decodeMessage, encodeMessage, newMessage } from '../message/message.ts';
import { rdataFromText } from '../rdata/registry.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type, typeName } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { encodeDifference } from './transfer-difference.ts';

/* RFC 1995: what is answered to IXFR, by the version that the client has. */

const zone = Name.parse('example.com');
const soa = (serial: number): ResourceRecord => ({
  ...{ owner: zone, type: Type.SOA, ttl: 300 },
  rdata: rdataFromText(Type.SOA, `ns1.example.com. hostmaster.example.com. ${serial} 7200 3600 1209600 600`),
});
const host = (n: number): ResourceRecord => ({
  ...{ owner: zone.child('host'), type: Type.A, ttl: 300 },
  rdata: rdataFromText(Type.A, `192.0.2.${n}`),
});
/** One record of an RRset of two became another one. */
const difference = atOnce(encodeDifference({ removed: [soa(3), host(1)], added: [soa(7), host(2)] }));

const requests = testRequests(
  [
    imageOf(`$ORIGIN example.com.
$TTL 300
@ SOA ns1 hostmaster 7 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
host A 192.0.2.2
host A 192.0.2.9
`),
  ],
  { keys: [], addresses: ['192.0.2.53'] },
  new FakeClock(),
);

/** What a client gets that has this version: each record, the SOA with its serial. */
function ixfr(since: number, transport: 'udp' | 'tcp' = 'tcp'): string[] {
  const query = encodeMessage(
    newMessage({
      ...{ id: 7, questions: [{ name: zone, type: Type.IXFR, class: Class.IN }] },
      authorities: [{ ...soa(since), class: Class.IN }],
    }),
  );
  const messages = requests.ask(query, { transport }).map(decodeMessage);
  expect(messages).toMatchObject([
    { id: 7, rcode: Rcode.NOERROR, flags: { aa: true, tc: false }, questions: [{ type: Type.IXFR }] },
  ]);
  expect(messages[0]!.authorities).toEqual([]);
  return messages[0]!.answers.map(({ type, rdata }) =>
    type === Type.SOA
      ? `SOA ${Buffer.from(rdata).readUInt32BE(rdata.length - 20)}`
      : `${typeName(type)}${type === Type.A ? ` ${rdata[3]}` : ''}`,
  );
}

const whole = ['SOA 7', 'NS', 'A 2', 'A 9', 'A 1', 'SOA 7'];

describe('RFC 1995: IXFR', () => {
  test.each([
    ['RFC 1995 §2: who has this version gets its SOA and nothing else', 7],
    ['RFC 1995 §2: who has a later one too', 8],
    ['RFC 1995 §2: who has a later one in the sense of RFC 1982 too', 0x8000_0006],
  ])('%s', (_what, since) => {
    requests.control = () => difference;
    requests.asked.length = 0;
    expect(ixfr(since)).toEqual(['SOA 7']);
    expect(requests.asked).toEqual([]);
  });

  test('RFC 1995 §2, §4: who has an earlier one gets what changed, the SOA before and behind it, and no more of an RRset than that', () => {
    requests.control = () => difference;
    expect(ixfr(3)).toEqual(['SOA 7', 'SOA 3', 'A 1', 'SOA 7', 'A 2', 'SOA 7']);
    expect(requests.asked.at(-1)).toMatchObject({ what: 'difference', since: 3 });
  });

  test('RFC 1995 §4, §6: whose version is not known gets the whole zone, and no error', () => {
    requests.control = () => undefined;
    expect(ixfr(1)).toEqual(whole);
  });

  test('RFC 1995 §2: over UDP everybody gets the SOA, and comes again over TCP', () => {
    requests.control = () => difference;
    for (const since of [3, 7]) expect(ixfr(since, 'udp')).toEqual(['SOA 7']);
  });

  test('RFC 1995 §3: without the SOA of the version that is there it is FORMERR', () => {
    const questions = [{ name: zone, type: Type.IXFR, class: Class.IN }];
    const [answer] = requests.ask(encodeMessage(newMessage({ id: 7, questions })));
    expect(decodeMessage(answer!)).toMatchObject({ rcode: Rcode.FORMERR, answers: [] });
  });
});
