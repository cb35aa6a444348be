import { beforeAll, describe, expect, test } from 'vitest';
import { questionOf, respond } from '../../../test/kit/dns-case.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { Class, rcodeName } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { OptionCode } from './codes.ts';
import { noFeatures } from './features.ts';
import type { ZoneSet } from './zone-set.ts';

let zones: ZoneSet;
beforeAll(() => {
  const sound = '@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600\n@ 60 NS ns1\n';
  zones = zoneSet([
    imageOf(`$ORIGIN example.com.\n${sound}`),
    // As one that has expired, or cannot be read.
    imageOf('$ORIGIN broken.example.\n@ 60 NS ns1\n'),
  ]);
});

function ask(query: Uint8Array): Message {
  return decodeMessage(respond(zones, query)!);
}

/** The extended error of a response: its octets, in hex. */
const errorsOf = ({ edns }: Message): string[] =>
  edns!.options
    .filter(({ code }) => code === OptionCode.ede)
    .map(({ data }) => Buffer.from(data).toString('hex'));

describe('RFC 8914', () => {
  test.each([
    ['RFC 8914 §4.21: what we are not authoritative for', 'example.org.', 'A', Class.IN, 'REFUSED', '0014'],
    ['RFC 8914 §4.22: a class', 'example.com.', 'A', 3, 'REFUSED', '0015'],
    ['RFC 8914 §4.22: a type', 'example.com.', 'TSIG', Class.IN, 'NOTIMP', '0015'],
    ['RFC 8914 §4.19: who may not have it', 'example.com.', 'AXFR', Class.IN, 'REFUSED', '0012'],
    ['RFC 8914 §4.25: a zone without data', 'www.broken.example.', 'A', Class.IN, 'SERVFAIL', '0018'],
  ])('%s', (_why, qname, qtype, qclass, rcode, error) => {
    const query = questionOf({ qname, qtype, qclass, udpSize: 1232 });
    const message = ask(query);
    expect(rcodeName(message.rcode)).toBe(rcode);
    // No text, which is nothing that could be cut or tell too much.
    expect(errorsOf(message)).toEqual([error]);
    const recursive = ask(query.with(2, query[2]! | 0x01));
    expect(errorsOf(recursive)).toEqual([error]);
  });

  test('RFC 8914 §2: who sends no OPT is told no error', () => {
    expect(ask(questionOf({ qname: 'example.org.', qtype: 'A' })).edns).toBeUndefined();
  });

  test('RFC 8914 §2, §6: an error in a question changes nothing', () => {
    const asked = (options: { code: number; data: Uint8Array }[]): Uint8Array => {
      const questions = [{ name: Name.parse('example.com.'), type: 6, class: Class.IN }];
      const edns = { udpSize: 1232, version: 0, do: false, options };
      return respond(zones, encodeMessage(newMessage({ id: 1, questions, edns })))!;
    };
    const bogus = { code: OptionCode.ede, data: Uint8Array.of(0, 6, 0x6e, 0x6f, 0) };
    expect(asked([bogus, bogus])).toEqual(asked([]));
  });

  test('RFC 8914 §3: an error that does not fit is left out, and TC says so', () => {
    const nsid = { code: OptionCode.nsid, data: new Uint8Array(0) };
    const edns = { udpSize: 512, version: 0, do: false, options: [nsid] };
    const name = Name.parse(`${`${'n'.repeat(63)}.`.repeat(3)}${'n'.repeat(61)}.`);
    const query = encodeMessage(newMessage({ id: 1, questions: [{ name, type: 1, class: Class.IN }], edns }));
    const flags = (identity: number): { tc: boolean; errors: string[] } => {
      const features = { ...noFeatures, identity: new Uint8Array(identity) };
      const octets = respond(zones, query, { features })!;
      expect(octets.length).toBeLessThanOrEqual(512);
      const message = decodeMessage(octets);
      return { tc: message.flags.tc, errors: errorsOf(message) };
    };
    expect(flags(220)).toEqual({ tc: false, errors: ['0014'] });
    expect(flags(221)).toEqual({ tc: true, errors: [] });
  });
});
