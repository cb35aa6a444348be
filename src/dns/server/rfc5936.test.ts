import { describe, expect, test } from 'vitest';
import { testRequests } from '../../../test/kit/test-requests.ts';
import { imageOf } from '../../../test/kit/test-zone.ts';
import { epochSeconds, FakeClock } from '../../core/clock.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { signRequest, type TsigKey } from '../message/tsig.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { printRecord } from '../zonefile/print.ts';

/* RFC 5936: what a whole zone transfer is, message by message. */

const TEXTS = 400;
const zone = `$ORIGIN example.com.
$TTL 300
@ SOA ns1 hostmaster 7 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
Mail.Example.COM. A 192.0.2.25
@ MX 10 MAIL
@ MX 20 mail
child NS ns.child
child NS ns.elsewhere.example.
child DS 12345 13 2 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
ns.child A 192.0.2.2
ns.child AAAA 2001:db8::2
www.child TXT "occluded by a delegation"
old DNAME new
x.old TXT "occluded by a DNAME"
srv SRV 0 1 25 mail
zz TYPE65280 \\# 4 01020304
${Array.from({ length: TEXTS }, (_, n) => `host${n} TXT "${String(n).padStart(3, '0')}${'x'.repeat(200)}"`).join('\n')}
`;
/** The zone below the cut, which is here as well, and says something else of itself. */
const child = `$ORIGIN child.example.com.
$TTL 300
@ SOA ns hostmaster 1 7200 3600 1209600 600
@ NS ns
ns A 192.0.2.99
www A 192.0.2.98
`;

const clock = new FakeClock();
const key: TsigKey = {
  ...{ name: Name.parse('xfr.example'), algorithm: 'hmac-sha256' },
  secret: Buffer.alloc(32, 3),
};
const requests = testRequests(
  [imageOf(zone), imageOf(child)],
  {
    keys: [{ name: 'xfr.example', algorithm: key.algorithm, secret: key.secret, zones: 'all' }],
    addresses: ['192.0.2.53'],
  },
  clock,
);

const axfr = (name: string, fields: Partial<Message> = {}): Uint8Array =>
  encodeMessage(
    newMessage({
      id: 0xbeef,
      questions: [{ name: Name.parse(name), type: Type.AXFR, class: Class.IN }],
      ...fields,
    }),
  );
const transfer = (query: Uint8Array, how?: Parameters<typeof requests.ask>[1]): Message[] =>
  requests.ask(query, how).map(decodeMessage);
const recordsOf = (messages: readonly Message[]): string[] =>
  messages.flatMap(({ answers }) => answers).map(printRecord);

const whole = transfer(axfr('example.com'));
const records = recordsOf(whole);

describe('RFC 5936 §2.2: the messages of a transfer', () => {
  test('RFC 5936 §2.2: the first begins with the SOA, the last ends with it, and it is nowhere else', () => {
    expect(whole.length).toBeGreaterThan(3);
    const isSoa = records.map((line) => line.includes('SOA'));
    expect(isSoa.flatMap((is, at) => (is ? [at] : []))).toEqual([0, records.length - 1]);
    expect(records.at(-1)).toBe(records[0]);
  });

  test('RFC 5936 §2.2: each record is sent once', () => {
    expect(new Set(records).size).toBe(records.length - 1);
  });

  test('RFC 5936 §2.2, §7.1: each but the last has as many records as are worth a message', () => {
    for (const { answers } of whole.slice(0, -1)) expect(answers.length).toBeGreaterThan(50);
  });

  test('RFC 5936 §2.2.2: the question is copied into the first', () => {
    expect(whole[0]!.questions).toMatchObject([{ type: Type.AXFR, class: Class.IN }]);
    expect(whole[0]!.questions[0]!.name.toText()).toBe('example.com');
  });

  test('RFC 5936 §2.2.4: nothing stands in the authority section', () => {
    expect(whole.flatMap(({ authorities }) => authorities)).toEqual([]);
  });
});

describe('RFC 5936 §2.2.1: the header', () => {
  const set = { aa: true, tc: true, rd: true, ra: true, ad: true, cd: true };
  const answered = { qr: true, aa: true, tc: false, ra: false, ad: false, cd: false };
  test.each([
    ['RFC 5936 §2.2.1: id and RD are those of the query, AA is set and nothing else', {}, false],
    ['RFC 5936 §2.1.1: flags of the query mean nothing', { flags: { qr: false, ...set } }, true],
  ])('%s', (_what, fields, rd) => {
    const query = axfr('example.com', fields);
    // Z, which no message of ours can be given.
    query[3]! |= 0x40;
    const octets = requests.ask(query);
    expect(octets.length).toBeGreaterThan(1);
    for (const bytes of octets) {
      expect(decodeMessage(bytes)).toMatchObject({
        ...{ id: 0xbeef, opcode: 0, rcode: Rcode.NOERROR, flags: { ...answered, rd } },
      });
      expect(bytes[3]! & 0x40).toBe(0);
    }
  });

  test('RFC 5936 §2.2.1: a zone that is not here is NOTAUTH, in one message with the question, and CD and AD are 0', () => {
    for (const name of ['elsewhere.example', 'host1.example.com']) {
      const messages = transfer(axfr(name, { flags: { qr: false, ...set } }));
      expect(messages).toMatchObject([
        {
          ...{ id: 0xbeef, rcode: Rcode.NOTAUTH, questions: [{ type: Type.AXFR }], answers: [] },
          flags: { qr: true, tc: false, ad: false, cd: false },
        },
      ]);
    }
  });
});

describe('RFC 5936 §2.2.5: the additional section', () => {
  const edns = { udpSize: 1232, version: 0, do: false, options: [] };
  test('RFC 5936 §2.2.5: an OPT is answered by one in the first message, and none is sent to who sent none', () => {
    const [first] = transfer(axfr('example.com', { edns }));
    expect(first!.edns).toMatchObject({ version: 0 });
    expect(whole.every((message) => message.edns === undefined)).toBe(true);
  });

  test('RFC 5936 §2.2.5: to a signed query each message is signed', () => {
    const { message, session } = signRequest(axfr('example.com'), key, epochSeconds(clock));
    const octets = requests.ask(message, { client: '192.0.2.99' });
    expect(octets).toHaveLength(whole.length);
    for (const [at, bytes] of octets.entries()) {
      expect(decodeMessage(bytes).additionals).toMatchObject([{ type: Type.TSIG }]);
      expect(session.verify(bytes, epochSeconds(clock), at === octets.length - 1)).toBeUndefined();
    }
  });
});

describe('RFC 5936 §3: the contents', () => {
  test.each([
    [
      'RFC 5936 §3.1: every record',
      `host${TEXTS - 1}.example.com. 300 IN TXT "${TEXTS - 1}${'x'.repeat(200)}"`,
    ],
    [
      'RFC 5936 §3.2: the NS at a cut that this zone has',
      'child.example.com. 300 IN NS ns.elsewhere.example.',
    ],
    ['RFC 5936 §3.3: glue that this zone has', 'ns.child.example.com. 300 IN A 192.0.2.2'],
    ['RFC 5936 §3.3: glue of any family', 'ns.child.example.com. 300 IN AAAA 2001:db8::2'],
    [
      'RFC 5936 §3.5: what a delegation occludes',
      'www.child.example.com. 300 IN TXT "occluded by a delegation"',
    ],
    ['RFC 5936 §3.5: what a DNAME occludes', 'x.old.example.com. 300 IN TXT "occluded by a DNAME"'],
  ])('%s', (_what, line) => {
    expect(records).toContain(line);
  });

  test('RFC 5936 §3.2, §3.3: what the zone below says of itself is not in it', () => {
    for (const foreign of ['192.0.2.98', '192.0.2.99']) expect(records.join()).not.toContain(foreign);
    expect(records.filter((line) => line.startsWith('child.example.com.'))).toHaveLength(3);
  });

  test('RFC 5936 §3.4: names keep their case, whatever other names are written with, and the query too', () => {
    for (const lines of [records, recordsOf(transfer(axfr('EXAMPLE.com')))]) {
      expect(lines).toContain('Mail.Example.COM. 300 IN A 192.0.2.25');
      expect(lines).toContain('example.com. 300 IN MX 10 MAIL.example.com.');
      expect(lines).toContain('example.com. 300 IN MX 20 mail.example.com.');
      expect(lines.filter((line) => line.includes('EXAMPLE'))).toEqual([]);
    }
  });

  test('RFC 5936 §3.4: names in rdata are compressed where RFC 3597 §4 has it, and nowhere else', () => {
    const octets = Buffer.concat(requests.ask(axfr('example.com')));
    const srv = Buffer.concat([Buffer.of(0, 0, 0, 1, 0, 25), Name.parse('mail.example.com').wire]);
    expect(octets.includes(srv)).toBe(true);
    expect(octets.includes(Name.parse('ns1.example.com').wire)).toBe(false);
  });
});

test('RFC 5936 §4.2: there is none over UDP', () => {
  expect(transfer(axfr('example.com'), { transport: 'udp' })).toMatchObject([
    { rcode: Rcode.REFUSED, answers: [] },
  ]);
});

describe('RFC 5936 §5: who may have it', () => {
  test('RFC 5936 §5: nobody, unless it is said who', () => {
    const closed = testRequests([imageOf(child)], undefined, clock);
    expect(closed.ask(axfr('child.example.com')).map(decodeMessage)).toMatchObject([
      { rcode: Rcode.REFUSED, answers: [] },
    ]);
  });

  test('RFC 5936 §5: who has an address that is named, or a key', () => {
    expect(transfer(axfr('example.com'), { client: '192.0.2.54' })).toMatchObject([
      { rcode: Rcode.REFUSED, answers: [] },
    ]);
    expect(transfer(axfr('example.com'), { client: '192.0.2.53' })).toHaveLength(whole.length);
    const { message } = signRequest(axfr('example.com'), key, epochSeconds(clock));
    expect(transfer(message, { client: '192.0.2.54' })).toHaveLength(whole.length);
  });
});
