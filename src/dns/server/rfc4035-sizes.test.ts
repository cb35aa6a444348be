import { beforeAll, describe, expect, test } from 'vitest';
import { type DnsCase, questionOf, respond, testZones, type TestZones } from '../../../test/kit/dns-case.ts';
import { decodeMessage, type Message } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { MAX_UDP_SIZE } from './answer.ts';

const zone = `$ORIGIN example.
$TTL 3600
@      SOA  ns1 bugs 1 3600 300 3600000 600
@      NS   ns.example.net.
a      A    192.0.2.1
m      MX   1 a
plain  NS   ns.example.net.
signed NS   ns.example.net.
signed DS   1 13 2 ${'AB'.repeat(32)}
x.w    A    192.0.2.2
*.w    A    192.0.2.3
`;

/** Asks with DO, for a response that may have so many octets. */
function ask(zones: TestZones, spec: DnsCase, size: number): { message: Message; length: number } {
  const query = questionOf({ ...spec, do: true, udpSize: MAX_UDP_SIZE });
  const response = respond(zones.zones, query, { reserved: MAX_UDP_SIZE - size })!;
  return { message: decodeMessage(response), length: response.length };
}

describe('what does not fit', () => {
  let zones: TestZones;
  beforeAll(async () => {
    zones = await testZones([zone], 'nsec');
  });

  test.each<[string, DnsCase]>([
    ['RFC 4035 §3.1.1: signatures of an answer', { qname: 'a.example.', qtype: 'A' }],
    ['RFC 4035 §3.1.3.1: the NSEC that a type is not there', { qname: 'a.example.', qtype: 'TXT' }],
    ['RFC 4035 §3.1.3.2: the NSECs that a name is not there', { qname: 'nope.example.', qtype: 'A' }],
    ['RFC 4035 §3.1.3.3: the NSEC beside what a wildcard answers', { qname: 'q.w.example.', qtype: 'A' }],
    ['RFC 4035 §3.1.3.4: the NSECs of a wildcard without the type', { qname: 'q.w.example.', qtype: 'TXT' }],
    ['RFC 4035 §3.1.4: the DS of a referral', { qname: 'www.signed.example.', qtype: 'A' }],
    ['RFC 4035 §3.1.4: the NSEC of a referral', { qname: 'www.plain.example.', qtype: 'A' }],
  ])('%s: sets TC, and each RRset comes with its signatures or not at all (§3.1.1)', (_title, spec) => {
    const { message, length } = ask(zones, spec, MAX_UDP_SIZE);
    expect(message.flags.tc).toBe(false);
    expect(ask(zones, spec, length).message).toEqual(message);
    const { message: less } = ask(zones, spec, length - 1);
    expect(less.flags.tc).toBe(true);
    const counts = ({ answers, authorities }: Message): number => answers.length + authorities.length;
    expect(counts(less)).toBeLessThan(counts(message));
    // What is left is whole: of two records of a signed RRset, none came alone.
    for (const section of [less.answers, less.authorities]) {
      const signable = section.filter(({ type }) => type !== Type.NS && type !== Type.RRSIG);
      expect(section.filter(({ type }) => type === Type.RRSIG)).toHaveLength(signable.length);
    }
  });

  test('RFC 4035 §3.1.1: signatures of addresses that would help do not set TC', () => {
    const spec = { qname: 'm.example.', qtype: 'MX' };
    const { message, length } = ask(zones, spec, MAX_UDP_SIZE);
    expect(message.additionals.map(({ type }) => type)).toEqual([Type.A, Type.RRSIG]);
    const { message: less } = ask(zones, spec, length - 1);
    expect(less).toMatchObject({ flags: { tc: false }, additionals: [] });
    expect(less.answers).toEqual(message.answers);
  });

  test.each(['SOA', 'NS'])('RFC 4035 §3.1.2: the keys do not come beside %s', (qtype) => {
    const { message } = ask(zones, { qname: 'example.', qtype }, MAX_UDP_SIZE);
    expect(message.additionals.filter(({ type }) => type === Type.DNSKEY)).toEqual([]);
  });
});

describe('messages over UDP', () => {
  const apex = '$ORIGIN example.\n@ SOA ns1 bugs 1 3600 300 3600000 600\n@ NS ns.example.net.\n';
  const text = (octets: number): string => `"${'x'.repeat(octets)}"`;
  const asked = (qname: string, udpSize: number): Uint8Array =>
    questionOf({ qname, qtype: 'TXT', do: true, udpSize });

  test.each([1220, 1232, 4000])(
    'RFC 4035 §3: what 1220 octets hold comes whole, to who takes %i',
    async (udpSize) => {
      const { zones } = await testZones([`${apex}t TXT ${Array(5).fill(text(200)).join(' ')}`], 'nsec');
      const response = respond(zones, asked('t.example.', udpSize))!;
      expect(response.length).toBeGreaterThan(1150);
      expect(decodeMessage(response)).toMatchObject({ flags: { tc: false }, edns: { udpSize: 1232 } });
    },
  );

  test('RFC 4035 §3: none is larger than a packet of the least MTU of IPv6, whose headers are 48 octets', async () => {
    const lengths = Array.from({ length: 21 }, (_, n) => 10 * n);
    const records = lengths.map((n) => `t${n} TXT ${Array(5).fill(text(200)).join(' ')} ${text(n)}\n`);
    const { zones } = await testZones([apex + records.join('')], 'nsec');
    const whole = (n: number, transport: 'udp' | 'tcp'): number =>
      respond(zones, asked(`t${n}.example.`, 4000), { transport })!.length;
    expect(lengths.filter((n) => whole(n, 'udp') > 1280 - 48)).toEqual([]);
    // Some fit, some would be a little larger, some much.
    const wanted = lengths.map((n) => whole(n, 'tcp'));
    expect(wanted.filter((length) => length <= 1232).length).toBeGreaterThan(0);
    expect(wanted.filter((length) => length > 1232 && length <= 1280).length).toBeGreaterThan(0);
    expect(wanted.filter((length) => length > 1280).length).toBeGreaterThan(0);
  });
});
