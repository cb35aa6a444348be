import { beforeAll, describe, expect, test } from 'vitest';
import { askCase, questionOf, respond } from '../../../test/kit/dns-case.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { Rcode } from '../wire/codes.ts';
import { decodeMessage, type Message } from '../message/message.ts';
import type { ZoneSet } from './zone-set.ts';

const texts = Array.from({ length: 5 }, (_, i) => `big TXT "${String(i).repeat(250)}"`).join('\n');
const glue = Array.from(
  { length: 12 },
  (_, i) => `@ NS ns${i}.cut\nns${i}.cut A 192.0.2.${i}\nns${i}.cut AAAA 2001:db8::${i}`,
);
const zone = `$ORIGIN example.com.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
small TXT "x"
small CAA 0 issue "letsencrypt.org"
small A 192.0.2.2
${texts}
${glue.map((lines) => lines.replace('@ NS', 'cut NS')).join('\n')}
`;

let zones: ZoneSet;
beforeAll(() => {
  zones = zoneSet([imageOf(zone)]);
});

/** The answer to a query whose octets were changed. */
function altered(change: (query: Uint8Array) => Uint8Array, edns = true): Message {
  const query = questionOf({ qname: 'ns1.example.com.', qtype: 'A', ...(edns && { udpSize: 1232 }) });
  return decodeMessage(respond(zones, change(query))!);
}

function withOctet(at: number, value: number): (query: Uint8Array) => Uint8Array {
  return (query) => query.with(at < 0 ? query.length + at : at, value);
}

describe('EDNS', () => {
  test('RFC 6891 §6.1.1: OPT comes back when it was sent, and only then', () => {
    expect(altered((query) => query).edns).toMatchObject({
      udpSize: 1232,
      version: 0,
      do: false,
      options: [],
    });
    expect(altered((query) => query, false).edns).toBeUndefined();
  });

  test('RFC 6891 §6.1.3: an unknown version gets BADVERS and no answer', () => {
    const message = altered(withOctet(-5, 1));
    expect(message).toMatchObject({ rcode: Rcode.BADVERS, answers: [], edns: { version: 0 } });
  });

  test('RFC 6891 §6.1.2: unknown options are ignored, cut ones are FORMERR', () => {
    const option =
      (...octets: number[]) =>
      (query: Uint8Array) =>
        Uint8Array.from([...query.slice(0, -2), 0, octets.length, ...octets]);
    const unknown = altered(option(0xfd, 0xe9, 0, 1, 7));
    expect(unknown).toMatchObject({ rcode: Rcode.NOERROR, answers: [{}], edns: { options: [] } });
    expect(altered(option(0xfd, 0xe9, 0, 2, 7)).rcode).toBe(Rcode.FORMERR);
  });

  test('RFC 6891 §6.1.4: flags that nobody knows are ignored, and are zero in the response', () => {
    const octets = questionOf({ qname: 'ns1.example.com.', qtype: 'A', udpSize: 1232 });
    const response = respond(zones, octets.with(-4 + octets.length, 0x7f).with(-3 + octets.length, 0xff))!;
    expect(decodeMessage(response)).toMatchObject({ rcode: Rcode.NOERROR, answers: [{}] });
    expect([...response.slice(-4, -2)]).toEqual([0, 0]);
  });

  const afterOpt =
    (...octets: number[]) =>
    (query: Uint8Array) =>
      Uint8Array.from([...query, ...octets]);
  test.each<[string, (query: Uint8Array) => Uint8Array]>([
    ['§6.1.1: two of them', (query) => afterOpt(...query.slice(-11))(query).with(11, 2)],
    [
      '§6.1.2: one at another name',
      (query) => Uint8Array.from([...query.slice(0, -11), 1, 97, ...query.slice(-11)]),
    ],
    ['§6.1.1: one in another section', (query) => query.with(7, 1).with(11, 0)],
    ['§6.1.2: an option that is cut', (query) => afterOpt(0, 3, 0, 1)(query).with(query.length - 1, 4)],
    [
      'a cookie of 7 octets',
      (query) => afterOpt(0, 10, 0, 7, ...new Uint8Array(7))(query).with(query.length - 1, 11),
    ],
  ])('RFC 6891 §7: what is wrong with OPT is FORMERR, with an OPT and the question: %s', (_what, change) => {
    expect(altered(change)).toMatchObject({
      rcode: Rcode.FORMERR,
      questions: [{ type: 1 }],
      answers: [],
      edns: { version: 0 },
    });
  });

  test('RFC 6891 §7: a truncated response has the question and OPT', () => {
    const message = askCase(zones, { qname: 'big.example.com.', qtype: 'TXT', udpSize: 1000 });
    expect(message).toMatchObject({
      flags: { tc: true },
      questions: [{ type: 16 }],
      edns: { udpSize: 1232 },
    });
  });

  test('RFC 6891 §5: a binary label, or any other of the extended ones, is FORMERR', () => {
    for (const type of [0x41, 0x40, 0x7f, 0x80])
      expect(altered(withOctet(12, type)).rcode).toBe(Rcode.FORMERR);
  });

  test('RFC 8914: REFUSED says why', () => {
    const message = askCase(zones, { qname: 'example.org.', qtype: 'A', udpSize: 1232 });
    expect(message.edns!.options).toEqual([{ code: 15, data: Uint8Array.of(0, 20) }]);
  });

  test('RFC 9824 §3.4: NXNAME is no type to ask for, and the answer says so', () => {
    const message = askCase(zones, { qname: 'example.com.', qtype: 'TYPE128', udpSize: 1232 });
    expect(message.rcode).toBe(Rcode.FORMERR);
    expect(message.edns!.options).toEqual([{ code: 15, data: Uint8Array.of(0, 30) }]);
  });
});

describe('sizes', () => {
  test.each([
    ['RFC 1035 §4.2.1: 512 without EDNS', { transport: 'udp' as const }, true, 512],
    ['RFC 6891 §6.2.3: what the client takes', { transport: 'udp' as const, udpSize: 1000 }, true, 1000],
    ['RFC 6891 §6.2.3, §6.2.5: never less than 512', { transport: 'udp' as const, udpSize: 100 }, true, 512],
    ['never more than 1232', { transport: 'udp' as const, udpSize: 4096 }, true, 1232],
    ['RFC 7766 §5: anything over TCP', { transport: 'tcp' as const }, false, 65535],
  ])('%s', (_title, how, truncated, limit) => {
    const query = questionOf({ qname: 'big.example.com.', qtype: 'TXT', ...how });
    const octets = respond(zones, query, { transport: how.transport })!;
    const message = decodeMessage(octets);
    expect(octets.length).toBeLessThanOrEqual(limit);
    expect(message.flags.tc).toBe(truncated);
    // RFC 2181 §5.1, §9: an RRset comes whole or not at all.
    expect(message.answers).toHaveLength(truncated ? 0 : 5);
  });

  test('RFC 9471 §3.1: glue that does not fit truncates a referral', () => {
    const spec = { qname: 'x.cut.example.com.', qtype: 'A' };
    expect(askCase(zones, { ...spec, udpSize: 1232 }).flags.tc).toBe(false);
    expect(askCase(zones, { ...spec, udpSize: 1232 }).additionals).toHaveLength(24);
    expect(askCase(zones, spec).flags.tc).toBe(true);
    expect(askCase(zones, { ...spec, transport: 'tcp' }).flags.tc).toBe(false);
  });
});

describe('RFC 8482 §4.1', () => {
  test.each(['udp', 'tcp'] as const)('ANY gets one small RRset over %s', (transport) => {
    const { answers } = askCase(zones, { qname: 'small.example.com.', qtype: 'ANY', transport });
    expect(answers.map(({ type }) => type)).toEqual([16]);
  });
});

describe('messages that are no plain query', () => {
  test('responses and stubs are dropped', () => {
    const query = questionOf({ qname: 'ns1.example.com.', qtype: 'A' });
    expect(respond(zones, query.with(2, 0x80))).toBeUndefined();
    expect(respond(zones, query.subarray(0, 11))).toBeUndefined();
  });

  test.each([1, 2, 3, 4, 5, 6, 15])('RFC 1034 §3.7.2, RFC 1035 §6.4: opcode %d is NOTIMP', (opcode) => {
    expect(altered(withOctet(2, opcode << 3))).toMatchObject({ rcode: Rcode.NOTIMP, opcode, questions: [] });
  });

  test('RFC 9619 §4: a query holds one question', () => {
    expect(altered(withOctet(5, 0)).rcode).toBe(Rcode.FORMERR);
    expect(altered(withOctet(5, 2)).rcode).toBe(Rcode.FORMERR);
  });

  test('octets behind the message are FORMERR', () => {
    expect(altered((query) => Uint8Array.from([...query, 0])).rcode).toBe(Rcode.FORMERR);
  });

  test('a compressed question is FORMERR', () => {
    expect(altered(withOctet(12, 0xc0)).rcode).toBe(Rcode.FORMERR);
  });

  test('RFC 1034 §4.3.1, RFC 1035 §4.1.1: RD and CD come back, RA and AD do not; Z is clear', () => {
    const message = altered((query) => query.with(2, 0x01).with(3, 0x70));
    // RFC 6604 §2.2: AD is for who has validated.
    expect(message.flags).toMatchObject({ rd: true, cd: true, ra: false, ad: false });
  });

  test.each([
    ['OPT', Rcode.FORMERR],
    ['TYPE128', Rcode.FORMERR],
    ['TYPE249', Rcode.NOTIMP],
    ['TSIG', Rcode.NOTIMP],
    ['TYPE253', Rcode.NOTIMP],
    ['IXFR', Rcode.REFUSED],
  ])('%s is no type to ask for', (qtype, rcode) => {
    expect(askCase(zones, { qname: 'example.com.', qtype }).rcode).toBe(rcode);
  });

  test('RFC 1035 §4.1.1: an error inside is SERVFAIL, and reported', () => {
    const failure = new Error('broken on purpose');
    const broken: ZoneSet = {
      ...zones,
      find() {
        throw failure;
      },
    };
    const errors: unknown[] = [];
    const query = questionOf({ qname: 'ns1.example.com.', qtype: 'A', do: true });
    const response = respond(broken, query, { onError: (error) => errors.push(error) });
    expect(decodeMessage(response!)).toMatchObject({
      rcode: Rcode.SERVFAIL,
      answers: [],
      edns: { do: true },
    });
    expect(errors).toEqual([failure]);
  });
});
