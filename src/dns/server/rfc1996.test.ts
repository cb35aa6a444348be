import { beforeEach, describe, expect, test } from 'vitest';
import { respond } from '../../../test/kit/dns-case.ts';
import { testRequests } from '../../../test/kit/test-requests.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { epochSeconds, FakeClock } from '../../core/clock.ts';
import { noFlags } from '../message/header.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { signRequest, type TsigKey } from '../message/tsig.ts';
import { rdataFromText } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import { Class, Opcode, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import type { NotifyQuestion } from './questions.ts';

/* RFC 1996: what is answered to NOTIFY, and what the control plane is told. */

const zone = Name.parse('example.com');
const clock = new FakeClock();
const key: TsigKey = {
  ...{ name: Name.parse('xfr.example'), algorithm: 'hmac-sha256' },
  secret: Buffer.alloc(32, 3),
};
const requests = testRequests(
  [imageOf('$ORIGIN example.org.\n@ 300 SOA ns1 hostmaster 7 1 1 1 1\n@ 300 NS ns1\n')],
  {
    keys: [{ name: 'xfr.example', algorithm: key.algorithm, secret: key.secret, zones: [] }],
    ...{ addresses: [], primaries: ['192.0.2.53'] },
  },
  clock,
);
beforeEach(() => {
  requests.asked.length = 0;
  requests.control = () => Rcode.NOERROR;
});

const soa = {
  ...{ owner: zone, type: Type.SOA, class: Class.IN, ttl: 60 },
  rdata: rdataFromText(Type.SOA, 'ns1.example.com. hostmaster.example.com. 42 1 1 1 1'),
};
const a = { owner: zone, type: Type.A, class: Class.IN, ttl: 60, rdata: Uint8Array.of(192, 0, 2, 1) };

const notify = (fields: Partial<Message> = {}): Uint8Array =>
  encodeMessage(
    newMessage({
      ...{ id: 0xbeef, opcode: Opcode.NOTIFY, questions: [{ name: zone, type: Type.SOA, class: Class.IN }] },
      ...{ flags: { aa: true, qr: false }, ...fields },
    }),
  );
const send = (message: Uint8Array, how?: Parameters<typeof requests.ask>[1]): Message =>
  decodeMessage(requests.ask(message, how)[0]!);
const told = (): NotifyQuestion[] => requests.asked as NotifyQuestion[];

describe('RFC 1996: a NOTIFY of a primary', () => {
  test.each(['udp', 'tcp'] as const)(
    'RFC 1996 §4.7: is answered with its id and question, QR, AA and NOERROR, over %s',
    (transport) => {
      expect(send(notify(), { transport })).toEqual({
        ...decodeMessage(notify()),
        flags: { qr: true, aa: true, tc: false, rd: false, ra: false, ad: false, cd: false },
      });
      expect(told()).toMatchObject([{ what: 'notify', client: '192.0.2.53', serial: undefined }]);
      expect(Name.fromWire(told()[0]!.zone).equals(zone)).toBe(true);
    },
  );

  test('RFC 1996 §3.7: may have the new SOA as a hint', () => {
    send(notify({ answers: [soa] }));
    // The SOA of another zone is none.
    send(notify({ answers: [{ ...soa, owner: Name.parse('example.net') }] }));
    expect(told().map(({ serial }) => serial)).toEqual([42, undefined]);
  });

  test('RFC 1996 §3.9: is heard whatever stands in its authority and additional section', () => {
    expect(send(notify({ authorities: [soa, a], additionals: [a] }))).toMatchObject({ rcode: Rcode.NOERROR });
    expect(told()).toMatchObject([{ serial: undefined }]);
  });

  test('RFC 1996 §3.11: is of the SOA, and FORMERR when it is of something else', () => {
    const questions = [{ name: zone, type: Type.A, class: Class.IN }];
    expect(send(notify({ questions }))).toMatchObject({ rcode: Rcode.FORMERR });
    expect(told()).toEqual([]);
  });

  test('RFC 1996 §3.10: has no effect when it comes from somebody else, and is refused', () => {
    expect(send(notify(), { client: '192.0.2.54' })).toMatchObject({
      opcode: Opcode.NOTIFY,
      rcode: Rcode.REFUSED,
    });
    expect(told()).toEqual([]);
    requests.control = () => Rcode.REFUSED;
    expect(send(notify())).toMatchObject({ opcode: Opcode.NOTIFY, rcode: Rcode.REFUSED });
  });

  test('RFC 1996 §3.10: is known by its key, too, and answered with a signature', () => {
    const { message, session } = signRequest(notify(), key, epochSeconds(clock));
    const [bytes] = requests.ask(message, { client: '192.0.2.54' });
    expect(session.verify(bytes!, epochSeconds(clock), true)).toBeUndefined();
    expect(decodeMessage(bytes!)).toMatchObject({ rcode: Rcode.NOERROR });
    expect(told()).toMatchObject([{ key: 'xfr.example' }]);
  });

  test('RFC 1996 §3.3: a response is not answered', () => {
    const message = notify({ flags: { ...noFlags, qr: true } });
    expect(respond(zoneSet([]), message, { defers: true })).toBeUndefined();
  });
});
