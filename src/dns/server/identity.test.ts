import { beforeAll, describe, expect, test } from 'vitest';
import { respond } from '../../../test/kit/dns-case.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import type { AnswerContext } from './answer.ts';
import { type Features, noFeatures } from './features.ts';
import type { ZoneSet } from './zone-set.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

let zones: ZoneSet;
beforeAll(() => {
  zones = zoneSet([
    imageOf('$ORIGIN example.com.\n@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600\n@ 60 NS ns1\n'),
  ]);
});

interface Asked {
  name?: string;
  type?: number;
  qclass?: number;
  option?: { code: number; data: Uint8Array };
  transport?: AnswerContext['transport'];
}

function ask(offered: Partial<Features>, asked: Asked): Message {
  const { name = 'example.com.', type = Type.TXT, qclass = Class.IN, option, transport = 'udp' } = asked;
  const query = newMessage({
    id: 1,
    questions: [{ name: Name.parse(name), type, class: qclass }],
    edns: { udpSize: 1232, version: 0, do: false, options: option ? [option] : [] },
  });
  const features = { ...noFeatures, ...offered };
  return decodeMessage(respond(zones, encodeMessage(query), { features, transport })!);
}

describe('class CH (RFC 4892 §2)', () => {
  // RFC 4343 §3.3: names have no case in any class.
  const offered = { identity: text('ns1'), version: text('mine') };

  test.each([
    ['version.bind.', 'mine'],
    ['VERSION.Server.', 'mine'],
    ['id.server.', 'ns1'],
    ['hostname.bind.', 'ns1'],
  ])('%s is "%s"', (name, says) => {
    const { answers, rcode } = ask(offered, { name, qclass: Class.CH });
    expect(rcode).toBe(Rcode.NOERROR);
    expect(answers).toMatchObject([
      { type: Type.TXT, class: Class.CH, ttl: 0, rdata: Uint8Array.of(says.length, ...text(says)) },
    ]);
  });

  test.each([
    ['what was not said to be told (RFC 4892 §3, §5)', {}, { name: 'version.bind.' }],
    ['another type', offered, { name: 'version.bind.', type: Type.A }],
    ['another name', offered, { name: 'authors.bind.' }],
    ['our own zones', offered, {}],
  ])('refuses %s', (_what, features, asked) => {
    const message = ask(features, { ...asked, qclass: Class.CH });
    expect(message).toMatchObject({ rcode: Rcode.REFUSED, answers: [] });
    expect(message.edns!.options).toEqual([{ code: 15, data: Uint8Array.of(0, 21) }]);
  });
});

describe('NSID (RFC 5001)', () => {
  const option = { code: 3, data: new Uint8Array(0) };

  test('RFC 5001 §2.2: who asks is told, and nobody else', () => {
    const identity = text('ns1');
    expect(ask({ identity }, { option }).edns!.options).toEqual([{ code: 3, data: identity }]);
    expect(ask({ identity }, {}).edns!.options).toEqual([]);
    expect(ask({}, { option }).edns!.options).toEqual([]);
  });

  test('RFC 5001 §2.2: a payload in the question is ignored', () => {
    const identity = text('ns1');
    const asked = { option: { code: 3, data: text('who are you?') } };
    expect(ask({ identity }, asked).edns!.options).toEqual([{ code: 3, data: identity }]);
    expect(ask({}, asked).edns!.options).toEqual([]);
  });

  test('RFC 5001 §2.3, §2.4: it is any octets, and not ended by one of them', () => {
    const identity = Uint8Array.of(0, 0xff, 0, 0x6e);
    expect(ask({ identity }, { option }).edns!.options).toEqual([{ code: 3, data: identity }]);
  });

  test('RFC 5001 §3.4: what does not fit beside the question is left out', () => {
    const features = { ...noFeatures, identity: new Uint8Array(255).fill(0x6e) };
    const optionsFor = (name: string): number => {
      const questions = [{ name: Name.parse(name), type: Type.A, class: Class.IN }];
      const edns = { udpSize: 512, version: 0, do: false, options: [option] };
      const response = respond(zones, encodeMessage(newMessage({ id: 1, questions, edns })), { features })!;
      expect(response.length).toBeLessThanOrEqual(512);
      return decodeMessage(response).edns!.options.length;
    };
    expect(optionsFor('example.com.')).toBe(1);
    expect(optionsFor(`${'nnnnnnnnn.'.repeat(23)}example.com.`)).toBe(0);
  });
});

describe('keepalive', () => {
  const option = { code: 11, data: new Uint8Array(0) };
  const idle = () => 12_340;

  test('RFC 7828 §3.3.2: says in tenths of seconds how long a silent connection stays open', () => {
    const message = ask({ idle }, { option, transport: 'tcp' });
    expect(message.edns!.options).toEqual([{ code: 11, data: Uint8Array.of(0, 123) }]);
    expect(ask({ idle }, { transport: 'tcp' }).edns!.options).toEqual([]);
  });

  test('RFC 7828 §3.3.1: is ignored over UDP', () => {
    expect(ask({ idle }, { option }).edns!.options).toEqual([]);
  });
});
